"""How a pack is made: at once or in the background, in steps, by whom."""

import tracemalloc
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models import accountant_pack_building_mixin as building
from .accountant_pack_common import AccountantPackCommon


@tagged("post_install", "-at_install")
class TestPackMaking(AccountantPackCommon):
    def _ask(self):
        """A pack that is too large to be made at once."""
        pack = self._create_pack()
        with patch.object(building, "AT_ONCE_PRINTS", 0):
            pack.action_make()
        return pack

    def _get_notices(self):
        notices = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.biller.partner_id.id)]
        )
        return notices.mail_message_id.mapped("subject")

    def test_a_large_pack_is_made_in_the_background_and_the_user_is_told(self):
        self._create_invoice()
        pack = self._ask()
        self.assertEqual(pack.state, "waiting")
        self.assertFalse(self.printed)
        self._run_pack_cron()
        self.assertEqual(pack.state, "done")
        self.assertEqual(
            self._get_notices(), ["Accountant's Pack February 2027 is ready."]
        )

    def test_it_is_printed_in_steps_with_its_progress(self):
        for _n in range(3):
            self._create_invoice()
        pack = self._ask()
        with patch.object(building, "PRINT_STEP", 2):
            self.assertFalse(pack.sudo()._work())
            self.assertEqual((pack.printed_count, pack.to_print_count), (2, 3))
            self.assertAlmostEqual(pack.progress, 66.7, 1)
            self.assertTrue(pack.sudo()._work())
        self.assertEqual(len(self.printed), 3)

    def test_what_changes_after_it_was_printed_is_printed_again(self):
        invoices = [self._create_invoice() for _n in range(3)]
        pack = self._ask()
        with patch.object(building, "PRINT_STEP", 2):
            pack.sudo()._work()
            invoices[0].button_draft()
            invoices[0].invoice_line_ids.price_unit = 9
            invoices[0].action_post()
            while not pack.sudo()._work():
                pass
        self.assertEqual(self.printed.count(invoices[0].name), 2)
        self.assertEqual(self.printed.count(invoices[1].name), 1)

    def test_what_is_cancelled_meanwhile_is_left_out(self):
        invoices = [self._create_invoice() for _n in range(3)]
        pack = self._ask()
        with patch.object(building, "PRINT_STEP", 2):
            pack.sudo()._work()
            invoices[0].button_draft()
            pack.sudo()._work()
        self.assertEqual(pack.document_count, 2)
        self.assertNotIn(invoices[0].name, str(self._get_names(pack)))

    def test_a_failure_is_told_and_can_be_tried_again(self):
        self._create_invoice()
        bad = self._ask()
        with (
            patch.object(
                type(bad), "_write_archive", side_effect=OSError("disk is full")
            ),
            mute_logger(building.__name__),
        ):
            self._run_pack_cron()
        self.assertEqual((bad.state, bad.error), ("failed", "disk is full"))
        self.assertIn("could not be made", self._get_notices()[0])
        bad.action_make()
        self.assertEqual(bad.state, "done")

    def test_printed_files_are_not_kept_twice(self):
        self._create_invoice()
        pack = self._make()
        self.assertFalse(pack.document_ids._get_printed_files())

    def test_a_deleted_pack_leaves_no_file(self):
        self._create_invoice()
        pack = self._make()
        file = pack.sudo().zip_id
        pack.unlink()
        self.assertFalse(file.exists())

    def test_a_pack_that_is_made_is_not_made_again(self):
        pack = self._make()
        with self.assertRaisesRegex(UserError, "“Ready”"):
            pack.action_make()
        with self.assertRaisesRegex(UserError, "Make Again"):
            pack.date_from = "2027-01-01"


@tagged("post_install", "-at_install", "slow", "release")
class TestPackCosts(AccountantPackCommon):
    """Memory and statements: flat, however many documents."""

    #: Bytes of one stored PDF; all of them together are many times what is allowed.
    SIZE = 100_000
    #: Bytes in memory at once, over all documents.
    MOST = 6_000_000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(110):
            day = "2027-01-10" if number < 10 else "2027-02-10"
            invoice = cls._create_invoice(day)
            content = f"%PDF {number} ".encode() + b"\0" * cls.SIZE
            cls._store_file(invoice, content)

    def test_files_pass_through_memory_one_at_a_time(self):
        self._make(period="custom", date_from="2027-01-01", date_to="2027-01-31")
        pack = self._create_pack()
        self.env.flush_all()
        self.env.invalidate_all()
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        pack.action_make()
        _now, peak = tracemalloc.get_traced_memory()
        self.assertEqual(pack.file_count, 100)
        self.assertGreater(pack.zip_size, 100 * self.SIZE)
        self.assertLess(peak, self.MOST)

    def test_statements_do_not_grow_with_the_number_of_documents(self):
        self._make(period="custom", date_from="2027-01-01", date_to="2027-01-31")
        counts = []
        for month, last in (("01", 31), ("02", 28)):
            pack = self._create_pack(
                period="custom",
                date_from=f"2027-{month}-01",
                date_to=f"2027-{month}-{last}",
            )
            with self.counting() as counted:
                pack.action_make()
            counts.append(counted.statements)
        self.assertLessEqual(counts[1], counts[0] + 9)

    def test_so_does_the_list_of_packs(self):
        counts = []
        names = ["name", "document_count", "mail_delivery_state", "state", "progress"]
        for number in (10, 100):
            packs = self.env["accountant.pack"].sudo().create([{}] * number)
            with self.counting() as counted:
                packs.with_user(self.biller).read(names)
            counts.append(counted.statements)
        self.assertLessEqual(counts[1], counts[0] + 1)


@tagged("post_install", "-at_install")
class TestPackRights(AccountantPackCommon):
    people = ("stranger", "reader", "portal")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_invoice()

    def test_only_people_who_bill_make_and_download_packs(self):
        pack = self._make()
        for user in (self.reader, self.stranger, self.portal):
            own = pack.with_user(user)
            for name in (
                "action_make",
                "action_make_again",
                "action_download",
                "action_send",
                "action_send_again",
                "action_close_link",
                "action_view_documents",
            ):
                with self.subTest(f"{user.login} {name}"):
                    self.assertRaises(AccessError, getattr(own, name))
            self.assertFalse(
                self.env["ir.attachment"]
                .with_user(user)
                .search([("id", "=", pack.sudo().zip_id.id)])
            )

    def test_figures_and_files_are_written_by_nobody(self):
        pack = self._make()
        for values in (
            {"state": "draft"},
            {"zip_id": False},
            {"document_count": 9},
            {"user_id": self.biller.id},
            {"link_until": "2030-01-01"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                pack.write(values)
            with self.subTest(values), self.assertRaises(AccessError):
                self._create_pack(**values)

    def test_the_token_of_the_link_is_read_by_nobody(self):
        with self.assertRaises(AccessError):
            self._make().read(["access_token"])


@tagged("post_install", "-at_install")
class TestPackDownload(AccountantPackCommon, HttpCase):
    people = ("stranger",)

    def setUp(self):
        super().setUp()
        self._create_invoice()
        self.pack = self._make()
        self.env.flush_all()

    def _get(self, user):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/recurring_billing/accountant_pack/{self.pack.id}")

    def test_the_file_arrives(self):
        response = self._get(self.biller)
        self.assertEqual(response.content, self.pack.sudo().zip_id.raw)
        self.assertIn(
            "Recurring Co 2027-02-01 2027-02-28.zip",
            response.headers["Content-Disposition"],
        )
        url = self.pack.action_download()["params"]["url"]
        self.assertEqual(url, f"/recurring_billing/accountant_pack/{self.pack.id}")

    def test_strangers_get_nothing(self):
        with self.assertLogs("odoo.http", "WARNING"):
            self.assertEqual(self._get(self.stranger).status_code, 403)

    def test_a_link_opens_without_login_until_it_ends(self):
        self.pack.sudo()._open_link()
        self.env.flush_all()
        url = self.pack.share_url
        self.assertIn("/recurring_billing/accountant_pack/link/", url)
        path = url[url.index("/recurring_billing") :]
        self.authenticate(None, None)
        response = self.url_open(path)
        self.assertEqual(response.content, self.pack.sudo().zip_id.raw)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(self.url_open(f"{path}x").status_code, 404)
        self.clock.move_to("2027-04-15 10:00:00")
        ended = self.url_open(path)
        self.assertEqual(ended.status_code, 404)
        self.assertIn("does not work any more", ended.text)

    def test_a_link_can_be_closed(self):
        self.pack.sudo()._open_link()
        path = self.pack.share_url[self.pack.share_url.index("/recurring_billing") :]
        self.pack.action_close_link()
        self.env.flush_all()
        self.authenticate(None, None)
        self.assertEqual(self.url_open(path).status_code, 404)
        self.pack.invalidate_recordset()
        self.assertFalse(self.pack.share_url)

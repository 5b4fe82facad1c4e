"""The pack by e-mail: by click, and by itself on a day of the month."""

from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import accountant_pack_sharing_mixin as sharing
from .accountant_pack_common import AccountantPackCommon

SCHEDULE = "odoo.addons.recurring_billing.models.accountant_pack_schedule_mixin"


@tagged("post_install", "-at_install")
class TestPackSending(AccountantPackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_customer(name="Ana Ledger")
        cls._create_invoice()

    def _get_deliveries(self, pack):
        return (
            self.env["document.delivery"]
            .sudo()
            .search([("res_model", "=", pack._name), ("res_id", "=", pack.id)])
        )

    def _deliver(self, pack):
        """The mail that the sending makes."""
        delivery = self._get_deliveries(pack)[:1]
        delivery.env["document.sender"]._queue_all(delivery)
        self.assertFalse(delivery.reason)
        return delivery.mail_mail_id

    def test_a_small_pack_is_attached(self):
        pack = self._make(partner_id=self.accountant.id, send_when_ready=True)
        mail = self._deliver(pack)
        self.assertIn("ana.ledger@example.com", mail.email_to)
        self.assertEqual(mail.subject, "Recurring Co: Accountant's Pack February 2027")
        (file,) = mail.attachment_ids
        self.assertEqual(file.raw, pack.sudo().zip_id.raw)
        self.assertIn("The file is attached", mail.body_html)
        self.assertFalse(pack.share_url)

    def test_a_large_pack_comes_as_a_link(self):
        pack = self._make(partner_id=self.accountant.id)
        with patch.object(sharing, "ATTACH_LIMIT", 10):
            pack.action_send()
        mail = self._deliver(pack)
        self.assertFalse(mail.attachment_ids)
        self.assertIn(pack.share_url, mail.body_html)
        self.assertGreater(len(pack.sudo().access_token), 40)

    def test_it_can_be_sent_again(self):
        pack = self._make(partner_id=self.accountant.id)
        pack.action_send()
        pack.action_send_again()
        self.assertEqual(len(self._get_deliveries(pack)), 2)
        self.assertEqual(pack._get_document_kind().code, "report")

    def test_without_an_address_it_is_said_so(self):
        nobody = self._create_customer(name="Nobody", email=False)
        pack = self._make(partner_id=nobody.id)
        with self.assertRaisesRegex(UserError, "with an e-mail address"):
            pack.action_send()


@tagged("post_install", "-at_install")
class TestPackSchedule(AccountantPackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_customer(name="Ana Ledger")
        cls._create_invoice()

    def _switch_on(self, day):
        self.company.write(
            {
                "accountant_pack_day": day,
                "accountant_pack_partner_id": self.accountant.id,
            }
        )

    def _get_packs(self):
        return self.env["accountant.pack"].search(
            [("automatic", "=", True), ("company_id", "=", self.company.id)], order="id"
        )

    def assertPacks(self, *months):
        self.assertEqual([str(p.date_from)[:7] for p in self._get_packs()], [*months])

    def test_nothing_is_made_until_a_day_is_set(self):
        self._run_pack_cron("2027-06-01 10:00:00")
        self.assertPacks()

    def test_switching_it_on_mails_nothing_at_once(self):
        self._switch_on(15)  # it is the 15th
        self._run_pack_cron()
        self.assertPacks()
        self.assertEqual(str(self.company.accountant_pack_next_date), "2027-04-15")

    def test_the_month_before_goes_out_on_its_day_once(self):
        self._switch_on(5)
        self._run_pack_cron("2027-04-04 21:00:00")
        self.assertPacks()
        self._run_pack_cron("2027-04-05 04:00:00")
        self._run_pack_cron("2027-04-05 05:00:00")
        self.assertPacks("2027-03")
        pack = self._get_packs()
        self.assertEqual((pack.state, pack.partner_id), ("done", self.accountant))
        self.assertEqual(pack.mail_delivery_state, "queued")

    def test_the_day_begins_where_the_company_is(self):
        self._switch_on(5)
        self._run_pack_cron("2027-04-04 22:30:00")  # 00:30 in Madrid
        self.assertPacks("2027-03")

    def test_missed_months_are_caught_up(self):
        self._switch_on(31)
        self._run_pack_cron("2027-06-10 10:00:00")
        self.assertPacks("2027-02", "2027-03", "2027-04")
        self.assertEqual(str(self.company.accountant_pack_next_date), "2027-06-30")

    def test_the_database_refuses_a_second_one(self):
        self._switch_on(5)
        self._run_pack_cron("2027-04-05 10:00:00")
        self.company.accountant_pack_next_date = "2027-04-05"
        self._run_pack_cron()
        self.assertPacks("2027-03")

    def test_a_company_that_fails_harms_no_other(self):
        other = self._create_billing_company(name="Other Co")
        self._switch_on(5)
        other.write(
            {
                "accountant_pack_day": 5,
                "accountant_pack_partner_id": self.accountant.id,
            }
        )
        pack = type(self.env["accountant.pack"])
        create = pack._create_automatic

        def fail_for_one(packs, company, day):
            if company == other:
                raise ValueError("broken")
            create(packs, company, day)

        with (
            patch.object(pack, "_create_automatic", fail_for_one),
            mute_logger(SCHEDULE),
        ):
            self._run_pack_cron("2027-04-05 10:00:00")
        self.assertPacks("2027-03")
        self.assertEqual(str(other.accountant_pack_next_date), "2027-04-05")

    def test_the_day_needs_an_accountant_with_an_address(self):
        with self.assertRaises(ValidationError):
            self.company.accountant_pack_day = 5
        self.accountant.email = False
        with self.assertRaises(ValidationError):
            self._switch_on(5)

    def test_days_are_1_to_31(self):
        for day in (-1, 32):
            with self.subTest(day), self.assertRaises(ValidationError):
                self._switch_on(day)

    def test_zero_switches_it_off(self):
        self._switch_on(5)
        self.company.accountant_pack_day = 0
        self._run_pack_cron("2027-04-05 10:00:00")
        self.assertPacks()
        self.assertFalse(self.company.accountant_pack_next_date)

"""This Odoo as the ERP, the way by e-mail, who may do what, and what stays secret."""

import logging
from pathlib import Path

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.module import get_module_path
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .erp_common import KEY, ErpCommon

_logger = logging.getLogger(__name__)


class TestErpThisOdoo(ErpCommon):
    channel_kind = "odoo"

    def test_the_order_is_confirmed_and_invoiced_here(self):
        order = self._create_order()
        answer = order.action_send_to_erp()
        self.assertEqual((order.state, order.erp_state), ("sale", "sent"))
        self.assertEqual(order.erp_number, order.name)
        self.assertIn("This Odoo is the ERP", answer["params"]["message"])
        self.assertFalse(order.is_handed_over)
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertTrue(order.sudo()._create_invoices())
        self.assertEqual(self.receiver.got, [])

    def test_once_is_enough(self):
        order = self._create_order()
        order.action_send_to_erp()
        with self.assertRaisesRegex(UserError, "confirmed here already"):
            order.action_send_to_erp()

    def test_cancelling_needs_nobodys_consent(self):
        order = self._create_order()
        order.action_send_to_erp()
        order.action_cancel()
        self.assertTrue(order._is_cancellation_accepted())
        self.assertEqual(len(self._get_rows(order)), 1)


class TestErpByMail(ErpCommon, MailCase):
    channel_kind = "email"

    def _send_mails(self):
        with self.enter_registry_test_mode():
            self.env.ref("recurring_billing.ir_cron_send").method_direct_trigger()
            cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
            cron.method_direct_trigger()

    def test_sent_when_the_mail_server_has_it(self):
        order = self._create_confirmed()
        with self.mock_mail_gateway():
            row = self._hand_over(order)
            self.assertEqual(order.erp_state, "queued")
            self._send_mails()
        self.assertEqual(row.delivery_id.state, "sent", row.delivery_id.reason)
        self.assertEqual(order.erp_state, "sent")
        (mail,) = self._mails
        self.assertEqual(mail["email_to"], ['"Erp Mailbox" <erp@example.com>'])
        ((name, content, _type),) = mail["attachments"]
        self.assertEqual(name, f"{order.name}-v1.xml")
        self.assertEqual(content, row.attachment_id.raw)
        self.assertIn(row.idempotency_key, mail["body"])

    def test_failed_when_nobody_takes_it_and_tried_again(self):
        order = self._create_confirmed()
        with self.mock_mail_gateway():
            row = self._hand_over(order)
            row.delivery_id._update_state(
                ("queued",), "refused", reason="550 no such box"
            )
            self.assertEqual(order.erp_state, "failed")
            self.assertIn("550", order.erp_error)
            row.with_user(self.seller).action_retry()
            self._run_cron()
            self._send_mails()
        self.assertEqual(order.erp_state, "sent")
        self.assertEqual(len(self._mails), 1)

    def test_taken_back_the_mail_does_not_leave(self):
        order = self._create_confirmed()
        with self.mock_mail_gateway():
            row = self._hand_over(order)
            order.action_cancel()
            self._send_mails()
        self.assertEqual((row.state, self._mails), ("void", []))
        self.assertTrue(order._is_cancellation_accepted())


class TestErpRights(ErpCommon):
    people = ("portal", "stranger", "seller", "manager", "configurer")

    def test_whoever_does_not_sell_cannot_hand_over(self):
        order = self._create_order()
        for name in ("portal", "stranger", "technician", "clerk", "configurer"):
            with self.subTest(name), self.assertRaises(AccessError):
                order.with_user(getattr(self, name)).action_send_to_erp()
        self.assertEqual(order.erp_state, "none")

    def test_a_clerk_hands_over_what_he_caused(self):
        order = self._create_order(user=self.clerk)
        order.with_user(self.clerk).action_send_to_erp()
        self.assertEqual(order.erp_state, "queued")

    def test_a_salesman_sees_and_sends_his_own(self):
        group = self.env.ref("sales_team.group_sale_salesman")
        other = self.seller.copy({"login": "own", "group_ids": [(6, 0, group.ids)]})
        order = self._create_order()
        with self.assertRaises(AccessError):
            order.with_user(other).action_send_to_erp()
        row = self._hand_over(order)
        Transmission = self.env["postsale.erp.transmission"]
        self.assertNotIn(row, Transmission.with_user(other).search([]))
        self.assertIn(row, Transmission.with_user(self.seller).search([]))
        self.assertIn(row, Transmission.with_user(self.clerk).search([]))

    def test_nobody_writes_the_ledger(self):
        order = self._create_order()
        order.action_send_to_erp()
        row = self._get_rows(order)
        for user in (self.manager, self.seller, self.env.ref("base.user_admin")):
            mine = row.with_user(user)
            for work in (
                lambda mine=mine: mine.write({"state": "sent"}),
                mine.unlink,
                mine.copy,
                lambda mine=mine: mine.attachment_id.write({"raw": b"x"}),
            ):
                with self.assertRaises(AccessError):
                    work()

    def test_a_stranger_presses_no_button_of_the_ledger(self):
        order = self._create_order()
        row = self._hand_over(order, (422, b""))
        for name in ("portal", "stranger", "technician", "clerk"):
            mine = row.with_user(getattr(self, name))
            for button in ("action_retry", "action_settle", "action_take_back"):
                with self.subTest(name, button=button), self.assertRaises(AccessError):
                    getattr(mine, button)()

    def test_states_are_shown_to_whoever_reads_the_order(self):
        order = self._create_order()
        order.action_send_to_erp()
        accountant = self._create_user_with("account.group_account_invoice")
        mine = order.with_user(accountant)
        self.assertEqual(mine.read(["erp_state"])[0]["erp_state"], "queued")
        self.assertNotIn("erp_transmission_ids", mine.fields_get())
        found = self.env["sale.order"].with_user(accountant)
        domain = [("id", "=", order.id), ("erp_state", "=", "queued")]
        self.assertEqual(found.search_count(domain), 1)

    def _create_user_with(self, group):
        group = self.env.ref(group)
        return self.seller.copy(
            {"login": "accountant", "group_ids": [(6, 0, group.ids)]}
        )

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.write({"company_ids": [(4, other.id)], "company_id": other.id})
        mine = self.env["postsale.erp.channel"].with_user(self.manager)
        mine = mine.with_context(allowed_company_ids=other.ids)
        self.assertNotIn(self.channel, mine.search([]))


class TestErpChannel(ErpCommon):
    def _as_manager(self):
        return self.channel.with_user(self.manager)

    def test_the_key_cannot_be_read(self):
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        channel = self._as_manager()
        channel.invalidate_recordset()
        self.assertEqual(self.channel.sudo().secret_key, KEY)
        self.assertNotIn(KEY, str(channel.read()))
        self.assertNotIn("secret_key", channel.fields_get())
        exported = channel.export_data(["name", "bearer_key"])
        self.assertNotIn(KEY, str(exported))
        row = self._hand_over(self._create_confirmed())
        Transmission = self.env["postsale.erp.transmission"].with_user(self.manager)
        for model, path in (
            (channel, "secret_key"),
            (Transmission, "channel_id.secret_key"),
        ):
            for domain in ([(path, "=like", "secret%")], [(path, "!=", False)]):
                with self.subTest(path), self.assertRaises(AccessError):
                    model.search(domain)
        with self.assertRaises(AccessError):
            channel.search([], order="secret_key")
        with self.assertRaises(AccessError):
            channel.write({"secret_key": "x"})
        for work in (
            lambda: channel.read(["secret_key"]),
            lambda: channel.mapped("secret_key"),
            lambda: channel.export_data(["secret_key"]),
            lambda: channel._read_group([], ["secret_key"]),
            lambda: Transmission.browse(row.id).export_data(["channel_id/secret_key"]),
            lambda: Transmission.search([], order="channel_id.secret_key"),
        ):
            self.assertNotIn(KEY, self._try(work))

    def _try(self, work):
        try:
            return str(work())
        except (AccessError, ValueError):
            return ""

    def test_the_key_is_not_in_the_log(self):
        order = self._create_confirmed()
        order.action_send_to_erp()
        with self.assertLogs(level="DEBUG") as logs:
            _logger.debug("so that there is something")
            self._run_cron()
        texts = [line for line in logs.output if "odoo.sql_db" not in line]
        self.assertNotIn(KEY, "\n".join(texts))

    def test_the_key_can_be_replaced_and_removed(self):
        channel = self._as_manager()
        channel.bearer_key = "another"
        self.assertEqual(self.channel.sudo().secret_key, "another")
        channel.bearer_key = False
        self.assertFalse(self.channel.sudo().secret_key)

    def test_another_address_forgets_the_key(self):
        channel = self._as_manager()
        channel.url = "https://erp.example.com/other"
        self.assertEqual(self.channel.sudo().secret_key, KEY)
        channel.url = "https://evil.example.com/orders"
        self.assertFalse(self.channel.sudo().secret_key)
        channel.write({"url": "https://new.example.com/", "bearer_key": "new"})
        self.assertEqual(self.channel.sudo().secret_key, "new")

    def test_a_key_that_would_break_out_of_its_header(self):
        for key in ("a\r\nX-Evil: 1", "a b", "schl\u00fcssel"):
            with self.subTest(key), self.assertRaises(ValidationError):
                self._as_manager().bearer_key = key

    def test_only_an_administrator_allows_a_host(self):
        with self.assertRaises(AccessError):
            self._as_manager().allowed_host = "erp.local"
        sneaky = self._as_manager().with_context(default_allowed_host="erp.local")
        made = sneaky.create({"name": "Sneaky", "url": "http://x", "active": False})
        self.assertFalse(made.allowed_host)
        admin = self.channel.with_user(self.env.ref("base.user_admin"))
        admin.write({"allowed_host": "erp.local", "url": "http://erp.local/in"})
        self.assertEqual(admin._get_target().scheme, "http")

    def test_an_address_that_is_none_is_refused(self):
        for url in ("http://erp.example.com", "https://a:b@erp.example.com", "x", ""):
            with self.subTest(url), self.assertRaises(ValidationError):
                self._as_manager().url = url

    def test_one_active_channel_for_each_company(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._create_channel("odoo").flush_recordset()

    def test_a_copied_database_hands_nothing_over(self):
        path = Path(get_module_path("postsale_contracts"), "data", "neutralize.sql")
        self.env.flush_all()
        self.env.cr.execute(path.read_text())
        self.env.invalidate_all()
        channel = self.channel.sudo()
        self.assertEqual(
            (channel.active, channel.url, channel.secret_key), (False, False, False)
        )


@tagged("slow", "release")
class TestErpBudget(ErpCommon):
    #: Statements for each further order.
    QUEUE, SEND = 20, 60

    def _count(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        counts = []
        for work in (orders.action_send_to_erp, self._run_rounds):
            before = self.cr.sql_log_count
            work()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(set(orders.mapped("erp_state")), {"sent"})
        return counts

    def _run_rounds(self):
        Transmission = self.env["postsale.erp.transmission"]
        while Transmission.search_count([("state", "=", "queued")]):
            self._run_cron()

    def test_the_cost_of_an_order_does_not_grow(self):
        orders = [self._create_confirmed() for _i in range(112)]
        batches = [
            self.orders.union(*part) for part in (orders[:2], orders[2:12], orders[12:])
        ]
        _first, few, many = (self._count(batch) for batch in batches)
        _logger.info("hand-over: %s statements for 10, %s for 100", few, many)
        for ten, hundred, budget in zip(
            few, many, (self.QUEUE, self.SEND), strict=True
        ):
            self.assertLessEqual(hundred / 100, ten / 10 * 1.05)
            self.assertLessEqual(hundred / 100, budget)

    def test_a_list_reads_the_states_of_all_at_once(self):
        orders = self.orders.union(*(self._create_confirmed() for _i in range(22)))
        names = ["erp_state", "erp_number", "erp_sent_date", "is_handed_over"]
        counts = []
        for part in (orders[:2], orders[2:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            part.read(names)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install", "slow")
class TestDeliverySendAgain(DeliveryCommon):
    """The clerk presses "Send Again"."""

    def _open(self, documents, **values):
        action = documents.with_user(self.biller).action_send_again()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.biller)
            .browse(action["res_id"])
        )
        wizard.write(values)
        return wizard

    def _new_rows(self, documents):
        return self.Delivery.search(
            [("res_id", "in", documents.ids), ("author_id", "=", self.biller.id)],
            limit=len(documents),
        )

    def test_same_addresses(self):
        first = self._issue(contact_ids=[Command.link(self.contact.id)])
        self._send(first)
        invoice = first._get_document()
        number = invoice.name
        self._open(invoice).action_send()
        again = self._new_rows(invoice)
        self.assertNotEqual(again, first)
        self.assertEqual(again.attempt_of_id, first)
        self.assertEqual(again.author_id, self.biller)
        server = self._send(again)
        self.assertEqual(
            server.received[0][0], ["office@azure.example", "brandon@azure.example"]
        )
        self.assertEqual(invoice.name, number)
        self.assertEqual(first.state, "sent")

    def test_other_addresses(self):
        first = self._issue()
        invoice = first._get_document()
        wizard = self._open(
            invoice,
            address_mode="other",
            partner_to_ids=[Command.set(self.contact.ids)],
            extra_cc="Tax Adviser <tax@adviser.example>",
            mail_text="As you asked",
        )
        wizard.action_send()
        again = self._new_rows(invoice)
        server = self._send(again)
        self.assertEqual(
            server.received[0][0], ["brandon@azure.example", "tax@adviser.example"]
        )
        self.assertIn("As you asked", again.mail_mail_id.body_html)

    def test_address_of_nobody_known(self):
        invoice = self._issue()._get_document()
        wizard = self._open(
            invoice,
            address_mode="other",
            partner_to_ids=[Command.clear()],
            extra_to="tax@adviser.example",
        )
        wizard.action_send()
        again = self._new_rows(invoice)
        server = self._send(again)
        self.assertEqual(again.state, "sent", again.reason)
        self.assertEqual(server.received[0][0], ["tax@adviser.example"])

    def test_double_click_sends_once(self):
        invoice = self._issue()._get_document()
        wizard = self._open(invoice)
        wizard.action_send()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            wizard.action_send()

    def test_again_and_again(self):
        invoice = self._issue()._get_document()
        self._open(invoice).action_send()
        self._open(invoice).action_send()
        self.assertEqual(self.Delivery.search_count([("res_id", "=", invoice.id)]), 3)

    def test_many_at_once_each_to_his_own_address(self):
        other = self.env["res.partner"].create(
            {"name": "Deco", "email": "d@deco.example"}
        )
        invoices = (
            self._issue()._get_document() | self._issue(partner=other)._get_document()
        )
        self._open(invoices).action_send()
        rows = self._new_rows(invoices)
        self.assertEqual(
            sorted(rows.mapped("email_to")),
            ['"Azure Interior" <office@azure.example>', '"Deco" <d@deco.example>'],
        )

    def test_invoice_that_no_task_issued(self):
        invoice = self._make_invoice()
        self._open(invoice).action_send()
        rows = self._new_rows(invoice)
        self.assertFalse(rows.attempt_of_id)
        self._send(rows)
        self.assertEqual(rows.state, "sent", rows.reason)

    def test_order_that_no_task_issued(self):
        order = self._make_order()
        order.action_confirm()
        self.biller.group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self._open(order).action_send()
        rows = self._new_rows(order)
        self._send(rows)
        self.assertEqual(rows.state, "sent", rows.reason)

    def test_text_can_be_left_out_this_time(self):
        invoice = self._issue(mail_greeting="Happy new year")._get_document()
        wizard = self._open(invoice)
        self.assertEqual(wizard.mail_text, "Happy new year")
        wizard.mail_text = False
        wizard.action_send()
        self.assertFalse(self._new_rows(invoice)[:1].mail_text)

    def test_from_the_list_of_mails(self):
        rows = self._issue()
        action = rows.with_user(self.biller).action_send_again()
        self.assertEqual(action["res_model"], "document.send.again")

    def test_nobody_to_send_to(self):
        self.customer.email = False
        invoice = self._issue()._get_document()
        wizard = self._open(invoice)
        self.assertIn(invoice.display_name, wizard.missing)
        with self.assertRaises(UserError) as caught:
            wizard.action_send()
        self.assertIn("No valid e-mail address", str(caught.exception))

    def test_typed_address_is_checked(self):
        invoice = self._issue()._get_document()
        wizard = self._open(invoice, address_mode="other", extra_to="not an address")
        with self.assertRaises(UserError) as caught:
            wizard.action_send()
        self.assertIn("not an address", str(caught.exception))

    def test_draft_is_not_sent(self):
        invoice = self._make_invoice()
        invoice.button_draft()
        with self.assertRaises(UserError):
            self._open(invoice).action_send()

    def test_not_for_everybody(self):
        invoice = self._issue()._get_document()
        user = (
            self.env["res.users"]
            .sudo()
            .create(
                {
                    "name": "Clerk",
                    "login": "clerk",
                    "group_ids": [
                        Command.set(self.env.ref("account.group_account_invoice").ids)
                    ],
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                }
            )
        )
        with self.assertRaises(AccessError):
            invoice.with_user(user).action_send_again()

    def test_only_documents(self):
        with self.assertRaises(UserError):
            self.env["document.send.again"].with_user(self.biller)._open(
                "res.partner", self.customer.ids
            )

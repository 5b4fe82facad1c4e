"""What a customer finds in his mailbox; above all, what he does not."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .delivery_common import SmtpCase
from .reminder_common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderMail(ReminderCommon):
    def _get_body(self):
        return self._make_mails().body_html

    def test_the_mail_lists_what_is_open(self):
        invoice = self._create_invoice(4)
        server = self._remind_and_send()
        ((addresses, text),) = server.received
        self.assertEqual(addresses, ["alma.books@example.com"])
        body = self._get_deliveries().mail_mail_id.body_html
        for words in (invoice.name, "Alma Books", "4 days overdue", "100.00"):
            self.assertIn(words, body)
        row = self._get_rows(invoice)
        self.assertEqual((row.state, row.letter_id.mail_delivery_state), ("sent",) * 2)

    def test_the_letter_is_attached(self):
        self._create_invoice(4)
        self._remind()
        names = self._make_mails().attachment_ids.mapped("name")
        self.assertEqual(len(names), 1)
        self.assertRegex(names[0], r"^Reminder REM-2027-\d+\.pdf$")

    def test_the_invoices_are_attached_where_the_level_says_so(self):
        self._create_invoice(4)
        self.first.attach_invoices = True
        self._remind()
        self.assertEqual(len(self._make_mails().attachment_ids), 2)

    def test_each_currency_has_a_total_of_its_own(self):
        self._create_invoice(4)
        self._create_invoice(5, amount=50)
        self._create_invoice(4, amount=7, currency_id=self._enable_currency("USD").id)
        self._remind()
        body = self._get_body()
        self.assertIn("Total in <span>EUR", body)
        self.assertIn("Total in <span>USD", body)
        self.assertIn("150.00", body)

    def test_credit_is_shown_and_deducted(self):
        self._create_invoice(4)
        credit = self._create_credit(30)
        self._remind()
        body = self._get_body()
        self.assertIn(credit.name, body)
        self.assertIn("70.00", body)

    def test_what_credit_covers_is_not_mentioned(self):
        covered, invoice = self._create_invoice(9), self._create_invoice(4)
        credit = self._create_credit(100)
        self._remind()
        body = self._get_body()
        self.assertIn(invoice.name, body)
        self.assertNotIn(covered.name, body)
        self.assertNotIn(credit.name, body)

    def test_what_has_not_reached_a_level_is_not_mentioned(self):
        invoice, young = self._create_invoice(4), self._create_invoice(2)
        self._remind()
        body = self._get_body()
        self.assertIn(invoice.name, body)
        self.assertNotIn(young.name, body)

    def test_what_was_reminded_before_is_mentioned_again(self):
        older = self._create_invoice(4)
        self._remind_and_send()
        newer = self._create_invoice(0)
        self._remind(3)
        self._make_mails()
        letter = self._get_rows(newer).letter_id
        self.assertEqual(letter._get_moves(), older | newer)
        self.assertEqual(letter.reminder_ids.move_id, newer)

    def test_it_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        template = self.first.mail_template_id
        template.with_context(lang="es_ES").subject = "Recordatorio {{ object.name }}"
        self._create_invoice(4)
        self._remind()
        mail = self._make_mails()
        self.assertIn("Recordatorio", mail.subject)
        self.assertIn("100,00", mail.body_html)

    def test_there_is_a_payment_link_where_one_can_pay(self):
        invoice = self._create_invoice(4)
        self._remind()
        self.assertNotIn("Pay online", self._get_body())
        self._get_deliveries().mail_mail_id.cancel()
        self.env["payment.provider"].create(
            {
                "name": "Test",
                "code": "none",
                "state": "test",
                "is_published": True,
                "company_id": self.company.id,
            }
        )
        self.env["ir.config_parameter"].set_param(
            "account_payment.enable_portal_payment", True
        )
        self.company.invalidate_recordset(["has_online_payment"])
        self._remind(1)
        body = self._get_body()
        self.assertIn("Pay online", body)
        self.assertIn(f"access_token={invoice.access_token}", body)

    def test_the_letter_prints_what_was_mailed(self):
        invoice = self._create_invoice(4)
        self._remind_and_send()
        self._pay(invoice)
        letter = self._get_rows(invoice).letter_id
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "recurring_billing.report_reminder", letter.ids
        )
        self.assertIn(invoice.name, html.decode())

    def test_it_is_sent_again_by_hand(self):
        invoice = self._create_invoice(4)
        self._remind_and_send()
        letter = self._get_rows(invoice).letter_id.with_user(self.biller)
        action = letter.action_send_again()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.with_user(self.biller).action_send()
        self._make_mails()
        self.assertEqual(len(self._hand_over().received), 1)
        self.assertEqual(self._get_deliveries().mapped("state"), ["sent", "sent"])
        self.assertEqual(self._get_levels(invoice), [3])

    def test_the_friendly_letter_says_first_what_is_to_be_paid(self):
        invoice = self._create_invoice(4)
        self._remind_and_send()
        letter = self._get_rows(invoice).letter_id
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "recurring_billing.friendly_reminder", letter.ids
        )
        html = html.decode()
        self.assertIn("o_report_layout_friendly", html)
        self.assertLess(html.index("To Pay"), html.index(invoice.name))

    def test_a_refusal_is_told_and_stands_in_the_history(self):
        invoice = self._create_invoice(4)
        self._remind()
        self._make_mails()
        with (
            self._mail_server(rcpt=(550, b"no such user")),
            mute_logger(*SmtpCase.LOGGERS),
        ):
            mails = self._get_deliveries().mail_mail_id
            self.env["mail.mail"].process_email_queue(email_ids=mails.ids)
        self.assertEqual(self._get_rows(invoice).state, "failed")
        self.assertIn("no such user", self.customer.activity_ids.note)


@tagged("post_install", "-at_install")
class TestReminderTruth(ReminderCommon):
    """Looked at again when the mail is made, and right before it leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(4)
        cls.other = cls._create_invoice(5, amount=50)

    def assertNothingLeft(self, server):
        self.assertFalse(server.received)
        self.assertEqual(self._get_deliveries().state, "cancelled")
        rows = self.Reminder.search(
            [("move_id", "in", (self.invoice | self.other).ids)]
        )
        self.assertEqual(set(rows.mapped("state")), {"void"})

    def test_paid_before_the_mail_is_made(self):
        self._remind()
        self._pay(self.invoice)
        self._pay(self.other)
        self._make_mails()
        self.assertNothingLeft(self._hand_over())

    def test_paid_while_the_mail_waits(self):
        self._remind()
        self._make_mails()
        self._pay(self.invoice)
        self._pay(self.other)
        self.assertNothingLeft(self._hand_over())

    def test_disputed_while_the_mail_waits(self):
        self._remind()
        self._make_mails()
        self.invoice.action_toggle_block_payment()
        self.other.no_reminder = True
        self.assertNothingLeft(self._hand_over())
        self.assertIn(
            "disputed",
            self.Reminder.search([("move_id", "=", self.invoice.id)]).reason,
        )

    def test_credit_that_comes_while_the_mail_waits(self):
        self._remind()
        self._make_mails()
        self._create_credit(150)
        self.assertNothingLeft(self._hand_over())

    def test_switched_off_while_the_mail_waits(self):
        self._remind()
        self._make_mails()
        self.company.reminder_from_date = False
        self.assertNothingLeft(self._hand_over())

    def test_what_is_paid_leaves_the_table_and_the_rest_is_mailed_anew(self):
        self._remind()
        (first,) = self._make_mails()
        self._pay(self.invoice)
        self.assertFalse(self._hand_over().received)
        self.assertEqual(self._get_deliveries().state, "queued")
        self.assertEqual(first.state, "cancel")
        self._make_mails()
        self.assertEqual(len(self._hand_over().received), 1)
        body = self._get_deliveries().mail_mail_id.body_html
        self.assertNotIn(self.invoice.name, body)
        self.assertIn(self.other.name, body)
        self.assertFalse(self._get_rows(self.invoice))
        self.assertEqual(self._get_rows(self.other).state, "sent")

    def test_a_partial_payment_changes_the_figures(self):
        self._remind()
        self._make_mails()
        self._pay(self.other, 20)
        self.assertFalse(self._hand_over().received)
        self._make_mails()
        self.assertEqual(len(self._hand_over().received), 1)
        self.assertIn("130.00", self._get_deliveries().mail_mail_id.body_html)

    def test_credit_covers_one_currency_and_the_other_is_mailed(self):
        usd = self._enable_currency("USD")
        dollars = self._create_invoice(4, currency_id=usd.id)
        self._remind()
        self._create_credit(500)
        self._make_mails()
        self.assertEqual(len(self._hand_over().received), 1)
        self.assertEqual(self._get_rows(dollars).state, "sent")
        self.assertFalse(self._get_rows(self.invoice))
        self.assertFalse(self._get_rows(self.other))

    def test_a_customer_who_owes_as_before_gets_the_mail_as_it_was_made(self):
        self._remind()
        (mail,) = self._make_mails()
        self._create_invoice(4, self.other_customer)
        self.assertEqual(len(self._hand_over().received), 1)
        self.assertEqual(self._get_deliveries().mail_mail_id, mail)

    def test_a_new_address_or_name_changes_nothing(self):
        self._remind()
        self._make_mails()
        contacts = [Command.create({"name": "Eva"})]
        self.customer.write({"phone": "1", "child_ids": contacts})
        self.assertEqual(len(self._hand_over().received), 1)

    def test_a_letter_sent_again_is_looked_at_as_well(self):
        self._remind_and_send()
        letter = self._get_rows(self.invoice).letter_id
        self._pay(self.invoice)
        self._pay(self.other)
        row = self._get_deliveries()
        again = row._create_for_document(letter, self.customer, attempt_of_id=row.id)
        self._make_mails()
        self.assertEqual(again.state, "cancelled")
        self.assertEqual(self._get_rows(self.invoice).state, "sent")

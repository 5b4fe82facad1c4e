"""Mark as paid: on one invoice or on many, without a dialogue."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .invoice_kind_common import InvoiceKindCommon


@tagged("post_install", "-at_install")
class TestMarkAsPaid(InvoiceKindCommon):
    people = ("reader", "portal")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bank = cls._get_journal("bank")
        methods = bank.inbound_payment_method_line_ids
        methods |= bank.outbound_payment_method_line_ids
        methods.payment_account_id = cls.env["account.account"].create(
            {
                "name": "Outstanding payments",
                "code": "572001",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )

    def _get_payments(self, invoices):
        return invoices.matched_payment_ids

    def test_the_open_amount_is_paid_today(self):
        invoice = self._post_invoice()
        invoice.action_mark_as_paid()
        payment = self._get_payments(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(payment.amount, 121)
        self.assertEqual(str(payment.date), "2027-03-15")
        self.assertEqual(payment.journal_id.type, "bank")

    def test_each_invoice_gets_a_payment_of_its_own(self):
        invoices = self._post_invoice() | self._post_invoice()
        invoices |= self._post_invoice(partner_id=self.other_customer.id)
        invoices.action_mark_as_paid()
        self.assertEqual(len(self._get_payments(invoices)), 3)
        self.assertEqual(set(invoices.mapped("amount_residual")), {0})

    def test_instalments_are_paid_at_once(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50}),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 30}
                    ),
                ],
            }
        )
        invoice = self._post_invoice(invoice_payment_term_id=term.id)
        invoice.action_mark_as_paid()
        self.assertEqual(self._get_payments(invoice).amount, 121)
        self.assertEqual(invoice.amount_residual, 0)

    def test_what_is_paid_in_part_gets_the_rest(self):
        invoice = self._post_invoice()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 21})._create_payments()
        invoice.action_mark_as_paid()
        self.assertEqual(
            sorted(self._get_payments(invoice).mapped("amount")), [21, 100]
        )

    def test_a_credit_note_is_paid_out(self):
        note = self._reverse(self._post_invoice())
        other = self._create_invoice(move_type="out_refund")
        other.action_post()
        other.action_mark_as_paid()
        self.assertEqual(self._get_payments(other).payment_type, "outbound")
        self.assertEqual(note.state, "draft")

    def test_the_good_ones_are_paid_and_the_others_told(self):
        good, draft, paid = (
            self._post_invoice(),
            self._create_invoice(),
            self._post_invoice(),
        )
        paid.action_mark_as_paid()
        action = (good | draft | paid).action_mark_as_paid()
        message = action["params"]["message"]
        self.assertEqual(good.amount_residual, 0)
        self.assertIn("1 marked as paid", message)
        self.assertIn("it is not posted", message)
        self.assertIn(f"{paid.display_name}: nothing is left to pay", message)

    def test_when_none_can_be_paid_it_is_an_error(self):
        bill = self._create_invoice(move_type="in_invoice")
        with self.assertRaisesRegex(UserError, "no customer invoice"):
            bill.action_mark_as_paid()

    def test_without_a_bank_journal_it_says_so(self):
        invoice = self._post_invoice()
        self._get_journal("bank").active = False
        self.env["account.journal"].search(
            [("type", "in", ("cash", "credit"))]
        ).active = False
        with self.assertRaises(UserError):
            invoice.action_mark_as_paid()
        self.assertEqual(invoice.amount_residual, 121)

    def test_readers_and_customers_may_not(self):
        invoice = self._post_invoice()
        self.portal.partner_id.parent_id = self.customer
        self.assertTrue(invoice.with_user(self.portal).has_access("read"))
        for user in (self.reader, self.portal):
            with self.assertRaises(AccessError):
                invoice.with_user(user).action_mark_as_paid()

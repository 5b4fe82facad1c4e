from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .payment_common import PaymentCommon


class TestPaymentConfirmed(PaymentCommon):
    """A confirmed payment makes payment, invoice and contract, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule()

    def test_button(self):
        order = self._create_proforma()
        self._confirm(order)
        self.assertPaidOnce(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._get_invoice(order).amount_total, 1210.0)

    def test_whoever_only_invoices_reads_the_whole_order(self):
        order = self._create_proforma()
        self._confirm(order)
        invoicer = self._create_user("invoicer", "account.group_account_invoice")
        values = order.with_user(invoicer).read()[0]
        self.assertTrue(values["is_payment_confirmed"])
        self.assertNotIn("payment_confirmation_ids", values)
        domain = [("id", "=", order.id), ("is_payment_confirmed", "=", True)]
        self.assertTrue(order.with_user(invoicer).search_count(domain))

    def test_the_invoice_is_dated_today(self):
        order = self._create_proforma()
        self._confirm(order, date="2027-03-10")
        self.assertEqual(str(self._get_invoice(order).invoice_date), "2027-03-15")
        self.assertEqual(str(order.sudo().proforma_payment_ids.date), "2027-03-10")

    def test_pressed_twice(self):
        order = self._create_proforma()
        self._confirm(order)
        self._confirm(order)
        self.assertPaidOnce(order)
        self.assertEqual(len(order.sudo().proforma_payment_ids), 1)

    def test_a_payment_that_names_the_proforma(self):
        order = self._create_proforma()
        self._register_payment(1210.0, memo=f"Course {order.proforma_number} Alma")
        self.assertPaidOnce(order)

    def test_a_payment_that_names_the_order(self):
        order = self._create_proforma()
        self._register_payment(1210.0, memo=order.name)
        self.assertPaidOnce(order)

    def test_a_longer_number_is_another_number(self):
        order = self._create_proforma()
        self._register_payment(1210.0, memo=f"{order.proforma_number}9")
        self.assertNothingIssued(order)

    def test_a_payment_linked_by_hand(self):
        order = self._create_proforma()
        self._register_payment(1210.0, proforma_order_id=order.id)
        self.assertPaidOnce(order)

    def test_told_by_everybody(self):
        order = self._create_proforma()
        self._register_payment(1210.0, proforma_order_id=order.id)
        self._confirm(order)
        order._confirm_payment("online")
        self.assertPaidOnce(order)
        self.assertEqual(len(order.sudo().proforma_payment_ids), 1)

    def test_a_draft_payment_is_none(self):
        order = self._create_proforma()
        self._register_payment(1210.0, post=False, proforma_order_id=order.id)
        self.assertNothingIssued(order)

    def test_the_database_refuses_a_second_confirmation(self):
        order = self._create_proforma()
        self._confirm(order)
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            order.sudo()._create_payment_confirmation("manual")

    def test_a_cancelled_order_takes_no_money(self):
        order = self._create_proforma()
        order.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self._confirm(order)

    def test_without_a_proforma(self):
        order = self._create_order()
        self._confirm(order)
        self.assertPaidOnce(order)

    def test_a_product_invoiced_on_delivery_is_invoiced_when_paid(self):
        self.course.invoice_policy = "delivery"
        order = self._create_proforma()
        self._confirm(order)
        self.assertPaidOnce(order)

    def test_an_invoice_that_exists_is_settled(self):
        order = self._create_proforma()
        order.action_confirm()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self._confirm(order)
        self.assertEqual(self._get_invoice(order), invoice)
        self.assertPaidOnce(order)

    def test_invoice_and_contract_are_mailed_together(self):
        order = self._create_proforma()
        self._confirm(order)
        row = self._get_deliveries(self._get_invoice(order))
        self.assertEqual(row.state, "queued")
        self.assertEqual(
            row.attachment_ids, order.sudo().contract_document_ids.attachment_id
        )

    def test_the_rule_may_send_nothing(self):
        self.rule.send_documents = False
        order = self._create_proforma()
        self._confirm(order)
        self.assertFalse(self._get_deliveries(self._get_invoice(order)))

    def test_no_contract_without_a_template(self):
        self.rule.contract_template_id = False
        order = self._create_proforma()
        self._confirm(order)
        self.assertFalse(order.sudo().contract_document_ids)
        self.assertEqual(self._get_invoice(order).payment_state, "paid")

    def test_a_failure_leaves_nothing_behind(self):
        """Contract, payment and invoice stand in one transaction."""
        order = self._create_proforma()
        Contract = type(self.env["sale.contract.document"])
        with (
            patch.object(Contract, "_print", side_effect=UserError("No paper")),
            self.assertRaisesRegex(UserError, "No paper"),
            self.env.cr.savepoint(),
        ):
            self._confirm(order)
        self.assertNothingIssued(order)
        self.assertFalse(order.sudo().proforma_payment_ids)


class TestPartialPayment(PaymentCommon):
    """Less than what was asked issues nothing, and says what is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_rule()

    def test_nothing_is_issued(self):
        order = self._create_proforma()
        self._confirm(order, amount=500.0)
        self.assertNothingIssued(order)
        self.assertEqual(order.proforma_paid_amount, 500.0)
        self.assertEqual(order.proforma_missing_amount, 710.0)

    def test_the_message_says_what_is_missing(self):
        order = self._create_proforma()
        action = self._confirm(order, amount=500.0)
        self.assertIn("710.00", action["params"]["message"])

    def test_the_rest_completes_it(self):
        order = self._create_proforma()
        self._confirm(order, amount=500.0)
        self._confirm(order)
        self.assertPaidOnce(order)
        self.assertEqual(
            sorted(order.sudo().proforma_payment_ids.mapped("amount")), [500.0, 710.0]
        )

    def test_too_much_stays_the_customers_credit(self):
        order = self._create_proforma()
        self._register_payment(1300.0, proforma_order_id=order.id)
        self.assertPaidOnce(order)
        self.assertEqual(self.customer.credit, -90.0)

    def test_an_amount_of_nothing_is_refused(self):
        order = self._create_proforma()
        with self.assertRaisesRegex(UserError, "above 0"):
            self._confirm(order, amount=0.0)

    def test_a_cancelled_payment_counts_no_more(self):
        order = self._create_proforma()
        payment = self._register_payment(500.0, proforma_order_id=order.id)
        payment.action_cancel()
        self.assertEqual(order.proforma_missing_amount, 1210.0)

    def test_another_currency_counts_at_the_rate_of_the_day(self):
        order = self._create_proforma()
        dollars = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollars.id,
                "name": "2027-01-01",
                "rate": 2.0,
                "company_id": self.company.id,
            }
        )
        self._register_payment(
            1000.0, proforma_order_id=order.id, currency_id=dollars.id
        )
        self.assertEqual(order.proforma_missing_amount, 710.0)


class TestPaymentDialogue(PaymentCommon):
    """The clerk sees what will happen before he says yes."""

    def _open(self, order):
        action = order.with_user(self.biller).action_open_payment_dialog()
        return (
            self.env["sale.payment.register"]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create({})
        )

    def test_proposes_what_is_missing(self):
        self._create_rule()
        wizard = self._open(self._create_proforma())
        self.assertEqual(wizard.amount, 1210.0)
        self.assertEqual(wizard.journal_id, self.bank)
        self.assertIn("contract", wizard.consequence)

    def test_says_that_a_part_issues_nothing(self):
        wizard = self._open(self._create_proforma())
        wizard.amount = 200.0
        self.assertIn("1,010.00", wizard.consequence)

    def test_books_the_amount(self):
        order = self._create_proforma()
        wizard = self._open(order)
        wizard.action_confirm()
        self.assertTrue(order.is_payment_confirmed)

    def test_confirmed_meanwhile(self):
        order = self._create_proforma()
        wizard = self._open(order)
        self._confirm(order)
        with self.assertRaisesRegex(UserError, "already confirmed"):
            wizard.action_confirm()


class TestPaymentRights(PaymentCommon):
    """Only billing clerks book money."""

    def test_a_salesperson_is_refused(self):
        order = self._create_proforma()
        with self.assertRaises(AccessError):
            order.action_confirm_payment()
        with self.assertRaises(AccessError):
            order.action_open_payment_dialog()

    def test_nobody_writes_a_confirmation(self):
        order = self._create_proforma()
        with self.assertRaises(AccessError):
            self.env["sale.payment.confirmation"].with_user(self.manager).create(
                {
                    "order_id": order.id,
                    "company_id": self.company.id,
                    "date": "2027-03-15",
                    "source": "manual",
                    "currency_id": order.currency_id.id,
                }
            )

    def test_a_confirmation_is_never_deleted(self):
        order = self._create_proforma()
        self._confirm(order)
        with self.assertRaisesRegex(UserError, "is a fact"):
            order.sudo().payment_confirmation_ids.unlink()

    def test_a_journal_of_another_company_is_refused(self):
        company = self._create_billing_company(name="Other Co")
        journal = self._get_company_env(company)["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        order = self._create_proforma()
        with self.assertRaisesRegex(UserError, "another company"):
            self._confirm(order, journal_id=journal.id)

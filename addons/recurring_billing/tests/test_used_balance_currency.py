"""Used balance across currencies: two dollars for one euro, four from 10 March on."""

import random

from odoo import Command
from odoo.tests import tagged

from .used_balance_common import UsedBalanceCommon


@tagged("post_install", "-at_install")
class TestUsedBalanceCurrency(UsedBalanceCommon):
    def _create_dollars(self, amount, date="2027-03-01", **values):
        return self._create_move(amount, date, currency_id=self.dollar.id, **values)

    def _get_differences(self, move):
        """Exchange difference entries that settling this document made."""
        lines = move.line_ids
        return (lines.matched_debit_ids + lines.matched_credit_ids).exchange_move_id

    def test_difference_in_the_companys_currency_does_not_count(self):
        invoice = self._create_dollars(100)
        payment = self._pay_on_account(
            60, date="2027-03-10", currency_id=self.dollar.id
        )
        self._apply(invoice, payment)
        # 60 $ were 30 €, and 15 € when they came: 15 € are a loss, in no dollars
        self.assertEqual(self._get_differences(invoice).amount_total_signed, 15)
        self.assertEqual(invoice.amount_residual, 40)
        self.assertUsed(invoice, 60, ("payment", 60))

    def test_credit_note_of_another_day(self):
        invoice = self._create_dollars(100)
        credit_note = self._create_dollars(100, "2027-03-10", move_type="out_refund")
        self._apply(invoice, credit_note)
        # 50 € against 25 €
        self.assertEqual(self._get_differences(invoice).amount_total_signed, 25)
        self.assertUsed(invoice, 100, ("credit_note", 100))
        self.assertUsed(credit_note, 100, ("invoice", 100))

    def test_credit_note_in_euros_on_an_invoice_in_dollars(self):
        invoice = self._create_dollars(100)
        credit_note = self._create_credit_note(20)
        self._apply(invoice, credit_note)
        # 20 € are 40 $
        self.assertEqual(invoice.amount_residual, 60)
        self.assertUsed(invoice, 40, ("credit_note", 40))
        self.assertUsed(credit_note, 20, ("invoice", 20))

    def test_credit_note_in_dollars_on_an_invoice_in_euros(self):
        invoice = self._create_move(100)
        credit_note = self._create_dollars(50, "2027-03-02", move_type="out_refund")
        self._apply(invoice, credit_note)
        # 50 $ are 25 €
        self.assertEqual(invoice.amount_residual, 75)
        self.assertUsed(invoice, 25, ("credit_note", 25))
        self.assertUsed(credit_note, 50, ("invoice", 50))

    def test_registered_payment_in_another_currency_does_not_count(self):
        invoice = self._create_dollars(100)
        self._register(invoice, currency_id=self.euro.id, amount=50)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertUsed(invoice, 0)

    def test_payment_on_account_in_another_currency(self):
        invoice = self._create_dollars(100)
        self._apply(invoice, self._pay_on_account(30))
        # 30 € are 60 $
        self.assertUsed(invoice, 60, ("payment", 60))

    def test_difference_in_the_documents_currency_does_not_count(self):
        company = self.company
        for account in (self.accounts["exchange_loss"], self.accounts["equity"]):
            with self.subTest(account=account.name):
                company.income_currency_exchange_account_id = account
                company.expense_currency_exchange_account_id = account
                invoice = self._create_move(100)
                credit_note = self._create_dollars(
                    300, "2027-03-12", move_type="out_refund"
                )
                self._apply(invoice, credit_note)
                # 100 € were 200 $, but these are 50 € now: the other 50 € are a loss
                differences = self._get_differences(invoice)
                self.assertEqual(differences.amount_total_signed, 50)
                self.assertEqual(invoice.amount_residual, 0)
                self.assertUsed(invoice, 50, ("credit_note", 50))
                self.assertUsed(credit_note, 200, ("invoice", 200))

    def test_entries_of_taxes_due_on_payment_do_not_count(self):
        company = self.company
        transition = self.accounts["deposits"].copy({"reconcile": True})
        company.write(
            {
                "tax_exigibility": True,
                "tax_cash_basis_journal_id": self.general.id,
                "account_cash_basis_base_account_id": self.accounts["equity"].id,
            }
        )
        self.tax.write(
            {
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
            }
        )
        line = {"name": "Work", "price_unit": 100, "tax_ids": [self.tax.id]}
        invoice = self._create_move(100, invoice_line_ids=[Command.create(line)])
        self.assertEqual(invoice.amount_total, 121)
        self._apply(invoice, self._pay_on_account(121))
        self.assertTrue(invoice.sudo().tax_cash_basis_created_move_ids)
        self.assertUsed(invoice, 121, ("payment", 121))


@tagged("post_install", "-at_install", "slow", "release")
class TestUsedBalanceProperties(UsedBalanceCommon):
    """Whatever happens to invoices, what they were settled with adds up to their total.

    Each counterpart is put down by whoever makes it, so that the sums do not ask the
    query what anything is.
    """

    SEEDS = range(5)

    def _choose(self, values):
        return values[self.random.randrange(len(values))]

    def _choose_values(self, least, most):
        """Amount, day and currency of a document."""
        currency = self._choose([self.euro, self.dollar])
        day = self._choose(["2027-03-01", "2027-03-12"])
        return self.random.randint(least, most), day, {"currency_id": currency.id}

    def _apply_credit(self, invoice):
        amount, day, values = self._choose_values(5, 90)
        if self.random.random() < 0.5:
            move = self._create_credit_note(amount, day, **values)
        else:
            move = self._pay_on_account(amount, day, **values).move_id
        self._apply(invoice, move)
        self.natures[move] = "used"

    def _apply_payment(self, invoice):
        _amount, _day, values = self._choose_values(5, 90)
        payment = self._register(invoice, "2027-03-12", **values)
        self.natures[payment.move_id] = "paid"

    def _apply_write_off(self, invoice):
        items = ("write_off", 7), ("asset_receivable", -7, self.customer)
        entry = self._create_entry(*items)
        self._apply(invoice, entry)
        self.natures[entry] = "written off"

    def _get_parts(self, invoice):
        """What the invoice was settled with, by nature."""
        parts = dict.fromkeys(("used", "paid", "written off", "exchange"), 0.0)
        partials = invoice.line_ids.matched_credit_ids
        for partial in partials:
            if partial.credit_move_id.move_id in partials.exchange_move_id:
                nature = "exchange"
            else:
                nature = self.natures[partial.credit_move_id.move_id]
            parts[nature] += partial.debit_amount_currency
        return parts

    def test_parts_add_up_to_the_total(self):
        steps = [self._apply_credit, self._apply_payment, self._apply_write_off]
        seen = dict.fromkeys(("used", "paid", "written off", "exchange", "due"), False)
        for seed in self.SEEDS:
            self.random, self.natures = random.Random(seed), {}
            for _number in range(4):
                amount, day, values = self._choose_values(50, 200)
                invoice = self._create_move(amount, day, **values)
                for _step in range(self.random.randint(1, 4)):
                    if not invoice.currency_id.is_zero(invoice.amount_residual):
                        self._choose(steps)(invoice)
                parts = self._get_parts(invoice)
                with self.subTest(seed=seed, invoice=invoice.name, parts=parts):
                    self.assertAlmostEqual(
                        sum(parts.values()) + invoice.amount_residual, amount, places=2
                    )
                    self.assertAlmostEqual(
                        invoice.used_balance, parts["used"], places=2
                    )
                    self.assertLessEqual(invoice.used_balance, invoice.amount_total)
                for part, value in {**parts, "due": invoice.amount_residual}.items():
                    seen[part] = seen[part] or bool(value)
        self.assertTrue(all(seen.values()), seen)

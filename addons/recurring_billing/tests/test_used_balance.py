"""What counts as used balance: cases worked out by hand, made with core's own flows."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .used_balance_common import UsedBalanceCommon


@tagged("post_install", "-at_install")
class TestUsedBalanceOfInvoices(UsedBalanceCommon):
    def _create_term(self, *lines, **values):
        return self.env["account.payment.term"].create(
            {
                "name": "Term",
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )

    # === CREDIT NOTES === #

    def test_nothing_applied(self):
        self.assertUsed(self._create_move(100), 0)

    def test_credit_note_counts_on_both_documents(self):
        invoice, credit_note = self._create_move(100), self._create_credit_note(30)
        self._apply(invoice, credit_note)
        # 100 - 30 = 70 stay due; all of the 30 is applied
        self.assertEqual(invoice.amount_residual, 70)
        self.assertUsed(invoice, 30, ("credit_note", 30))
        self.assertUsed(credit_note, 30, ("invoice", 30))

    def test_large_credit_note_counts_as_far_as_it_is_applied(self):
        invoice, credit_note = self._create_move(100), self._create_credit_note(250)
        self._apply(invoice, credit_note)
        self.assertUsed(invoice, 100, ("credit_note", 100))
        self.assertUsed(credit_note, 100, ("invoice", 100))

    def test_credit_notes_add_up(self):
        invoice = self._create_move(100)
        for amount in (30, 25):
            self._apply(invoice, self._create_credit_note(amount))
        self.assertUsed(invoice, 55, ("credit_note", 25), ("credit_note", 30))

    def test_own_reversal_counts(self):
        invoice = self._create_move(100)
        wizard = (
            self.office["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": "2027-03-04"})
        )
        wizard.modify_moves()
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertUsed(invoice, 100, ("credit_note", 100))
        self.assertUsed(invoice.reversal_move_ids, 100, ("invoice", 100))

    def test_receipts_count_as_invoices(self):
        receipt = self._create_move(100, move_type="out_receipt")
        credit_note = self._create_credit_note(30)
        self._apply(receipt, credit_note)
        self.assertUsed(receipt, 30, ("credit_note", 30))
        self.assertUsed(credit_note, 30, ("invoice", 30))

    def test_instalments_of_an_invoice_add_up(self):
        term = self._create_term(
            {"value": "percent", "value_amount": 30, "nb_days": 10},
            {"value": "percent", "value_amount": 70, "nb_days": 40},
        )
        invoice = self._create_move(100, invoice_payment_term_id=term.id)
        self._apply(invoice, self._create_credit_note(50))
        # the first instalment of 30 whole, 50 - 30 = 20 of the second
        self.assertUsed(invoice, 50, ("credit_note", 20), ("credit_note", 30))

    def test_storno_accounting(self):
        self.company.account_storno = True
        invoice, credit_note = self._create_move(100), self._create_credit_note(30)
        self._apply(invoice, credit_note)
        self.assertUsed(invoice, 30, ("credit_note", 30))
        self.assertUsed(credit_note, 30, ("invoice", 30))

    # === PAYMENTS === #

    def test_payment_on_account_counts(self):
        invoice = self._create_move(100)
        self._apply(invoice, self._pay_on_account(80))
        self.assertUsed(invoice, 80, ("payment", 80))

    def test_payment_on_account_counts_whenever_it_came(self):
        invoice = self._create_move(100)
        self._apply(invoice, self._pay_on_account(80, date="2027-03-09"))
        self.assertUsed(invoice, 80, ("payment", 80))

    def test_registered_payment_does_not_count(self):
        invoice = self._create_move(100)
        self._register(invoice)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertUsed(invoice, 0)

    def test_registered_payment_of_the_rest_does_not_count(self):
        invoice = self._create_move(100)
        self._apply(invoice, self._create_credit_note(40))
        self._register(invoice)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertUsed(invoice, 40, ("credit_note", 40))

    def test_registered_part_does_not_count(self):
        invoice = self._create_move(100)
        self._register(invoice, amount=60)
        self._apply(invoice, self._pay_on_account(15))
        # 100 = 60 paid + 15 used + 25 due
        self.assertEqual(invoice.amount_residual, 25)
        self.assertUsed(invoice, 15, ("payment", 15))

    def test_what_is_left_of_a_payment_for_another_invoice_counts(self):
        first, second = self._create_move(100), self._create_move(70)
        payment = self._register(first, amount=150)
        self._apply(second, payment)
        # 150 - 100 = 50 are left
        self.assertUsed(first, 0)
        self.assertUsed(second, 50, ("payment", 50))

    def test_payment_for_many_invoices_counts_on_none(self):
        invoices = self._create_move(100) + self._create_move(70)
        payment = self._register(invoices, group_payment=True)
        self.assertEqual(payment.amount, 170)
        for invoice in invoices:
            self.assertEqual(invoice.amount_residual, 0)
            self.assertUsed(invoice, 0)

    def test_payment_of_invoice_less_credit_note(self):
        invoice, credit_note = self._create_move(100), self._create_credit_note(40)
        payment = self._register(invoice + credit_note, group_payment=True)
        self.assertEqual(payment.amount, 60)
        self.assertUsed(invoice, 40, ("credit_note", 40))
        self.assertUsed(credit_note, 40, ("invoice", 40))

    def test_payment_without_journal_entry_does_not_count(self):
        invoice = self._create_move(100)
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        with patch.object(
            type(invoice), "_get_invoice_in_payment_state", lambda self: "in_payment"
        ):
            payment = self._register(invoice)
            self.assertFalse(payment.move_id)
            self.assertUsed(invoice, 0)
            self._apply(invoice, self._create_bank_line(100, "2027-03-08"))
        self.assertEqual(invoice.amount_residual, 0)
        self.assertUsed(invoice, 0)

    # === BANK STATEMENTS === #

    def test_money_in_the_bank_before_the_invoice_counts(self):
        invoice = self._create_move(100, "2027-03-01")
        self._apply(invoice, self._create_bank_line(80, "2027-02-28"))
        self.assertUsed(invoice, 80, ("payment", 80))

    def test_money_in_the_bank_on_the_day_pays_the_invoice(self):
        invoice = self._create_move(100, "2027-03-01")
        self._apply(invoice, self._create_bank_line(80, "2027-03-01"))
        self.assertEqual(invoice.amount_residual, 20)
        self.assertUsed(invoice, 0)

    def test_money_in_the_bank_later_pays_the_invoice(self):
        invoice = self._create_move(100, "2027-03-01")
        self._apply(invoice, self._create_bank_line(80, "2027-03-09"))
        self.assertEqual(invoice.amount_residual, 20)
        self.assertUsed(invoice, 0)

    def test_money_booked_by_hand_is_as_money_of_a_statement(self):
        invoice = self._create_move(100, "2027-03-01")
        for day in ("2027-02-28", "2027-03-01"):
            money = ("bank", 20), ("asset_receivable", -20, self.customer)
            self._apply(invoice, self._create_entry(*money, date=day))
        self.assertEqual(invoice.amount_residual, 60)
        self.assertUsed(invoice, 20, ("payment", 20))

    # === ENTRIES === #

    def test_opening_balance_counts(self):
        invoice = self._create_move(100)
        self._apply(
            invoice,
            self._create_entry(
                ("equity", 45), ("asset_receivable", -45, self.customer)
            ),
        )
        self.assertUsed(invoice, 45, ("other_credit", 45))

    def test_opening_entry_in_the_middle_of_a_year_counts(self):
        invoice = self._create_move(100)
        opening = self._create_entry(
            ("bank", 500),
            ("write_off", 45),
            ("equity", -500),
            ("asset_receivable", -45, self.customer),
        )
        self._apply(invoice, opening)
        self.assertUsed(invoice, 0)
        self.company.account_opening_move_id = opening
        self.env.invalidate_all()
        self.assertUsed(invoice, 45, ("other_credit", 45))

    def test_deposit_counts(self):
        invoice = self._create_move(100)
        deposit = ("deposits", 30), ("asset_receivable", -30, self.customer)
        self._apply(invoice, self._create_entry(*deposit))
        self.assertUsed(invoice, 30, ("other_credit", 30))

    def test_what_we_owe_him_as_a_vendor_counts(self):
        invoice = self._create_move(100)
        bill = ("liability_payable", 30, self.customer)
        self._apply(
            invoice,
            self._create_entry(bill, ("asset_receivable", -30, self.customer)),
        )
        self.assertUsed(invoice, 30, ("other_credit", 30))

    def test_credit_of_another_customer_counts_on_both_documents(self):
        credit_note = self._create_credit_note(25)
        invoice = self._create_move(100, partner_id=self.other_customer.id)
        transfer = self._create_entry(
            ("asset_receivable", 25, self.customer),
            ("asset_receivable", -25, self.other_customer),
        )
        self._apply(invoice, transfer)
        self._apply(credit_note, transfer)
        self.assertUsed(invoice, 25, ("other_credit", 25))
        self.assertUsed(credit_note, 25, ("other_debt", 25))

    def test_credit_of_a_customer_on_another_account_counts(self):
        invoice = self._create_move(100)
        credit = ("doubtful", 25, self.other_customer)
        self._apply(
            invoice,
            self._create_entry(credit, ("asset_receivable", -25, self.customer)),
        )
        self.assertUsed(invoice, 25, ("other_credit", 25))

    def test_credit_of_an_entry_that_holds_his_debts_as_well_counts(self):
        invoice = self._create_move(100)
        opening = self._create_entry(
            ("asset_receivable", 60, self.customer),
            ("asset_receivable", -45, self.customer),
            ("equity", -15),
        )
        self._apply(invoice, opening)
        self.assertUsed(invoice, 45, ("other_credit", 45))

    def test_deposit_deducted_on_the_invoice_is_not_in_its_total(self):
        account = self.accounts["deposits"]
        account.reconcile = True
        deposit = self._create_entry(("equity", 30), ("deposits", -30, self.customer))
        lines = [
            {"name": "Work", "price_unit": 100, "tax_ids": False},
            {
                "name": "Deposit",
                "price_unit": -30,
                "account_id": account.id,
                "tax_ids": False,
            },
        ]
        invoice = self._create_move(
            100, invoice_line_ids=[Command.create(line) for line in lines]
        )
        items = (invoice + deposit).line_ids
        items.filtered(lambda line: line.account_id == account).reconcile()
        self.assertEqual(invoice.amount_total, 70)
        self.assertUsed(invoice, 0)

    def test_debt_that_became_doubtful_is_not_settled(self):
        invoice = self._create_move(100)
        self._apply(
            invoice,
            self._create_entry(
                ("doubtful", 100, self.customer),
                ("asset_receivable", -100, self.customer),
            ),
        )
        self.assertEqual(invoice.amount_residual, 0)
        self.assertUsed(invoice, 0)

    def test_debt_that_became_debt_of_a_till_is_not_settled(self):
        invoice = self._create_move(100)
        till = ("doubtful", 100), ("asset_receivable", -100, self.customer)
        self._apply(invoice, self._create_entry(*till))
        self.assertUsed(invoice, 0)

    # === WRITE-OFFS === #

    def test_write_off_entry_does_not_count(self):
        invoice = self._create_move(100)
        loss = ("write_off", 10), ("asset_receivable", -10, self.customer)
        self._apply(invoice, self._create_entry(*loss))
        self.assertEqual(invoice.amount_residual, 90)
        self.assertUsed(invoice, 0)

    def test_write_off_of_a_registered_payment_does_not_count(self):
        invoice = self._create_move(100)
        self._register(
            invoice,
            amount=95,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.accounts["write_off"].id,
        )
        self.assertEqual(invoice.amount_residual, 0)
        self.assertUsed(invoice, 0)

    def test_early_payment_discount_does_not_count(self):
        account = self.accounts["write_off"]
        self.company.account_journal_early_pay_discount_loss_account_id = account
        term = self._create_term(
            {"value": "percent", "value_amount": 100},
            early_discount=True,
            discount_days=10,
            discount_percentage=2,
        )
        invoice = self._create_move(100, invoice_payment_term_id=term.id)
        payment = self._register(invoice)
        self.assertEqual((payment.amount, invoice.amount_residual), (98, 0))
        self.assertUsed(invoice, 0)


@tagged("post_install", "-at_install")
class TestUsedBalanceOfCreditNotes(UsedBalanceCommon):
    def test_credit_note_in_hand_is_not_used(self):
        self.assertUsed(self._create_credit_note(100), 0)

    def test_many_invoices(self):
        credit_note = self._create_credit_note(100)
        for amount in (30, 45):
            self._apply(self._create_move(amount), credit_note)
        # 30 + 45 = 75, 25 are left
        self.assertEqual(credit_note.amount_residual, 25)
        self.assertUsed(credit_note, 75, ("invoice", 30), ("invoice", 45))

    def test_money_paid_back_does_not_count(self):
        credit_note = self._create_credit_note(100)
        self._apply(self._create_move(30), credit_note)
        payment = self._register(credit_note)
        self.assertEqual((payment.amount, payment.payment_type), (70, "outbound"))
        self.assertEqual(credit_note.amount_residual, 0)
        self.assertUsed(credit_note, 30, ("invoice", 30))

    def test_payment_to_the_customer_that_names_nothing_does_not_count(self):
        credit_note = self._create_credit_note(100)
        payment = self._pay_on_account(70, payment_type="outbound")
        self._apply(credit_note, payment)
        self.assertEqual(credit_note.amount_residual, 30)
        self.assertUsed(credit_note, 0)

    def test_money_paid_back_on_a_statement_does_not_count(self):
        credit_note = self._create_credit_note(100)
        self._apply(credit_note, self._create_bank_line(-70, "2027-02-01"))
        self.assertEqual(credit_note.amount_residual, 30)
        self.assertUsed(credit_note, 0)

    def test_money_paid_back_by_hand_does_not_count(self):
        credit_note = self._create_credit_note(100)
        back = ("asset_receivable", 70, self.customer), ("bank", -70)
        self._apply(credit_note, self._create_entry(*back))
        self.assertEqual(credit_note.amount_residual, 30)
        self.assertUsed(credit_note, 0)

    def test_old_debt_counts(self):
        credit_note = self._create_credit_note(100)
        debt = ("asset_receivable", 60, self.customer), ("equity", -60)
        self._apply(credit_note, self._create_entry(*debt))
        self.assertUsed(credit_note, 60, ("other_debt", 60))

    def test_old_debt_of_an_opening_entry_with_money_counts(self):
        credit_note = self._create_credit_note(100)
        opening = self._create_entry(
            ("asset_receivable", 60, self.customer), ("bank", 40), ("equity", -100)
        )
        self._apply(credit_note, opening)
        self.assertUsed(credit_note, 60, ("other_debt", 60))

    def test_old_debt_of_an_opening_entry_in_the_middle_of_a_year_counts(self):
        credit_note = self._create_credit_note(100)
        opening = self._create_entry(
            ("asset_receivable", 60, self.customer), ("other_income", -60)
        )
        self._apply(credit_note, opening)
        self.assertUsed(credit_note, 0)
        self.company.account_opening_move_id = opening
        self.env.invalidate_all()
        self.assertUsed(credit_note, 60, ("other_debt", 60))

    def test_credit_that_was_written_off_does_not_count(self):
        credit_note = self._create_credit_note(100)
        gain = ("asset_receivable", 10, self.customer), ("other_income", -10)
        self._apply(credit_note, self._create_entry(*gain))
        self.assertEqual(credit_note.amount_residual, 90)
        self.assertUsed(credit_note, 0)

    def test_credit_moved_to_another_account_does_not_count(self):
        credit_note = self._create_credit_note(100)
        self._apply(
            credit_note,
            self._create_entry(
                ("asset_receivable", 10, self.customer),
                ("doubtful", -10, self.customer),
            ),
        )
        self.assertUsed(credit_note, 0)


@tagged("post_install", "-at_install")
class TestUsedBalanceStates(UsedBalanceCommon):
    def test_taken_back(self):
        invoice, credit_note = self._create_move(100), self._create_credit_note(30)
        self._apply(invoice, credit_note)
        self.assertUsed(invoice, 30, ("credit_note", 30))
        partial = self._get_partials(invoice)
        invoice.js_remove_outstanding_partial(partial.id)
        self.assertUsed(invoice, 0)
        self.assertUsed(credit_note, 0)

    def _get_partials(self, move):
        return move.line_ids.matched_credit_ids + move.line_ids.matched_debit_ids

    def test_draft_invoice_uses_nothing_until_it_is_posted(self):
        invoice = self._create_move(100, post=False)
        credit_note = self._create_credit_note(30)
        self._apply(invoice, credit_note)
        self.assertTrue(self._get_partials(invoice))
        self.assertUsed(invoice, 0)
        self.assertUsed(credit_note, 0)
        invoice.action_post()
        self.env.invalidate_all()
        self.assertUsed(invoice, 30, ("credit_note", 30))
        self.assertUsed(credit_note, 30, ("invoice", 30))

    def test_payment_reset_to_draft_does_not_count(self):
        invoice, payment = self._create_move(100), self._pay_on_account(80)
        self._apply(invoice, payment)
        payment.action_draft()
        self.env.invalidate_all()
        self.assertUsed(invoice, 0)

    def test_cancelled_credit_note_does_not_count(self):
        invoice, credit_note = self._create_move(100), self._create_credit_note(30)
        self._apply(invoice, credit_note)
        credit_note.button_draft()
        credit_note.button_cancel()
        self.env.invalidate_all()
        self.assertUsed(invoice, 0)
        self.assertUsed(credit_note, 0)

    def test_figure_follows_in_the_same_transaction(self):
        invoice = self._create_move(100)
        self.assertEqual(invoice.used_balance, 0)
        self._apply(invoice, self._create_credit_note(30))
        self.assertEqual(invoice.used_balance, 30)
        self._register(invoice)
        self.assertEqual(invoice.used_balance, 30)

    def test_other_documents_have_none(self):
        bill = self._create_move(100, move_type="in_invoice")
        refund = self._create_move(30, move_type="in_refund")
        line = refund.line_ids.filtered("date_maturity")
        bill.js_assign_outstanding_line(line.id)
        self.assertEqual(bill.amount_residual, 70)
        entry = self._create_entry(("equity", 5), ("deposits", -5))
        for move in (bill, refund, entry):
            self.assertUsed(move, 0)
        self.assertEqual(self.office["account.move"].new({}).used_balance, 0)

"""Who is reminded, of what, and why others are not."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .reminder_common import TODAY, ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderPlanner(ReminderCommon):
    def _without_journal_items(self):
        """As with an accounting app that books a payment with the bank statement."""
        return patch.object(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda _move: "in_payment",
        )

    def test_an_overdue_invoice_reaches_the_first_level(self):
        invoice = self._create_invoice(3)
        item = self._decide(invoice)
        self.assertEqual(
            (item.decision, item.level, item.days, item.residual),
            ("remind", self.first, 3, 100.0),
        )

    def test_an_invoice_waits_for_its_day(self):
        self.assertDecision(self._create_invoice(2), "wait", "03/16/2027")

    def test_what_is_not_due_is_not_in_the_list(self):
        self.assertIsNone(self._decide(self._create_invoice(0)))

    def test_today_is_the_date_where_the_company_is(self):
        invoice = self._create_invoice(2)
        self.clock.move_to("2027-03-15 23:30:00")  # 00:30 in Madrid
        self.assertDecision(invoice, "remind")
        self.company.partner_id.tz = "America/Mexico_City"
        self.assertDecision(invoice, "wait")

    def test_what_was_due_before_the_switch_is_left_in_peace(self):
        invoice = self._create_invoice(10)
        self.company.reminder_from_date = "2027-03-06"
        self.assertDecision(invoice, "excluded", "03/06/2027")
        self.company.reminder_from_date = "2027-03-05"
        self.assertDecision(invoice, "remind")

    def test_a_partial_payment_leaves_the_rest(self):
        invoice = self._create_invoice(3)
        self._pay(invoice, 60)
        self.assertEqual(self._decide(invoice).residual, 40)
        self.assertDecision(invoice, "remind")

    def test_instalments_of_the_future_are_not_asked_for(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": 10}),
                    Command.create({"value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        invoice = self._create_invoice(-10, invoice_payment_term_id=term.id)
        item = self._decide(invoice)
        self.assertEqual((item.residual, item.days), (50, 10))

    # === NEVER === #

    def test_a_paid_invoice_is_not_in_the_list(self):
        invoice = self._create_invoice(3)
        self._pay(invoice)
        self.assertIsNone(self._decide(invoice))

    def test_a_reversed_invoice_is_not_in_the_list(self):
        invoice = self._create_invoice(3)
        invoice._reverse_moves([{"invoice_date": TODAY}], cancel=True)
        self.assertIsNone(self._decide(invoice))

    def test_a_cancelled_invoice_is_not_in_the_list(self):
        invoice = self._create_invoice(3)
        invoice.button_draft()
        self.assertIsNone(self._decide(invoice))
        invoice.button_cancel()
        self.assertIsNone(self._decide(invoice))

    def test_what_we_owe_is_not_in_the_list(self):
        note = self._create_invoice(3, move_type="out_refund")
        self.assertIsNone(self._decide(note))

    def test_in_payment(self):
        invoice = self._create_invoice(3)
        invoice.payment_state = "in_payment"
        self.assertDecision(invoice, "excluded", "payment is under way")

    def test_a_payment_without_journal_items(self):
        invoice = self._create_invoice(3)
        with self._without_journal_items():
            payment = (
                self.env["account.payment.register"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({})
                ._create_payments()
            )
        self.assertFalse(payment.move_id)
        self.assertDecision(invoice, "excluded", "payment is under way")

    def test_an_invoice_that_is_being_paid_online(self):
        invoice = self._create_invoice(3)
        methods = self.env["payment.method"].with_context(active_test=False)
        method = methods.search([], limit=1)
        provider = self.env["payment.provider"].create({"name": "Card", "code": "none"})
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "card",
                "amount": 100,
                "currency_id": invoice.currency_id.id,
                "partner_id": self.customer.id,
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        self.assertDecision(invoice, "remind")
        transaction.state = "done"
        self.assertDecision(invoice, "remind")  # nobody stands behind "none"
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'card' WHERE id = %s", provider.ids
        )
        for state in ("pending", "done"):
            transaction.state = state
            self.assertDecision(invoice, "excluded", "payment is under way")
        transaction.is_post_processed = True
        self.assertDecision(invoice, "remind")
        invoice = self._create_invoice(3)
        invoice.action_toggle_block_payment()
        self.assertDecision(invoice, "excluded", "disputed")

    def test_an_invoice_marked_by_hand(self):
        invoice = self._create_invoice(3)
        invoice.with_user(self.biller).no_reminder = True
        self.assertDecision(invoice, "excluded", "on the invoice")

    def test_an_invoice_without_follow_up(self):
        invoice = self._create_invoice(3)
        invoice.no_followup = True
        self.assertDecision(invoice, "excluded", "No Follow-Up")

    def test_a_customer_who_wants_none(self):
        invoice = self._create_invoice(3)
        self.customer.no_reminder = True
        self.assertDecision(invoice, "excluded", "on the customer")

    def test_a_customer_who_wants_none_of_one_company(self):
        invoice = self._create_invoice(3)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.customer.with_company(other).no_reminder = True
        self.assertDecision(invoice, "remind")

    def test_nothing_while_reminders_are_off(self):
        invoice = self._create_invoice(3)
        self.company.reminder_from_date = False
        self.assertDecision(invoice, "excluded", "switched off")

    def test_nothing_without_levels(self):
        invoice = self._create_invoice(3)
        (self.first | self.second | self.call).active = False
        self.assertDecision(invoice, "excluded", "levels")

    # === CREDIT === #

    def test_an_invoice_that_credit_covers(self):
        invoice = self._create_invoice(3)
        self._create_credit(100)
        self.assertDecision(invoice, "covered", "credit")

    def test_credit_covers_the_oldest_first(self):
        newer, older = self._create_invoice(3), self._create_invoice(5)
        self._create_credit(120)
        self.assertDecision(older, "covered")
        self.assertDecision(newer, "remind")
        (key,) = self._plan().credits
        self.assertEqual([left for _credit, left in self._plan().credits[key]], [20.0])

    def test_a_credit_note_counts(self):
        invoice = self._create_invoice(3)
        note = self._create_invoice(3, move_type="out_refund")
        self.assertDecision(invoice, "covered")
        note.button_draft()
        self.assertDecision(invoice, "remind")

    def test_credit_of_a_contact_is_the_customers(self):
        invoice = self._create_invoice(3)
        contact = self._create_customer(name="Eva", parent_id=self.customer.id)
        self._create_credit(100, contact)
        self.assertDecision(invoice, "covered")

    def test_credit_of_another_customer_is_not(self):
        invoice = self._create_invoice(3)
        self._create_credit(100, self.other_customer)
        self.assertDecision(invoice, "remind")

    def test_credit_in_another_currency_covers_nothing(self):
        usd = self._enable_currency("USD")
        invoice = self._create_invoice(3, currency_id=usd.id)
        self._create_credit(1000)
        self.assertDecision(invoice, "remind")

    def test_a_payment_on_account_without_journal_items_counts(self):
        invoice = self._create_invoice(3)
        with self._without_journal_items():
            payment = self.env["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.customer.id,
                    "amount": 100,
                    "journal_id": self._get_journal("bank").id,
                }
            )
            payment.action_post()
        self.assertFalse(payment.move_id)
        self.assertDecision(invoice, "covered")

    def test_money_in_the_bank_that_nobody_has_booked_counts(self):
        invoice = self._create_invoice(3)
        bank = self._get_journal("bank")
        bank.suspense_account_id = self.env["account.account"].create(
            {"name": "Suspense", "code": "555000", "account_type": "asset_current"}
        )
        line = self.env["account.bank.statement.line"].create(
            {"journal_id": bank.id, "date": TODAY, "amount": 100, "payment_ref": "?"}
        )
        self.assertDecision(invoice, "remind")  # nobody knows whose it is
        line.partner_id = self.customer
        self.assertDecision(invoice, "covered")

    def test_a_disputed_invoice_does_not_use_up_the_credit(self):
        disputed, invoice = self._create_invoice(9), self._create_invoice(3)
        disputed.action_toggle_block_payment()
        self._create_credit(100)
        self.assertDecision(invoice, "covered")

    # === LADDERS === #

    def test_a_customer_with_a_ladder_of_his_own(self):
        ladder = self.env["payment.reminder.ladder"].create({"name": "Patient"})
        level = self.first.copy({"ladder_id": ladder.id, "days_overdue": 60})
        self.customer.reminder_ladder_id = ladder
        invoice = self._create_invoice(20)
        other = self._create_invoice(20, self.other_customer)
        self.assertEqual(self._decide(invoice).level, level)
        self.assertDecision(invoice, "wait")
        self.assertDecision(other, "remind")

    def test_an_archived_ladder_is_as_none(self):
        ladder = self.env["payment.reminder.ladder"].create({"name": "Patient"})
        self.first.copy({"ladder_id": ladder.id, "days_overdue": 60})
        self.customer.reminder_ladder_id = ladder
        ladder.active = False
        self.assertDecision(self._create_invoice(20), "remind")

    # === COST === #

    def test_planning_costs_the_same_for_any_number_of_customers(self):
        counts = []
        for number in (10, 100):
            customers = self._create_customers(number)
            self._create_invoices(customers, 4)
            self._create_credit(10, customers[0])
            with self.counting() as counted:
                plan = self._plan(customers)
                self.assertEqual(len(plan.due), number)
            counts.append(counted.statements)
        self.assertLessEqual(counts[1], counts[0] + 2)

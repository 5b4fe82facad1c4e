from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..charge_rules import next_attempt
from .charge_common import ChargeCommon
from .reminder_common import TODAY

ENGINE = "odoo.addons.recurring_billing.models.payment_charge_engine"


@tagged("post_install", "-at_install")
class TestAttempts(TransactionCase):
    """On the due date, a day later, and three days after it."""

    def test_the_first_is_on_the_due_date(self):
        self.assertEqual(next_attempt(TODAY, []), TODAY)

    def test_then_after_one_day_and_after_three(self):
        first = TODAY
        second = next_attempt(TODAY, [first])
        self.assertEqual(second, TODAY + timedelta(days=1))
        third = next_attempt(TODAY, [first, second])
        self.assertEqual(third, TODAY + timedelta(days=3))

    def test_never_two_on_one_day(self):
        late = TODAY + timedelta(days=9)
        self.assertEqual(next_attempt(TODAY, [late]), late + timedelta(days=1))

    def test_not_a_fourth_time(self):
        self.assertIsNone(next_attempt(TODAY, [TODAY] * 3))


@tagged("post_install", "-at_install")
class TestCharge(ChargeCommon):
    def test_an_invoice_is_charged_on_its_due_date(self):
        invoice = self._create_due()
        self._charge(TODAY - timedelta(days=1))
        self.assertFalse(self.asked)
        self._charge()
        self.assertEqual(self.asked, [(100.0, self.token.id)])
        self.assertEqual(invoice.payment_state, invoice._get_invoice_in_payment_state())
        self.assertEqual(self._get_charges(invoice).outcome, "done")

    def test_it_is_charged_once_however_often_the_action_runs(self):
        self._create_due()
        for _time in range(3):
            self._charge()
        self.assertEqual(len(self.asked), 1)

    def test_nothing_happens_while_it_is_off(self):
        self.company.charge_from_date = False
        self._create_due()
        self._charge()
        self.assertFalse(self.asked)

    def test_what_was_due_before_is_left_in_peace(self):
        self.company.charge_from_date = TODAY
        self._create_invoice(1)
        self._charge()
        self.assertFalse(self.asked)

    def test_nothing_happens_without_consent(self):
        self.consent._revoke()
        self._create_due()
        self._charge()
        self.assertFalse(self.asked)

    def test_a_disputed_invoice_is_not_charged(self):
        invoice = self._create_due()
        invoice.action_toggle_block_payment()
        self._charge()
        self.assertFalse(self.asked)

    def test_what_is_paid_in_part_is_charged_in_part(self):
        invoice = self._create_due()
        self._pay(invoice, 40.0)
        self._charge()
        self.assertEqual(self.asked, [(60.0, self.token.id)])

    def test_credit_of_the_customer_is_settled_first(self):
        invoice = self._create_due()
        self._create_credit_note(30.0)
        self._charge()
        self.assertFalse(self.asked)
        charge = self._get_charges(invoice)
        self.assertEqual(charge.state, "held")
        self.assertIn("credit", charge.reason)
        self.assertEqual(len(self._get_warnings()), 1)
        self._charge(TODAY + timedelta(days=1))
        self.assertEqual(len(self._get_charges(invoice)), 1, "told once")

    def test_a_card_that_was_deleted_takes_the_consent_along(self):
        self.token.active = False
        self.assertTrue(self.consent.date_revoked)
        self._create_due()
        self._charge()
        self.assertFalse(self.asked)


@tagged("post_install", "-at_install")
class TestRefusedCharge(ChargeCommon):
    def setUp(self):
        super().setUp()
        self.answer = "refused"

    def test_it_is_tried_three_times_then_a_person_is_told(self):
        invoice = self._create_due()
        for days in range(6):
            self._charge(TODAY + timedelta(days=days))
        self.assertEqual(
            [(row.date - TODAY).days for row in self._get_charges(invoice)], [0, 1, 3]
        )
        self.assertEqual(set(self._get_charges(invoice).mapped("outcome")), {"refused"})
        self.assertIn("Insufficient funds", self._get_warnings().note)

    def test_nobody_is_reminded_while_attempts_are_left(self):
        invoice = self._create_due()
        self._charge()
        self.clock.move_to(f"{TODAY + timedelta(days=1)} 09:00:00")
        self.assertDecision(invoice, "excluded", "under way")

    def test_then_the_reminders_go_on(self):
        invoice = self._create_due()
        for days in (0, 1, 3):
            self._charge(TODAY + timedelta(days=days))
        self.assertDecision(invoice, "remind")

    def test_a_charge_that_never_came_stops_no_reminder(self):
        invoice = self._create_invoice(5)
        self.assertDecision(invoice, "remind")

    def test_one_error_does_not_stop_the_others(self):
        first = self._create_due(amount=10.0)
        second = self._create_due(amount=20.0)
        self.answer = "done"

        def fail(transaction):
            if transaction.invoice_ids == first:
                raise ValueError("The line is dead")

        with mute_logger(ENGINE):
            self._charge(during=fail)
        self.assertEqual(self._get_charges(second).outcome, "done")
        self.assertEqual(self._get_charges(first).state, "unknown")


@tagged("post_install", "-at_install")
class TestLastLook(ChargeCommon):
    """Between the claim and the question to the provider something may happen."""

    def _charge_after(self, event):
        def happen(name):
            if name == "charge-claimed":
                event()
                self.env.flush_all()

        with patch(f"{ENGINE}.failpoint", happen):
            self._charge()

    def test_who_pays_at_the_last_moment_is_not_charged(self):
        invoice = self._create_due()
        self._charge_after(lambda: self._pay(invoice))
        self.assertFalse(self.asked)
        self.assertEqual(self._get_charges(invoice).state, "void")

    def test_who_withdraws_at_the_last_moment_is_not_charged(self):
        invoice = self._create_due()
        self._charge_after(self.consent._revoke)
        self.assertFalse(self.asked)
        self.assertEqual(self._get_charges(invoice).state, "void")


@tagged("post_install", "-at_install")
class TestUnknownCharge(ChargeCommon):
    """Nobody asks again before a person has looked."""

    people = ("reader",)

    def setUp(self):
        super().setUp()
        self.invoice = self._create_due()

        def die(transaction):
            raise ValueError("The line is dead")

        with mute_logger(ENGINE):
            self._charge(during=die)
        self.asked.clear()
        self.charge = self._get_charges(self.invoice)

    def test_a_person_is_asked_to_look(self):
        self.assertEqual(self.charge.state, "unknown")
        self.assertIn("Look at the provider", self._get_warnings().note)

    def test_the_card_is_not_charged_again(self):
        self._charge(TODAY + timedelta(days=1))
        self.assertFalse(self.asked)

    def test_nobody_is_reminded_of_it(self):
        self.clock.move_to(f"{TODAY + timedelta(days=4)} 09:00:00")
        self.assertDecision(self.invoice, "excluded", "under way")

    def test_who_has_seen_the_money_books_it(self):
        self.charge.with_user(self.biller).action_was_charged()
        self.assertEqual(self.charge.outcome, "done")
        self.assertFalse(self.invoice.amount_residual)

    def test_who_has_seen_none_lets_it_go_on(self):
        self.charge.with_user(self.biller).action_was_not_charged()
        self.assertEqual(self.charge.state, "void")
        self._charge(TODAY + timedelta(days=1))
        self.assertEqual(len(self.asked), 1)

    def test_readers_may_not_say(self):
        with self.assertRaises(AccessError):
            self.charge.with_user(self.reader).action_was_charged()

    def test_what_is_known_is_not_changed(self):
        self.charge.with_user(self.biller).action_was_charged()
        with self.assertRaisesRegex(UserError, "it is known"):
            self.charge.with_user(self.biller).action_was_not_charged()

    def test_a_claim_without_a_process_is_told_after_an_hour(self):
        other = self._create_due()
        claim = self.charge.copy({"move_id": other.id, "state": "claimed"})
        self._charge(TODAY + timedelta(days=1))
        self.assertEqual(claim.state, "unknown")
        self.assertFalse(self.asked)


@tagged("post_install", "-at_install")
class TestChargeLedger(ChargeCommon):
    """The database itself refuses a second charge."""

    def _create_row(self, invoice, **values):
        return self.Charge.create(
            {
                "move_id": invoice.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "consent_id": self.consent.id,
                "date": TODAY,
                "date_due": TODAY,
                "amount": 100.0,
                "currency_id": self.company.currency_id.id,
                "state": "sent",
                **values,
            }
        )

    def assertRefused(self, invoice, **values):
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._create_row(invoice, **values)

    def test_two_on_one_day(self):
        invoice = self._create_due()
        self._create_row(invoice)
        self.assertRefused(invoice)

    def test_two_at_a_time(self):
        invoice = self._create_due()
        self._create_row(invoice, state="unknown")
        tomorrow = TODAY + timedelta(days=1)
        self.assertRefused(invoice, state="claimed", date=tomorrow)

    def test_without_the_indexes_nothing_is_charged(self):
        self.env.cr.execute("DROP INDEX payment_charge_once_a_day")
        with self.assertRaisesRegex(UserError, "payment_charge_once_a_day"):
            self.Charge._check_guards()

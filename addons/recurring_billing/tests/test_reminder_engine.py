"""What the scheduled action and "Remind Now" write down, and whom they tell."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .reminder_common import TODAY, ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderEngine(ReminderCommon):
    people = ("reader",)

    # === THE LEDGER === #

    def test_a_reminder_is_written_down(self):
        invoice = self._create_invoice(3)
        self._remind()
        row = self._get_rows(invoice)
        self.assertEqual(
            (row.level_id, row.date, row.state, row.amount_residual, row.date_due),
            (self.first, TODAY, "queued", 100.0, TODAY - timedelta(days=3)),
        )
        self.assertEqual(row.partner_id, self.customer)
        self.assertRegex(row.letter_id.name, r"REM/2027/\d{4}")
        self.assertEqual(invoice.reminder_level_id, self.first)

    def test_the_action_may_be_called_as_often_as_one_likes(self):
        invoice = self._create_invoice(20)
        for _time in range(3):
            self._remind()
        self.assertEqual(self._get_levels(invoice), [3])

    def test_levels_follow_each_other_in_their_distance(self):
        invoice = self._create_invoice(40)
        for days in range(0, 30):
            self._remind_and_send(days)
        rows = self._get_rows(invoice)
        self.assertEqual(rows.mapped("level_id.days_overdue"), [3, 15, 25])
        self.assertEqual([(row.date - TODAY).days for row in rows], [0, 12, 22])

    def test_the_next_level_waits_until_the_one_before_has_left(self):
        invoice = self._create_invoice(3)
        self._remind()
        self._remind(20)
        self.assertEqual(self._get_levels(invoice), [3])
        self.assertDecision(invoice, "wait", "has not left yet")

    def test_the_database_refuses_a_second_reminder(self):
        invoice = self._create_invoice(3)
        self._remind()
        row = self._get_rows(invoice).sudo()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            row.copy()
            self.env.flush_all()

    def test_a_void_one_may_be_repeated(self):
        invoice = self._create_invoice(3)
        self._remind()
        self._get_deliveries().action_cancel()
        self.assertFalse(self._get_rows(invoice))
        self.assertDecision(invoice, "wait", "called back")
        self._remind(1)
        self.assertEqual(self._get_levels(invoice), [3])

    def test_without_the_index_nothing_is_reminded(self):
        self.env.cr.execute("DROP INDEX payment_reminder_once")
        with self.assertRaisesRegex(UserError, "payment_reminder_once"):
            self.engine._cron_remind()

    def test_nobody_writes_the_ledger_by_hand(self):
        self._create_invoice(3)
        self._remind()
        row = self.Reminder.search([("company_id", "=", self.company.id)])
        manager = row.with_user(self.env.ref("base.user_admin"))
        for call in (
            lambda: manager.write({"state": "void"}),
            lambda: manager.create({"move_id": row.move_id.id}),
            lambda: manager.letter_id.write({"content": []}),
        ):
            with self.assertRaises(AccessError):
                call()

    # === ONE LETTER === #

    def test_a_customer_gets_one_letter_of_everything(self):
        invoices = self._create_invoice(20) | self._create_invoice(4)
        self._remind()
        letters = self.Reminder.search([("move_id", "in", invoices.ids)]).letter_id
        self.assertEqual(len(letters), 1)

    def test_the_highest_level_gives_the_text(self):
        older = self._create_invoice(20)
        self._remind_and_send()
        newer = self._create_invoice(-7)  # 5 days overdue in 12 days
        self._remind(12)
        letter = self._get_rows(older)[-1].letter_id
        self.assertEqual(letter, self._get_rows(newer).letter_id)
        self.assertEqual(letter.level_id, self.second)

    def test_two_customers_get_two_letters(self):
        invoices = self._create_invoice(4) | self._create_invoice(
            4, self.other_customer
        )
        self._remind()
        letters = self.Reminder.search([("move_id", "in", invoices.ids)]).letter_id
        self.assertEqual(letters.partner_id, self.customer | self.other_customer)

    def test_the_letter_goes_where_the_invoice_went(self):
        address = self._create_customer(
            name="Accounts", parent_id=self.customer.id, type="invoice"
        )
        invoice = self._create_invoice(4, address)
        self._remind()
        letter = self._get_rows(invoice).letter_id
        self.assertEqual(letter.partner_id, self.customer)
        self.assertEqual(letter.addressee_id, address)
        self.assertIn("accounts@example.com", self._get_deliveries().email_to)

    def test_nobody_is_mailed_before_the_usual_hour(self):
        self.clock.move_to("2027-03-15 01:00:00")
        self._create_invoice(4)
        self._remind()
        self.assertEqual(
            str(self._get_deliveries().next_attempt), "2027-03-15 07:00:00"
        )

    # === OTHER COMPANIES === #

    def test_a_company_that_has_not_switched_it_on_is_left_alone(self):
        invoice = self._create_invoice(4)
        self.company.reminder_from_date = False
        self._remind()
        self.assertFalse(self._get_rows(invoice))

    # === TROUBLE === #

    def test_a_bad_customer_never_stops_the_others(self):
        bad, good = (
            self._create_invoice(4),
            self._create_invoice(4, self.other_customer),
        )
        prepare = type(self.engine)._prepare_letter

        def fail(engine, company, day, partner, items):
            if partner == self.customer:
                raise UserError(engine.env._("His <b>record</b> is broken."))
            return prepare(engine, company, day, partner, items)

        with patch.object(type(self.engine), "_prepare_letter", fail):
            self._remind()
            self._remind()
        self.assertFalse(self._get_rows(bad))
        self.assertEqual(self._get_levels(good), [3])
        activity = self.customer.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.biller)
        self.assertIn("His &lt;b&gt;record&lt;/b&gt; is broken.", activity.note)

    def test_a_customer_whom_somebody_else_holds_has_his_turn_later(self):
        held = self._create_invoice(4)
        free = self._create_invoice(4, self.other_customer)
        with patch.object(
            type(self.customer),
            "try_lock_for_update",
            lambda partners, **_options: partners - self.customer,
        ):
            self._remind()
        self.assertEqual(self._get_levels(free), [3])
        self.assertFalse(self._get_rows(held))
        self._remind()
        self.assertEqual(self._get_levels(held), [3])

    def test_what_another_runner_wrote_meanwhile_is_not_written_twice(self):
        invoice = self._create_invoice(4)
        other = self._create_invoice(4, self.other_customer)
        self.customer.action_remind_now()
        with (
            patch.object(type(self.Reminder), "_get_used", lambda _model, _moves: {}),
            mute_logger("odoo.sql_db"),
        ):
            self._remind()
        self.assertEqual(self._get_levels(invoice), [3])
        self.assertEqual(self._get_levels(other), [3])
        self.assertFalse(self.customer.activity_ids)

    def test_nobody_can_be_told_and_the_others_are_reminded(self):
        self.customer.email = False
        invoice = self._create_invoice(4, self.other_customer)
        alone = self._create_invoice(4)
        with (
            patch.object(
                type(self.env["mail.activity"]), "create", side_effect=UserError("No")
            ),
            mute_logger("odoo.addons.recurring_billing.models.payment_reminder_call"),
        ):
            self._remind()
        self.assertEqual(self._get_levels(invoice), [3])
        self.assertEqual(self._get_rows(alone).state, "failed")

    def test_a_customer_without_address_is_told_and_the_ladder_goes_on(self):
        self.customer.email = False
        invoice = self._create_invoice(4)
        self._remind()
        self.assertEqual(self._get_deliveries().state, "no_address")
        self.assertEqual(self._get_rows(invoice).state, "failed")
        self.assertIn("no valid e-mail address", self.customer.activity_ids.note)
        self._remind(12)
        self.assertEqual(self._get_levels(invoice), [3, 15])

    def test_an_address_added_later_gets_it(self):
        self.customer.email = False
        invoice = self._create_invoice(4)
        self._remind()
        self.customer.email = "alma@example.com"
        self._get_deliveries().action_retry()
        self.assertEqual(self._get_rows(invoice).state, "queued")
        self._make_mails()
        self._hand_over()
        self.assertEqual(self._get_rows(invoice).state, "sent")

    # === TELLING THE USER === #

    def _call(self, **values):
        """The activity after the last level."""
        self.customer.write(values)
        self.call.days_overdue = 1
        (self.first | self.second).active = False
        invoice = self._create_invoice(4)
        self._remind()
        self.assertEqual(self._get_rows(invoice).state, "notified")
        return self.customer.activity_ids

    def test_the_last_level_sends_nothing_and_tells_the_user(self):
        activity = self._call(phone="612 34 56 78")
        self.assertFalse(self._get_deliveries())
        self.assertEqual(activity.user_id, self.biller)
        self.assertEqual(activity.date_deadline, TODAY)
        self.assertIn('href="tel:+34612345678"', activity.note)

    def test_it_says_so_when_there_is_no_number(self):
        self.assertIn("no phone number", self._call(phone=False).note)

    def test_the_number_of_a_contact_is_better_than_none(self):
        self._create_customer(
            name="Eva", parent_id=self.customer.id, phone="+34 612 34 56 79"
        )
        self.assertIn("tel:+34612345679", self._call().note)

    def test_it_tells_what_was_tried(self):
        invoice = self._create_invoice(20)
        for days in (0, 12, 22):
            self._remind_and_send(days)
        note = self.customer.activity_ids.note
        self.assertIn(invoice.name, note)
        self.assertIn("First reminder", note)
        self.assertIn("03/27/2027", note)
        self.assertIn("Sent", note)

    def test_who_is_responsible(self):
        boss = self._create_user("boss", "base.group_user")
        find = self.env["payment.reminder.call"]._get_responsible
        invoice = self._create_invoice(4)
        invoice.invoice_user_id = False
        self.assertEqual(find(self.company, self.customer, invoice), self.biller)
        self.customer.user_id = boss
        self.assertEqual(find(self.company, self.customer, invoice), boss)
        invoice.invoice_user_id = self.biller
        self.assertEqual(find(self.company, self.customer, invoice), self.biller)
        self.biller.active = False
        self.assertEqual(find(self.company, self.customer, invoice), boss)

    # === REMIND NOW === #

    def test_remind_now_goes_through_the_same_door(self):
        invoice = self._create_invoice(4)
        self.customer.with_user(self.biller).action_remind_now()
        self.assertEqual(self._get_levels(invoice), [3])
        with self.assertRaisesRegex(UserError, "has not left yet"):
            self.customer.with_user(self.biller).action_remind_now()
        self._remind()
        self.assertEqual(self._get_levels(invoice), [3])

    def test_remind_now_says_why_not(self):
        invoice = self._create_invoice(4)
        invoice.action_toggle_block_payment()
        with self.assertRaisesRegex(UserError, f"{invoice.name}: .*disputed"):
            self.customer.with_user(self.biller).action_remind_now()

    def test_remind_now_while_it_is_off(self):
        self.company.reminder_from_date = False
        with self.assertRaisesRegex(UserError, "Configuration"):
            self.customer.with_user(self.biller).action_remind_now()

    def test_a_reader_reminds_nobody(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.reader).action_remind_now()


@tagged("post_install", "-at_install")
class TestReminderBudget(ReminderCommon):
    #: Statements for each further customer who gets a letter.
    BUDGET = 8

    def _count(self, number):
        customers = self._create_customers(number)
        self._create_invoices(customers, 4)
        with self.counting() as counted:
            engine = self.engine._with_company(self.company)
            engine._run_batch(self.company, customers.ids)
        rows = self.Reminder.search([("partner_id", "in", customers.ids)])
        self.assertEqual(len(rows.letter_id), number)
        return counted.statements

    def test_reminding_is_flat(self):
        self._count(2)
        few, many = self._count(10), self._count(100)
        self.assertLessEqual((many - few) / 90, self.BUDGET)

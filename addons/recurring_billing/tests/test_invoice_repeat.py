""" "Repeat Monthly": one click on an invoice makes a running task."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RecurringCommon


class RepeatCommon(RecurringCommon):
    @classmethod
    def _create_invoice(cls, lines=None, post=True, **values):
        """A customer invoice of today over 100.00 and 21 % VAT."""
        lines = lines or [{"product_id": cls.product.id, "price_unit": 100}]
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": "2027-03-15",
                "invoice_line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def _repeat(self, invoices):
        """What a clerk's click does; the tasks."""
        invoices.with_user(self.biller).action_repeat_monthly()
        return invoices._get_repeating_tasks()


@tagged("post_install", "-at_install")
class TestRepeatMonthly(RepeatCommon):
    GROUPS = {**RepeatCommon.GROUPS, "clerk": "account.group_account_invoice"}
    people = ("reader", "stranger", "portal", "clerk")

    def test_one_click_makes_a_running_task(self):
        invoice = self._create_invoice()
        task = self._repeat(invoice)
        self.assertEqual((task.state, task.cycle), ("running", "monthly"))
        self.assertEqual(str(task.date_next), "2027-04-15")
        self.assertEqual(task.recipient_ids.partner_id, self.customer)
        self.assertEqual((task.price_mode, task.completion), ("keep", "send"))
        self.assertEqual(task.user_id, self.biller)

    def test_the_invoice_is_the_first_document_of_the_task(self):
        invoice = self._create_invoice()
        task = self._repeat(invoice)
        self.assertRows(task, "2027-03-15 generated")
        row = self._get_rows(task)
        self.assertEqual(row.move_id, invoice)
        self.assertEqual((row.document_name, row.amount_total), (invoice.name, 121))
        self.assertEqual(invoice.recurring_task_id, task)
        self.assertEqual(task.document_count, 1)

    def test_the_click_issues_nothing(self):
        invoice = self._create_invoice()
        task = self._repeat(invoice)
        self._run_cron("2027-03-16 08:00:00")
        self.assertEqual(self._get_documents(task), invoice)

    def test_a_month_later_there_is_an_equal_invoice_with_a_new_number(self):
        invoice = self._create_invoice()
        task = self._repeat(invoice)
        self._run_cron("2027-04-14 08:00:00")
        self.assertEqual(len(self._get_rows(task)), 1)
        self._run_cron("2027-04-15 08:00:00")
        copy = self._get_documents(task) - invoice
        self.assertEqual(str(copy.invoice_date), "2027-04-15")
        self.assertEqual((copy.state, copy.amount_total), ("posted", 121))
        self.assertNotEqual(copy.name, invoice.name)

    def test_it_is_e_mailed_by_itself(self):
        invoice = self._create_invoice()
        task = self._repeat(invoice)
        self._run_cron("2027-04-15 08:00:00")
        rows = self._get_rows(task)
        self.assertFalse(rows[0].delivery_ids)
        self.assertEqual(rows[1].delivery_ids.partner_id, self.customer)

    def test_the_31st_comes_back_after_february(self):
        invoice = self._create_invoice(invoice_date="2027-01-31")
        self.clock.move_to("2027-02-01 08:00:00")
        task = self._repeat(invoice)
        self._run_cron("2027-02-28 08:00:00")
        self._run_cron("2027-03-31 08:00:00")
        self.assertDates(task, "2027-01-31", "2027-02-28", "2027-03-31")

    def test_dates_that_passed_wait_for_a_decision(self):
        task = self._repeat(self._create_invoice(invoice_date="2027-01-10"))
        expected = ["2027-01-10 generated", "2027-02-10 held", "2027-03-10 held"]
        self.assertRows(task, *expected)
        self.assertEqual(str(task.date_next), "2027-04-10")
        self._run_cron("2027-03-16 08:00:00")
        self.assertRows(task, *expected)
        self.assertIn("had passed", task.waiting_reason)

    def test_passed_dates_are_released_or_skipped_one_by_one(self):
        task = self._repeat(self._create_invoice(invoice_date="2027-01-10"))
        rows = self._get_rows(task).with_user(self.biller)
        rows[1].action_release()
        rows[2].action_skip()
        self.assertRows(
            task, "2027-01-10 generated", "2027-02-10 generated", "2027-03-10 skipped"
        )

    def test_the_date_of_today_has_passed_too(self):
        task = self._repeat(self._create_invoice(invoice_date="2027-02-15"))
        self.assertRows(task, "2027-02-15 generated", "2027-03-15 held")
        self.assertEqual(str(task.date_next), "2027-04-15")

    def test_the_cycle_may_be_changed_afterwards(self):
        task = self._repeat(self._create_invoice()).with_user(self.biller)
        task.cycle = "quarterly"
        self.assertEqual(str(task.date_next), "2027-06-15")
        self._run_cron("2027-06-15 08:00:00")
        self.assertDates(task, "2027-03-15", "2027-06-15")

    def test_cancelling_the_invoice_frees_its_date_and_bills_it_to_nobody(self):
        invoice = self._create_invoice()
        task = self._repeat(invoice)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertRows(task, "2027-03-15 void")
        self._run_cron("2027-04-15 08:00:00")
        self.assertRows(task, "2027-03-15 void", "2027-04-15 generated")

    def test_the_first_invoice_counts_among_a_limited_number(self):
        task = self._repeat(self._create_invoice()).with_user(self.biller)
        task.max_documents = 2
        self._run_cron("2027-04-15 08:00:00")
        self.assertEqual((task.state, task.document_count), ("done", 2))

    # === ON THE INVOICE === #

    def test_the_invoice_says_that_it_is_repeated_and_at_which_prices(self):
        invoice = self._create_invoice().with_user(self.biller)
        self.assertFalse(invoice.repeat_task_id)
        action = invoice.action_repeat_monthly()
        self.assertIn("same prices", action["params"]["message"])
        self.assertIn("at the same prices: next on 15 April 2027", invoice.repeat_text)
        self.assertEqual(invoice.repeat_task_id.state, "running")

    def test_it_is_stopped_from_the_invoice(self):
        invoice = self._create_invoice().with_user(self.biller)
        task = self._repeat(invoice)
        invoice.action_stop_repeating()
        self.assertEqual(task.state, "done")
        self.assertFalse(invoice.repeat_task_id)
        self.assertTrue(invoice.repeat_was_stopped)
        with self.assertRaisesRegex(UserError, "not being repeated"):
            invoice.action_stop_repeating()

    def test_repeating_again_goes_on_with_the_same_task(self):
        invoice = self._create_invoice()
        task = self._repeat(invoice)
        invoice.with_user(self.biller).action_stop_repeating()
        self.clock.move_to("2027-05-20 08:00:00")
        self.assertEqual(self._repeat(invoice), task)
        self.assertEqual(task.state, "running")
        self.assertRows(
            task, "2027-03-15 generated", "2027-04-15 skipped", "2027-05-15 skipped"
        )

    # === MANY === #

    def test_many_at_once_each_with_a_task_of_its_own(self):
        invoices = self._create_invoice() | self._create_invoice(
            partner_id=self.other_customer.id
        )
        tasks = self._repeat(invoices)
        self.assertEqual(len(tasks), 2)
        self.assertEqual(set(tasks.mapped("state")), {"running"})
        self.assertEqual(
            tasks.recipient_ids.partner_id, self.customer | self.other_customer
        )

    def test_of_many_those_that_cannot_be_repeated_are_named(self):
        good, draft = self._create_invoice(), self._create_invoice(post=False)
        invoices = (good | draft).with_user(self.biller)
        message = invoices.action_repeat_monthly()["params"]["message"]
        self.assertTrue(good._get_repeating_tasks())
        self.assertFalse(draft._get_repeating_tasks())
        self.assertIn("Confirm it first", message)

    def test_more_of_one_customer_than_he_may_get_on_a_day(self):
        """Adopting invoices is not issuing them: nothing of today is stopped."""
        invoices = self.env["account.move"].union(
            *(self._create_invoice() for _number in range(21))
        )
        self._repeat(invoices)
        task = self._start_task(date_start="2027-03-16")
        self._run_cron("2027-03-16 08:00:00")
        self.assertRows(task, "2027-03-16 generated")

    # === REFUSALS === #

    def assertNotRepeated(self, invoice, words):
        with self.assertRaisesRegex(UserError, words):
            invoice.with_user(self.biller).action_repeat_monthly()

    def test_drafts(self):
        self.assertNotRepeated(self._create_invoice(post=False), "Confirm it first")

    def test_credit_notes(self):
        note = self._create_invoice(move_type="out_refund")
        self.assertNotRepeated(note, "only customer invoices")

    def test_credited_invoices(self):
        invoice = self._create_invoice()
        invoice._reverse_moves([{"invoice_date": "2027-03-15"}], cancel=True)
        self.assertNotRepeated(invoice, "was credited")

    def test_an_invoice_that_is_repeated_already(self):
        invoice = self._create_invoice()
        self._repeat(invoice)
        self.assertNotRepeated(invoice, "repeated already, by “Repeats INV")

    def test_an_invoice_that_a_task_issued(self):
        task = self._start_task()
        task.action_run_now()
        invoice = self._get_documents(task)
        self.assertNotRepeated(invoice, "issued by “Support contracts”")

    def test_archived_products(self):
        invoice = self._create_invoice()
        self.product.active = False
        self.assertNotRepeated(invoice, "archived: Support")

    def test_down_payments(self):
        line = {"product_id": self.product.id, "is_downpayment": True}
        self.assertNotRepeated(self._create_invoice([line]), "down payment")

    def test_nothing_to_pay(self):
        line = {"product_id": self.product.id, "price_unit": 0}
        self.assertNotRepeated(self._create_invoice([line]), "total is zero")

    # === RIGHTS AND GUARDS === #

    def test_only_billing_people_repeat_and_stop(self):
        invoice = self._create_invoice()
        for user in (self.clerk, self.reader, self.stranger, self.portal):
            with self.assertRaises(AccessError):
                invoice.with_user(user).action_repeat_monthly()
            with self.assertRaises(AccessError):
                invoice.with_user(user).action_stop_repeating()

    def test_nobody_forges_the_link_to_an_invoice_or_order(self):
        invoice = self._create_invoice()
        task = self._create_task()
        Task = self.env["recurring.task"].with_user(self.biller)
        values = self._prepare_task()
        for name, record in (
            ("origin_move_id", invoice),
            ("sale_order_id", self.env["sale.order"]),
        ):
            with self.assertRaises(AccessError):
                task.write({name: record.id})
        with self.assertRaises(AccessError):
            Task.create({**values, "origin_move_id": invoice.id})
        with self.assertRaises(AccessError):
            Task.with_context(default_origin_move_id=invoice.id).create(values)

    def test_the_database_refuses_a_second_task(self):
        invoice = self._create_invoice()
        self._repeat(invoice)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "origin_move_uniq"),
            self.cr.savepoint(),
        ):
            values = self._prepare_task(origin_move_id=invoice.id)
            self.env["recurring.task"].sudo().create(values)

    def test_a_copy_of_the_task_repeats_no_invoice(self):
        task = self._repeat(self._create_invoice()).with_user(self.biller)
        copy = task.copy()
        self.assertFalse(copy.origin_move_id)
        self.assertEqual(copy.state, "draft")


@tagged("post_install", "-at_install", "slow", "release")
class TestRepeatBudget(RepeatCommon):
    #: Statements for each further invoice; measured: 5.
    BUDGET = 6

    def test_the_list_action_costs_the_same_for_each_invoice(self):
        customers = self._create_customers(112)
        invoices = self.env["account.move"].union(
            *(self._create_invoice(partner_id=c.id) for c in customers)
        )
        counts = []
        for part in (invoices[:2], invoices[2:12], invoices[12:]):
            with self.counting() as counted:
                part.with_user(self.biller).action_repeat_monthly()
            counts.append(counted.statements)
        _warm, few, many = counts
        self.assertLessEqual((many - few) / 90, self.BUDGET, counts)

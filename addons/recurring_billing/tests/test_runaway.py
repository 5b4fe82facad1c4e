"""P13, a runaway stops itself: parked, nothing issued, one click to release."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models.recurring_runaway import exceeds
from .common import RecurringCommon


class RunawayCommon(RecurringCommon):
    def _run_months(self, task, *months):
        """Issue the document of the first of each of these months of 2027."""
        for month in months:
            self._run_cron(f"2027-{month:02}-01 08:00:00")
        rows = self._get_rows(task)
        self.assertEqual(set(rows.mapped("state")), {"generated"}, rows.mapped("error"))

    def _get_states(self, task, day):
        rows = self._get_rows(task).filtered(lambda r: str(r.scheduled_date) == day)
        return set(rows.mapped("state"))


@tagged("post_install", "-at_install")
class TestExceeds(RecurringCommon):
    def test_only_more_than_the_limit_is_too_much(self):
        self.assertFalse(exceeds(300.0, 100.0, 200))
        self.assertTrue(exceeds(300.01, 100.0, 200))
        self.assertFalse(exceeds(0.1 * 3, 0.1, 200))  # 0.30000000000000004

    def test_without_anything_to_compare_nothing_is_too_much(self):
        self.assertFalse(exceeds(1e9, 0.0, 200))
        self.assertFalse(exceeds(10.0, -5.0, 200))


@tagged("post_install", "-at_install")
class TestGrowth(RunawayCommon):
    def test_a_price_typed_ten_times_parks_the_whole_task(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        self._run_months(task, 4, 5)
        task.line_ids.price_unit = 1000
        self._run_cron("2027-06-01 08:00:00")
        self.assertEqual(len(self._get_documents(task)), 4)
        self.assertEqual(self._get_states(task, "2027-06-01"), {"held"})
        run = self._get_rows(task)[-1].run_id
        self.assertEqual((run.held_count, run.generated_count), (2, 0))
        self.assertEqual(str(task.date_next), "2027-07-01")

    def test_the_reason_names_both_figures_and_the_limit(self):
        task = self._start_task()
        self._run_months(task, 4)
        task.line_ids.quantity = 4
        self._run_cron("2027-05-01 08:00:00")
        self.assertRegex(
            self._get_rows(task)[-1].error, r"400\.00.*100\.00.*more than 200 %"
        )
        self.assertEqual(task.waiting_reason, self._get_rows(task)[-1].error)
        self.assertEqual(task.waiting_count, 1)

    def test_three_times_as_much_is_still_issued(self):
        task = self._start_task()
        self._run_months(task, 4)
        task.line_ids.quantity = 3
        self._run_months(task, 5)

    def test_the_company_sets_the_limit(self):
        self.company.recurring_growth_limit = 50
        task = self._start_task()
        self._run_months(task, 4)
        task.line_ids.price_unit = 150
        self._run_months(task, 5)
        task.line_ids.price_unit = 226
        self._run_cron("2027-06-01 08:00:00")
        self.assertEqual(self._get_states(task, "2027-06-01"), {"held"})

    def test_a_limit_below_zero_is_refused(self):
        with self.assertRaises(ValidationError):
            self.company.recurring_growth_limit = -1

    def test_new_customers_are_parked_with_the_others(self):
        task = self._start_task()
        self._run_months(task, 4)
        task.recipient_ids = [Command.create({"partner_id": self.other_customer.id})]
        task.line_ids.price_unit = 1000
        self._run_cron("2027-05-01 08:00:00")
        self.assertEqual(len(self._get_documents(task)), 1)

    def test_catalogue_prices_are_compared_for_each_customer(self):
        task = self._start_task(price_mode="pricelist")
        self._run_months(task, 4)
        self.product.list_price = 1000
        self._run_cron("2027-05-01 08:00:00")
        self.assertEqual(self._get_states(task, "2027-05-01"), {"held"})

    def test_amounts_in_another_currency_are_compared_in_the_company_s(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"name": "2027-01-01", "currency_id": dollar.id, "rate": 2.0}
        )
        task = self._start_task(lines=[{"name": "Work", "price_unit": 100}])
        self._run_months(task, 4)  # 100 €
        task.write({"currency_id": dollar.id})
        task.line_ids.price_unit = 500  # 250 €
        self._run_months(task, 5)
        task.line_ids.price_unit = 1600  # 800 €
        self._run_cron("2027-06-01 08:00:00")
        self.assertEqual(self._get_states(task, "2027-06-01"), {"held"})

    def test_a_voided_document_is_no_measure(self):
        task = self._start_task()
        self._run_months(task, 4)
        task.line_ids.price_unit = 1000
        self._run_cron("2027-05-01 08:00:00")
        task.action_release()
        self._get_documents(task)[-1].button_cancel()
        self._run_cron("2027-06-01 08:00:00")
        self.assertEqual(self._get_states(task, "2027-06-01"), {"held"})

    def test_run_now_is_a_person_s_wish(self):
        task = self._start_task()
        self._run_months(task, 4)
        task.line_ids.price_unit = 1000
        task.action_run_now()
        self.assertEqual(self._get_states(task, "2027-05-01"), {"generated"})

    def test_a_customer_who_cannot_be_judged_hinders_nobody(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        self._run_months(task, 4)
        amounts = type(self.env["recurring.runaway"])._get_amounts

        def fail(runaway, slots):
            if any(s.recipient.partner_id == self.customer for s in slots):
                raise ValueError("broken")
            return amounts(runaway, slots)

        with patch.object(type(self.env["recurring.runaway"]), "_get_amounts", fail):
            self._run_months(task, 5)
            task.line_ids.price_unit = 1000
            self._run_cron("2027-06-01 08:00:00")
        self.assertEqual(self._get_states(task, "2027-06-01"), {"held"})


@tagged("post_install", "-at_install")
class TestNoFalseStop(RunawayCommon):
    def test_prices_that_grow_by_ten_percent_a_month(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        for month in range(4, 13):
            self._run_months(task, month)
            task.line_ids.price_unit *= 1.1

    def test_nine_new_customers_for_each_old_one(self):
        task = self._start_task()
        self._run_months(task, 4)
        task._add_recipients(self._create_customers(9))
        self._run_months(task, 5, 6)
        self.assertEqual(len(self._get_documents(task)), 1 + 10 + 10)

    def test_missed_months_are_caught_up(self):
        task = self._start_task()
        self._run_months(task, 4, 10)
        self.assertEqual(len(self._get_documents(task)), 7)

    def test_a_week_without_a_server_is_caught_up(self):
        task = self._start_task(interval_unit="day")
        self._run_cron("2027-04-01 08:00:00")
        self._run_cron("2027-04-09 08:00:00")
        self.assertEqual(len(self._get_documents(task)), 9)

    def test_customers_with_days_of_their_own_may_come_together(self):
        customers = self._create_customers(8)
        task = self._start_task(customers=customers)
        for day, recipient in enumerate(task.recipient_ids, 1):
            recipient.date_start = f"2027-04-{day:02}"
        for day in range(1, 9):
            self._run_cron(f"2027-04-{day:02} 08:00:00")
        self._run_cron("2027-05-09 08:00:00")
        self.assertEqual(len(self._get_documents(task)), 16)

    def test_a_resumed_task_goes_on(self):
        task = self._start_task()
        self._run_months(task, 4)
        task.action_pause()
        self.clock.move_to("2027-06-15 08:00:00")
        task.action_resume()
        self._run_cron("2027-07-01 08:00:00")
        self.assertEqual(self._get_states(task, "2027-07-01"), {"generated"})

    def test_taxes_in_the_price_are_not_growth(self):
        self.company.recurring_growth_limit = 1
        tax = self._create_tax(
            name="In", amount=21, price_include_override="tax_included"
        )
        task = self._start_task(
            lines=[{"name": "Work", "price_unit": 121, "tax_ids": [tax.id]}]
        )
        self._run_months(task, 4, 5)

    def test_nor_are_discounts_the_other_way_round(self):
        self.company.recurring_growth_limit = 1
        task = self._start_task(
            lines=[{"product_id": self.product.id, "discount": 90, "quantity": 3}]
        )
        self._run_months(task, 4, 5)


@tagged("post_install", "-at_install")
class TestDailyLimit(RunawayCommon):
    def _start_copies(self, count):
        return self.env["recurring.task"].union(
            *(self._start_task(name=f"Copy {n}") for n in range(count))
        )

    def test_thirty_copies_of_a_task_are_parked_from_the_first_on(self):
        tasks = self._start_copies(30)
        self._run_cron("2027-04-01 08:00:00")
        rows = tasks.sudo().occurrence_ids
        self.assertEqual(rows.mapped("state"), ["held"] * 30)
        self.assertIn("30 documents for this customer", rows[0].error)
        self.assertIn("more than 20", rows[0].error)

    def test_twenty_copies_are_issued(self):
        tasks = self._start_copies(20)
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(len(self._get_documents(tasks)), 20)

    def test_the_others_get_theirs(self):
        self.company.recurring_daily_limit = 1
        first = self._start_task(customers=self.customer + self.other_customer)
        second = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        documents = self._get_documents(first)
        self.assertEqual(documents.partner_id, self.other_customer)
        self.assertRows(second, "2027-04-01 held")

    def test_tomorrow_is_another_day(self):
        self.company.recurring_daily_limit = 1
        task = self._start_task(interval_unit="day")
        for day in (1, 2, 3):
            self._run_cron(f"2027-04-{day:02} 08:00:00")
        self.assertEqual(len(self._get_documents(task)), 3)

    def test_what_was_issued_earlier_on_the_day_counts(self):
        self.company.recurring_daily_limit = 1
        self._start_task()
        late = self._start_task(name="Late")
        late.action_pause()
        self._run_cron("2027-04-01 08:00:00")
        late.action_resume()
        self._run_cron("2027-04-01 20:00:00")
        self.assertRows(late, "2027-04-01 held")

    def test_what_was_let_go_once_is_usual_from_then_on(self):
        self.company.recurring_daily_limit = 2
        task = self._start_task(customers=[self.customer] * 3)
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, *["2027-04-01 held"] * 3)
        task.action_release()
        self._run_cron("2027-05-01 08:00:00")
        self.assertDates(task, *["2027-04-01"] * 3, *["2027-05-01"] * 3)

    def test_another_company_counts_for_itself(self):
        other = self._create_billing_company(name="Other Co")
        self.company.recurring_daily_limit = 1
        task = self._start_task()
        second = self._get_company_env(other)["recurring.task"].create(
            {
                **self._prepare_task(lines=[{"name": "Work", "price_unit": 10}]),
                "company_id": other.id,
            }
        )
        second.action_start()
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 generated")
        self.assertRows(second, "2027-04-01 generated")

    def test_run_now_says_that_it_is_too_much(self):
        self.company.recurring_daily_limit = 1
        self._start_task().action_run_now()
        second = self._start_task(name="Second")
        with self.assertRaisesRegex(UserError, "2 documents for this customer"):
            second.action_run_now()
        self.assertFalse(self._get_rows(second))

    def test_run_now_serves_those_who_may_get_one(self):
        self.company.recurring_daily_limit = 1
        self._start_task().action_run_now()
        second = self._start_task(customers=self.customer + self.other_customer)
        second.action_run_now()
        rows = {row.partner_id: row.state for row in self._get_rows(second)}
        self.assertEqual(
            rows, {self.customer: "held", self.other_customer: "generated"}
        )


@tagged("post_install", "-at_install")
class TestRelease(RunawayCommon, CronMixinCase):
    people = ("reader",)

    def _park(self, customers):
        """A task whose May documents wait for a release."""
        task = self._start_task(customers=customers)
        self._run_months(task, 4)
        task.line_ids.price_unit = 1000
        self._run_cron("2027-05-01 08:00:00")
        self.assertEqual(self._count_waiting(task), len(customers))
        return task

    def _count_waiting(self, task):
        task.invalidate_recordset(["waiting_count"])
        return task.waiting_count

    def test_one_click_on_the_task_issues_all(self):
        task = self._park(self.customer + self.other_customer)
        action = task.action_release()
        self.assertEqual(self._get_states(task, "2027-05-01"), {"generated"})
        run = self.env["recurring.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.generated_count), ("done", 2))
        self.assertEqual(self._count_waiting(task), 0)

    def test_one_click_on_the_run_issues_all(self):
        task = self._park(self.customer + self.other_customer)
        run = self._get_rows(task)[-1].run_id
        self.assertEqual(run.waiting_count, 2)
        run.with_user(self.biller).action_release()
        self.assertEqual(self._get_states(task, "2027-05-01"), {"generated"})
        run.invalidate_recordset()
        self.assertEqual((run.waiting_count, run.held_count), (0, 2))

    def test_a_second_click_finds_nothing(self):
        task = self._park(self.customer)
        task.action_release()
        with self.assertRaisesRegex(UserError, "nothing to release"):
            task.action_release()
        self.assertEqual(len(self._get_documents(task)), 2)

    def test_readers_release_nothing(self):
        task = self._park(self.customer)
        run = self._get_rows(task)[-1].run_id
        for records in (task, run, self._get_rows(task)):
            with self.assertRaises(AccessError):
                records.with_user(self.reader).action_release()

    def test_twenty_at_once_and_the_rest_by_the_scheduled_action(self):
        task = self._park(self._create_customers(25))
        with self.capture_triggers("recurring_billing.ir_cron_generate") as capture:
            task.action_release()
        self.assertTrue(capture.records)
        self.assertEqual(len(self._get_documents(task)), 25 + 20)
        run = self._get_rows(task)[-1].release_run_id
        self.assertEqual((run.state, self._count_waiting(task)), ("running", 0))
        with self.assertRaisesRegex(UserError, "nothing to release"):
            task.action_release()
        self._run_cron()
        self.assertEqual(len(self._get_documents(task)), 50)
        self.assertEqual((run.state, run.generated_count), ("done", 25))

    def test_a_finished_task_gets_its_released_documents(self):
        customers = self._create_customers(22)
        task = self._start_task(customers=customers, max_documents=2)
        self._run_months(task, 4)
        task.line_ids.price_unit = 1000
        self._run_cron("2027-05-01 08:00:00")
        task.action_stop()
        task.action_release()
        self._run_cron()
        self.assertEqual(len(self._get_documents(task)), 44)

    def test_the_released_are_not_parked_again(self):
        """Not even when the release failed and the next day tries it again."""
        task = self._park(self.customer)
        self.journal.active = False
        task.action_release()
        self.assertEqual(self._get_states(task, "2027-05-01"), {"failed"})
        self.journal.active = True
        self._run_cron("2027-05-02 08:00:00")
        self.assertEqual(self._get_states(task, "2027-05-01"), {"generated"})

    def test_nor_are_those_of_the_daily_limit(self):
        self.company.recurring_daily_limit = 1
        tasks = self._start_task() + self._start_task(name="Second")
        self._run_cron("2027-04-01 08:00:00")
        tasks.action_release()
        self.assertEqual(len(self._get_documents(tasks)), 2)

    def test_an_error_at_the_release_is_noted_and_hinders_nobody(self):
        task = self._park(self._create_customers(22))
        engine = type(self.env["recurring.engine"])
        issue = engine._issue_claimed_rows
        task.action_release()
        last = self._get_rows(task).filtered(lambda row: row.state == "held")[-1]

        def fail(model, rows, run):
            if last in rows:
                raise ValueError("broken")
            issue(model, rows, run)

        with (
            patch.object(engine, "_issue_claimed_rows", fail),
            self.assertLogs("odoo.addons.recurring_billing", "WARNING"),
        ):
            self._run_cron()
        self.assertEqual(len(self._get_documents(task)), 22 + 21)
        self.assertEqual(last.state, "failed")
        self.assertIn("broken", last.error)

    def test_what_was_skipped_meanwhile_is_not_issued(self):
        task = self._park(self._create_customers(21))
        task.action_release()
        queued = self._get_rows(task).filtered(lambda row: row.state == "held")
        queued.with_user(self.biller).action_skip()
        self._run_cron()
        self.assertEqual(len(self._get_documents(task)), 21 + 20)
        self.assertEqual(queued.release_run_id.state, "done")

    def test_the_report_tells_of_what_waits(self):
        task = self._park(self.customer)
        self.env["recurring.run"]._send_due_reports()
        run = self._get_rows(task)[-1].run_id
        mail = self.env["mail.mail"].search(
            [("model", "=", "recurring.run"), ("res_id", "=", run.id)]
        )
        self.assertIn("1 needs you", mail.subject)
        self.assertIn("stop a growth of more than 200 %", mail.body_html)


@tagged("post_install", "-at_install", "slow")
class TestRunawayBudget(RunawayCommon):
    def test_the_comparison_costs_the_same_for_any_number_of_customers(self):
        customers = self._create_customers(110)
        counts = []
        for members in (customers[:10], customers[10:]):
            task = self._start_task(customers=members)
            self._run_cron("2027-04-01 08:00:00")
            self.clock.move_to("2027-05-01 08:00:00")
            with self.counting() as counted:
                runaway = self.env["recurring.runaway"].sudo()
                parked, _reason = runaway._get_parked(task.sudo().recipient_ids)
            counts.append(counted.statements)
            self.assertFalse(parked)
            self.clock.move_to("2027-03-15 10:00:00")
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLessEqual(counts[0], 40)

    def test_so_does_the_count_of_the_day(self):
        customers = self._create_customers(110)
        counts = []
        for members in (customers[:10], customers[10:]):
            task = self._start_task(customers=members)
            recipients = task.sudo().recipient_ids
            slots = self.env["recurring.planner"]._get_next_slots(
                recipients.browse(recipients.ids)
            )
            with self.counting() as counted:
                self.env["recurring.runaway"].sudo()._sort_out(slots)
            counts.append(counted.statements)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertLessEqual(counts[0], 12)

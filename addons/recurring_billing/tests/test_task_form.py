"""The form while it is filled in: words and dates before anything is saved."""

from odoo import Command
from odoo.tests import Form, tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestSchedulePreview(RecurringCommon):
    """What will happen is said while it is typed."""

    def _new_task(self, **values):
        defaults = {"date_start": "2027-04-30", "tz": "Europe/Madrid"}
        Task = self.env["recurring.task"].with_user(self.biller)
        return Task.new({**defaults, **values})

    def test_words_and_twelve_dates_are_there_before_saving(self):
        task = self._new_task(day_rule="month_end", max_documents=12)
        self.assertEqual(
            task.schedule_text,
            "Every month, on the last day of the month, starting 30 April 2027, "
            "12 documents",
        )
        self.assertEqual(
            [str(day) for day in task.preview_dates()],
            [
                "2027-04-30",
                "2027-05-31",
                "2027-06-30",
                "2027-07-31",
                "2027-08-31",
                "2027-09-30",
                "2027-10-31",
                "2027-11-30",
                "2027-12-31",
                "2028-01-31",
                "2028-02-29",
                "2028-03-31",
            ],
        )
        self.assertEqual(len(task.next_dates_text.splitlines()), 12)

    def test_the_limit_shows_exactly_that_many_dates(self):
        task = self._new_task(max_documents=3)
        self.assertEqual(
            [str(day) for day in task.preview_dates()],
            ["2027-04-30", "2027-05-30", "2027-06-30"],
        )

    def test_the_last_date_ends_the_preview(self):
        task = self._new_task(date_end="2027-06-30")
        self.assertEqual(len(task.preview_dates()), 3)
        self.assertIn("until 30 June 2027", task.schedule_text)

    def test_custom_intervals_are_said_in_words(self):
        task = self._new_task(interval=10, interval_unit="day")
        self.assertEqual(task.schedule_text, "Every 10 days, starting 30 April 2027")

    def test_a_wrong_value_is_explained_in_place_of_the_dates(self):
        task = self._new_task(date_end="2027-01-01")
        self.assertIn("last date is before the first date", task.schedule_text)
        self.assertFalse(task.next_dates_text)
        self.assertEqual(task.preview_dates(), [])

    def test_an_empty_form_says_what_to_enter(self):
        self.assertEqual(
            self._new_task(date_start=False).schedule_text, "Enter the first date."
        )

    def test_days_off_move_the_dates_shown(self):
        # 1 May 2027 is a Saturday
        task = self._new_task(date_start="2027-05-01", business_day_shift="after")
        self.assertEqual(str(task.preview_dates(1)[0]), "2027-05-03")
        task.business_day_shift = "before"
        self.assertEqual(str(task.preview_dates(1)[0]), "2027-04-30")

    def test_the_preview_of_a_customer_with_documents_goes_on_after_them(self):
        task = self._start_task(max_documents=3)
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(
            [str(day) for day in task.preview_dates()], ["2027-05-01", "2027-06-01"]
        )


@tagged("post_install", "-at_install")
class TestCycle(RecurringCommon):
    def test_each_named_cycle_sets_interval_and_unit(self):
        for cycle, step in (
            ("monthly", (1, "month")),
            ("bimonthly", (2, "month")),
            ("quarterly", (3, "month")),
            ("half_yearly", (6, "month")),
            ("yearly", (1, "year")),
            ("seven_months", (7, "month")),
            ("fourteen_months", (14, "month")),
        ):
            task = self._create_task(cycle=cycle)
            self.assertEqual((task.interval, task.interval_unit), step)
            self.assertEqual(task.cycle, cycle)

    def test_interval_and_unit_set_the_cycle(self):
        self.assertEqual(self._create_task(interval=3).cycle, "quarterly")
        self.assertEqual(self._create_task(interval=5).cycle, "custom")

    def test_a_change_of_the_cycle_changes_the_interval_and_back(self):
        task = self._create_task()
        task.cycle = "quarterly"
        self.assertEqual((task.interval, task.interval_unit), (3, "month"))
        task.interval = 7
        self.assertEqual(task.cycle, "seven_months")
        task.interval = 8
        self.assertEqual(task.cycle, "custom")

    def test_custom_keeps_the_interval(self):
        task = self._create_task(cycle="custom", interval=10, interval_unit="day")
        self.assertEqual(
            (task.cycle, task.interval, task.interval_unit), ("custom", 10, "day")
        )

    def test_the_form_follows_the_cycle_before_saving(self):
        with Form(self.env["recurring.task"].with_user(self.biller)) as form:
            form.name = "Quarterly"
            form.cycle = "quarterly"
            self.assertIn("Every 3 months", form.schedule_text)
        self.assertEqual(form.record.interval, 3)


@tagged("post_install", "-at_install", "alone")
class TestTaskDefaults(RecurringCommon):
    def test_a_new_task_is_not_started_and_belongs_to_its_author(self):
        task = self.env["recurring.task"].with_user(self.biller).create({"name": "New"})
        self.assertEqual(task.state, "draft")
        self.assertEqual(task.user_id, self.biller)
        self.assertEqual(task.company_id, self.company)
        self.assertEqual(task.currency_id, self.company.currency_id)
        self.assertEqual(task.tz, "Europe/Madrid")

    def test_the_first_date_proposed_is_after_today(self):
        task = self.env["recurring.task"].new({})
        self.assertGreater(task.date_start, task._get_today())

    def test_a_copy_starts_afresh(self):
        task = self._start_task(date_start="2027-03-16")
        self._run_cron("2027-03-16 08:00:00")
        copy = task.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.name, "Support contracts (copy)")
        self.assertEqual(copy.line_ids.product_id, self.product)
        self.assertEqual(copy.recipient_ids.partner_id, self.customer)
        self.assertEqual(copy.recipient_ids.state, "running")
        self.assertFalse(copy.recipient_ids.requested_run_id)
        self.assertFalse(copy.sudo().occurrence_ids)

    def test_the_invoice_address_and_its_email_load_by_themselves(self):
        address = self.env["res.partner"].create(
            {
                "name": "Accounts",
                "type": "invoice",
                "parent_id": self.customer.id,
                "email": "accounts@example.com",
            }
        )
        recipient = self._create_task().recipient_ids
        self.assertEqual(recipient.partner_invoice_id, address)
        self.assertEqual(recipient.email, "accounts@example.com")

    def test_a_line_loads_text_price_and_taxes_from_the_product(self):
        line = self._create_task().line_ids
        self.assertEqual(line.name, "Support")
        self.assertEqual(line.price_unit, 100.0)
        self.assertEqual(line.tax_ids, self.tax)
        self.assertEqual(line.product_uom_id, self.product.uom_id)

    def test_a_complete_task_that_is_not_started_is_pointed_out(self):
        task = self._create_task()
        self.assertTrue(task.can_start)
        task.action_start()
        self.assertFalse(task.can_start)
        self.assertFalse(self._create_task(customers=[]).can_start)

    def test_a_customer_may_stand_on_a_task_twice(self):
        task = self._create_task()
        task.recipient_ids = [Command.create({"partner_id": self.customer.id})]
        self.assertEqual(len(task.recipient_ids), 2)

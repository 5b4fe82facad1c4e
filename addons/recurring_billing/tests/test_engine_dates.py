"""Which dates are issued, and when: the engine against the clock."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import NOW, RecurringCommon


@tagged("post_install", "-at_install")
class TestEngineDates(RecurringCommon):
    def test_a_document_is_issued_on_its_day_and_not_before(self):
        task = self._start_task()
        self._run_cron("2027-03-31 12:00:00")
        self.assertRows(task)
        self._run_cron("2027-04-01 06:00:00")
        self.assertRows(task, "2027-04-01 generated")

    def test_running_twice_in_an_hour_changes_nothing(self):
        task = self._start_task()
        self._run_cron("2027-04-01 06:00:00")
        self._run_cron("2027-04-01 06:30:00")
        self.assertRows(task, "2027-04-01 generated")

    def test_the_next_date_follows_the_ledger(self):
        task = self._start_task()
        self.assertEqual(str(task.date_next), "2027-04-01")
        self._run_cron("2027-04-01 06:00:00")
        self.assertEqual(str(task.date_next), "2027-05-01")

    def test_the_31st_comes_back_after_february(self):
        task = self._start_task(date_start="2028-01-31")
        self._run_cron("2028-04-30 06:00:00")
        self.assertDates(task, "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30")

    def test_the_period_ends_where_the_next_one_starts(self):
        task = self._start_task(date_start="2027-03-31")
        self._run_cron("2027-04-30 06:00:00")
        rows = self._get_rows(task)
        self.assertEqual(rows[0].period_end, rows[1].period_start)
        self.assertEqual(str(rows[0].period_end), "2027-04-30")

    def test_each_customer_has_his_own_start(self):
        task = self._create_task(customers=self.customer + self.other_customer)
        task.recipient_ids[1].date_start = "2027-04-20"
        task.action_start()
        self._run_cron("2027-05-10 06:00:00")
        by_customer = self._get_rows(task).grouped("recipient_id")
        self.assertEqual(
            [str(row.scheduled_date) for row in by_customer[task.recipient_ids[0]]],
            ["2027-04-01", "2027-05-01"],
        )
        self.assertEqual(
            str(by_customer[task.recipient_ids[1]].scheduled_date), "2027-04-20"
        )

    def test_the_last_date_is_included_and_nothing_comes_after_it(self):
        task = self._start_task(date_end="2027-05-01")
        self._run_cron("2027-12-01 06:00:00")
        self.assertDates(task, "2027-04-01", "2027-05-01")

    def test_a_later_end_makes_a_finished_customer_go_on(self):
        task = self._start_task(date_end="2027-04-15")
        self._run_cron("2027-04-01 06:00:00")
        self.assertEqual(task.recipient_ids.state, "done")
        task.date_end = "2027-06-15"
        self.assertEqual(task.recipient_ids.state, "running")
        self.assertEqual(str(task.recipient_ids.date_next), "2027-05-01")


@tagged("post_install", "-at_install")
class TestBusinessDays(RecurringCommon):
    """1 May 2027 is a Saturday, 1 August a Sunday."""

    def test_after_moves_the_issue_and_keeps_the_scheduled_date(self):
        task = self._start_task(date_start="2027-05-01", business_day_shift="after")
        self._run_cron("2027-05-02 10:00:00")
        self.assertRows(task)
        self._run_cron("2027-05-03 10:00:00")
        row = self._get_rows(task)
        self.assertEqual(str(row.scheduled_date), "2027-05-01")
        self.assertEqual(str(row.issue_date), "2027-05-03")
        self.assertEqual(str(row.move_id.invoice_date), "2027-05-03")

    def test_before_issues_ahead_of_the_scheduled_date(self):
        task = self._start_task(date_start="2027-05-01", business_day_shift="before")
        self.assertEqual(str(task.date_next), "2027-04-30")
        self._run_cron("2027-04-30 10:00:00")
        row = self._get_rows(task)
        self.assertEqual(str(row.scheduled_date), "2027-05-01")
        self.assertEqual(str(row.move_id.invoice_date), "2027-04-30")
        self._run_cron("2027-05-01 10:00:00")
        self.assertEqual(len(self._get_rows(task)), 1)

    def test_the_companys_holidays_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Bridge",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2027-05-02 22:00:00",
                "date_to": "2027-05-04 21:59:59",
            }
        )
        task = self._start_task(date_start="2027-05-01", business_day_shift="after")
        self.assertEqual(str(task.date_next), "2027-05-05")

    def test_two_dates_moved_to_one_day_are_two_documents(self):
        task = self._start_task(
            date_start="2027-05-01", interval_unit="day", business_day_shift="after"
        )
        self._run_cron("2027-05-03 10:00:00")
        self.assertDates(task, "2027-05-01", "2027-05-02", "2027-05-03")


@tagged("post_install", "-at_install")
class TestMissedDates(RecurringCommon):
    """The scheduled action did not run for a while."""

    def test_all_issues_every_missed_date_with_its_own_date(self):
        task = self._start_task()
        self._run_cron("2027-06-15 06:00:00")
        self.assertDates(task, "2027-04-01", "2027-05-01", "2027-06-01")
        self.assertEqual(
            [str(m.invoice_date) for m in self._get_documents(task)],
            ["2027-04-01", "2027-05-01", "2027-06-01"],
        )

    def test_many_missed_dates_make_several_batches(self):
        """Each is committed on its own: nobody waits for a year of documents."""
        engine = self.env["recurring.engine"]
        self.patch(type(engine), "_get_batch_size", lambda _engine: 2)
        task = self._start_task()
        self.clock.move_to("2027-06-02 08:00:00")
        recipients = task.sudo().recipient_ids
        engine.sudo()._run_batch(recipients.ids)
        self.assertDates(task, "2027-04-01", "2027-05-01")
        engine.sudo()._run_batch(recipients.ids)
        self.assertDates(task, "2027-04-01", "2027-05-01", "2027-06-01")

    def test_last_issues_the_latest_and_records_the_others_as_skipped(self):
        task = self._start_task(catch_up="last")
        self._run_cron("2027-06-15 06:00:00")
        self.assertRows(
            task, "2027-04-01 skipped", "2027-05-01 skipped", "2027-06-01 generated"
        )
        self.assertTrue(all(self._get_rows(task)[:2].mapped("error")))

    def test_skip_issues_none_that_was_missed(self):
        task = self._start_task(catch_up="skip")
        self._run_cron("2027-06-15 06:00:00")
        self.assertDates(
            task, "2027-04-01", "2027-05-01", "2027-06-01", states=["skipped"]
        )
        self._run_cron("2027-07-01 06:00:00")
        self.assertDates(task, "2027-07-01")

    def test_skip_issues_the_date_of_today(self):
        task = self._start_task(catch_up="skip")
        self._run_cron("2027-05-01 06:00:00")
        self.assertRows(task, "2027-04-01 skipped", "2027-05-01 generated")

    def test_more_than_the_cap_waits_for_a_person(self):
        self.company.recurring_catch_up_cap = 2
        task = self._start_task()
        self._run_cron("2027-06-15 06:00:00")
        self.assertRows(task, "2027-04-01 held", "2027-05-01 held", "2027-06-01 held")
        self.assertEqual(task.problem_count, 3)

    def test_twelve_at_once_is_the_usual_cap(self):
        task = self._start_task(interval_unit="day")
        self._run_cron("2027-04-12 06:00:00")
        self.assertEqual(len(self._get_documents(task)), 12)
        other = self._start_task(interval_unit="day", date_start="2027-04-13")
        self._run_cron("2027-04-25 12:00:00")
        self.assertEqual(set(self._get_rows(other).mapped("state")), {"held"})

    def test_a_release_issues_what_was_held(self):
        self.company.recurring_catch_up_cap = 1
        task = self._start_task()
        self._run_cron("2027-05-15 06:00:00")
        task.occurrence_ids.with_user(self.biller).action_release()
        self.assertDates(task, "2027-04-01", "2027-05-01")

    def test_held_dates_can_be_skipped_for_good(self):
        self.company.recurring_catch_up_cap = 1
        task = self._start_task()
        self._run_cron("2027-05-15 06:00:00")
        task.occurrence_ids.with_user(self.biller).action_skip()
        self._run_cron("2027-06-01 06:00:00")
        self.assertRows(
            task, "2027-04-01 skipped", "2027-05-01 skipped", "2027-06-01 generated"
        )

    def test_a_gap_of_400_days_is_held_under_all_and_not_under_last(self):
        careful, latest = self._start_task(), self._start_task(catch_up="last")
        self._run_cron("2028-05-05 06:00:00")
        self.assertFalse(self._get_documents(careful))
        self.assertDates(latest, "2028-05-01")


@tagged("post_install", "-at_install")
class TestLimit(RecurringCommon):
    """B9: exactly N documents for each customer."""

    def test_exactly_n_dates_are_issued(self):
        task = self._start_task(max_documents=3)
        self._run_cron("2027-04-01 06:00:00")
        self.assertEqual(task.documents_left, 2)
        self._run_cron("2028-12-01 06:00:00")
        self.assertDates(task, "2027-04-01", "2027-05-01", "2027-06-01")

    def test_a_skipped_date_does_not_use_one_up(self):
        task = self._start_task(max_documents=2, catch_up="last")
        self._run_cron("2027-05-01 06:00:00")
        self._run_cron("2027-06-01 06:00:00")
        self._run_cron("2027-07-01 06:00:00")
        self.assertDates(task, "2027-05-01", "2027-06-01")

    def test_a_failed_date_does_not_use_one_up(self):
        task = self._start_task(max_documents=2)
        self.customer.sudo().active = False
        self._run_cron("2027-04-01 06:00:00")
        self.assertEqual(task.documents_left, 2)
        task.occurrence_ids.with_user(self.biller).action_skip()
        self.customer.sudo().active = True
        self._run_cron("2027-07-15 06:00:00")
        self.assertDates(task, "2027-05-01", "2027-06-01")

    def test_a_voided_document_does_not_use_one_up(self):
        task = self._start_task(max_documents=2)
        self._run_cron("2027-04-01 06:00:00")
        self._get_documents(task).button_cancel()
        self.assertEqual(task.documents_left, 2)
        self._run_cron("2027-06-15 06:00:00")
        self.assertDates(task, "2027-05-01", "2027-06-01")

    def test_failed_dates_never_lead_to_more_than_n_documents(self):
        task = self._start_task(max_documents=2)
        self.customer.sudo().active = False
        self._run_cron("2027-07-15 06:00:00")
        self.customer.sudo().active = True
        self._run_cron("2027-07-16 06:00:00")
        self._run_cron("2027-09-01 06:00:00")
        self.assertEqual(len(self._get_documents(task)), 2)

    def test_of_a_limited_number_last_still_issues_the_latest_only(self):
        task = self._start_task(max_documents=2, catch_up="last")
        self._run_cron("2027-07-15 06:00:00")
        self._run_cron("2027-07-15 07:00:00")
        self.assertRows(
            task,
            "2027-04-01 skipped",
            "2027-05-01 skipped",
            "2027-06-01 skipped",
            "2027-07-01 generated",
        )

    def test_of_a_limited_number_skip_misses_any_number_at_once(self):
        task = self._start_task(max_documents=1, catch_up="skip")
        self._run_cron("2027-07-01 06:00:00")
        self.assertDates(task, "2027-07-01")
        self.assertEqual(len(self._get_rows(task)), 4)

    def test_a_long_pause_of_a_limited_number_is_not_billed_afterwards(self):
        task = self._start_task(max_documents=2)
        task.action_pause()
        self.clock.move_to("2027-08-15 06:00:00")
        task.action_resume()
        self._run_cron("2027-08-15 07:00:00")
        self.assertDates(task)
        self._run_cron("2027-10-01 06:00:00")
        self.assertDates(task, "2027-09-01", "2027-10-01")

    def test_zero_means_no_limit(self):
        task = self._start_task(max_documents=0)
        self._run_cron("2028-03-01 06:00:00")
        self.assertEqual(len(self._get_documents(task)), 12)
        self.assertEqual(task.documents_left, 0)


@tagged("post_install", "-at_install")
class TestChangedSchedule(RecurringCommon):
    """A change of the schedule never bills the same days twice."""

    def assertNoDayTwice(self, task):
        rows = self._get_rows(task).filtered(lambda row: row.state == "generated")
        for earlier, later in zip(rows, rows[1:], strict=False):
            self.assertLessEqual(earlier.period_end, later.period_start)

    def test_from_months_to_weeks(self):
        task = self._start_task()
        self._run_cron("2027-04-01 06:00:00")
        task.interval_unit = "week"
        self._run_cron("2027-05-20 06:00:00")
        self.assertDates(task, "2027-04-01", "2027-05-06", "2027-05-13", "2027-05-20")
        self.assertNoDayTwice(task)

    def test_from_years_to_months(self):
        task = self._start_task(cycle="yearly")
        self._run_cron("2027-04-01 06:00:00")
        task.cycle = "monthly"
        self._run_cron("2027-12-01 06:00:00")
        self.assertDates(task, "2027-04-01")
        self._run_cron("2028-04-01 06:00:00")
        self.assertDates(task, "2027-04-01", "2028-04-01")

    def test_another_day_of_the_month(self):
        task = self._start_task()
        self._run_cron("2027-04-01 06:00:00")
        task.write({"day_rule": "month_day", "month_day": 15})
        self._run_cron("2027-06-15 06:00:00")
        self.assertNoDayTwice(task)
        self.assertDates(task, "2027-04-01", "2027-05-15", "2027-06-15")

    def test_the_first_date_moved_back_bills_nothing_again(self):
        task = self._start_task()
        self._run_cron("2027-05-01 06:00:00")
        task.date_start = "2027-01-01"
        self._run_cron("2027-05-20 06:00:00")
        self.assertDates(task, "2027-04-01", "2027-05-01")


@tagged("post_install", "-at_install")
class TestTimeZones(RecurringCommon):
    """The day is the day of the task's zone, whatever the server's clock says."""

    def assertIssuedBetween(self, tz, before, after):
        """The document of 1 April is not there at ``before``, and is at ``after``."""
        task = self._start_task(tz=tz)
        self._run_cron(before)
        self.assertRows(task)
        self._run_cron(after)
        self.assertRows(task, "2027-04-01 generated")
        self.assertEqual(str(self._get_documents(task).invoice_date), "2027-04-01")

    def test_madrid_half_an_hour_before_and_after_midnight(self):
        self.assertIssuedBetween(
            "Europe/Madrid", "2027-03-31 21:30:00", "2027-03-31 22:30:00"
        )

    def test_utc_half_an_hour_before_and_after_midnight(self):
        self.assertIssuedBetween("UTC", "2027-03-31 23:30:00", "2027-04-01 00:30:00")

    def test_fourteen_hours_ahead(self):
        self.assertIssuedBetween(
            "Pacific/Kiritimati", "2027-03-31 09:30:00", "2027-03-31 10:30:00"
        )

    def test_twelve_hours_behind(self):
        self.assertIssuedBetween(
            "Etc/GMT+12", "2027-04-01 11:30:00", "2027-04-01 12:30:00"
        )

    def test_each_task_of_one_run_has_its_own_day(self):
        ahead = self._start_task(tz="Pacific/Kiritimati")
        behind = self._start_task(tz="America/New_York")
        self._run_cron("2027-03-31 12:00:00")
        self.assertRows(ahead, "2027-04-01 generated")
        self.assertRows(behind)

    def test_an_order_carries_the_local_date(self):
        for tz in ("Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata"):
            self.clock.move_to(NOW)
            task = self._start_task(tz=tz, document_type="order")
            for hour in range(0, 40, 8):
                moment = datetime(2027, 3, 31, 10, 30) + timedelta(hours=hour)
                self._run_cron(str(moment))
            order = self._get_documents(task)
            self.assertEqual(
                task._get_today(order.date_order).isoformat(), "2027-04-01"
            )

    def test_every_hour_over_both_changes_of_the_clock(self):
        # Madrid: 28 March 2027 02:00 → 03:00 and 31 October 2027 03:00 → 02:00
        for day in ("2027-03-28", "2027-10-31"):
            task = self._create_task(date_start=day, interval_unit="day")
            self.clock.move_to(datetime.fromisoformat(day) - timedelta(days=2))
            task.action_start()
            for hour in range(-3, 27):
                moment = datetime.fromisoformat(day) + timedelta(hours=hour)
                self._run_cron(str(moment))
            following = datetime.fromisoformat(day) + timedelta(days=1)
            self.assertDates(task, day, str(following.date()))
            task.action_stop()

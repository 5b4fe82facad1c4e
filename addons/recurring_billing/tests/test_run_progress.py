"""How far a run is, and how it is cancelled."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models import recurring_lifecycle_mixin, recurring_occurrence_action
from .common import RecurringCommon


class RunUnderWayCommon(RecurringCommon):
    """Two documents are issued in the call of a button, the rest by the cron."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(5)
        for module in (recurring_lifecycle_mixin, recurring_occurrence_action):
            cls.startClassPatcher(patch.object(module, "RUN_NOW_AT_ONCE", 2))

    def _begin(self, **values):
        """A task, and a run that has issued two of its five documents."""
        task = self._start_task(customers=self.customers, **values)
        action = task.action_run_now()
        return task, self._get_run(action)

    def _get_run(self, action):
        run = self.env["recurring.run"].browse(action["res_id"])
        return run.with_user(self.biller)

    def _hold(self):
        """A task with two parked documents for each of its five customers."""
        self.company.recurring_catch_up_cap = 1
        task = self._start_task(customers=self.customers, max_documents=2)
        self._run_cron("2027-05-01 08:00:00")
        rows = self._get_rows(task)
        self.assertEqual(set(rows.mapped("state")), {"held"})
        return task, rows.with_user(self.biller)


@tagged("post_install", "-at_install")
class TestRunProgress(RunUnderWayCommon):
    people = ("reader", "stranger", "portal")

    def _get_progress(self, run):
        run.invalidate_recordset()
        (progress,) = run.with_user(self.reader).get_progress()
        return progress

    def test_what_is_done_and_left(self):
        _task, run = self._begin()
        self.assertEqual(
            self._get_progress(run),
            {
                "id": run.id,
                "state": "running",
                "percent": 40,
                "issued": 2,
                "failed": 0,
                "other": 0,
                "left": 3,
                "withdrawn": 0,
                "time": "less than a minute left",
            },
        )

    def test_in_the_end_nothing_is_left(self):
        _task, run = self._begin()
        self._run_cron("2027-03-15 10:01:00")
        progress = self._get_progress(run)
        self.assertEqual(progress["state"], "done")
        self.assertEqual((progress["percent"], progress["left"]), (100, 0))
        self.assertEqual((progress["issued"], progress["time"]), (5, ""))

    def test_a_failure_is_progress_too(self):
        self.customers[0].active = False
        _task, run = self._begin()
        progress = self._get_progress(run)
        self.assertEqual((progress["issued"], progress["failed"]), (1, 1))
        self.assertEqual(progress["percent"], 40)

    def test_the_time_left_follows_from_the_rate_of_the_last_minutes(self):
        _task, run = self._begin()
        times = {
            "10:00:10": "less than a minute left",
            "10:00:45": "about a minute left",
            "10:04:00": "about 6 minutes left",
            "10:06:00": "waits for its turn",
        }
        for moment, text in times.items():
            self.clock.move_to(f"2027-03-15 {moment}")
            self.assertEqual(self._get_progress(run)["time"], text)

    def test_released_documents_are_left_until_they_are_issued(self):
        _task, rows = self._hold()
        run = self._get_run(rows.action_release())
        progress = self._get_progress(run)
        self.assertEqual((progress["issued"], progress["left"]), (2, len(rows) - 2))

    def test_a_run_of_the_schedule_counts_what_is_due(self):
        task = self._start_task(customers=self.customers)
        self.clock.move_to("2027-04-01 08:00:00")
        run = self.env["recurring.run"]._open("schedule", self.company)[self.company]
        progress = self._get_progress(run)
        self.assertEqual((progress["percent"], progress["left"]), (0, 5))
        self.assertEqual(task.current_run_id, run)
        self._run_cron()
        self.assertEqual(self._get_progress(run)["percent"], 100)

    def test_the_task_shows_the_run_that_is_at_work_on_it(self):
        task, run = self._begin()
        other = self._start_task(name="Other")
        task.invalidate_recordset()
        self.assertEqual((task + other).mapped("current_run_id"), run)
        self._run_cron("2027-03-15 10:01:00")
        task.invalidate_recordset()
        self.assertFalse(task.current_run_id)

    def test_the_task_shows_a_run_that_issues_what_was_released(self):
        task, rows = self._hold()
        run = self._get_run(rows.action_release())
        task.invalidate_recordset()
        self.assertEqual(task.current_run_id, run)

    def test_nobody_else_may_ask(self):
        _task, run = self._begin()
        for user in (self.stranger, self.portal):
            with self.assertRaises(AccessError):
                run.with_user(user).get_progress()
        other = self._create_billing_company(name="Other Co")
        neighbour = self._create_user(
            "neighbour", "recurring_billing.group_user", company=other
        )
        with self.assertRaises(AccessError):
            run.with_user(neighbour).with_context(
                allowed_company_ids=other.ids
            ).get_progress()

    def test_asking_costs_the_same_for_any_number_of_documents_and_runs(self):
        _task, few = self._begin()
        many = few
        for number in range(3):
            customers = self._create_customers(12)
            task = self._start_task(customers=customers, name=f"Task {number}")
            many |= self._get_run(task.action_run_now())
        counts = []
        for runs in (few, few, many):  # the first one fills the caches of the server
            with self.counting() as counted:
                runs.with_user(self.reader).get_progress()
            counts.append(counted.statements)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 12)


@tagged("post_install", "-at_install")
class TestRunCancel(RunUnderWayCommon, CronMixinCase):
    def test_what_nobody_has_begun_is_withdrawn(self):
        task, run = self._begin()
        run.action_cancel()
        self.assertEqual((run.state, run.is_cancelled), ("done", True))
        self.assertEqual(run.cancelled_by_id, self.biller)
        self.assertEqual((run.generated_count, run.withdrawn_count), (2, 3))
        self.assertEqual((run.progress, run.left_count), (40, 0))
        self._run_cron("2027-03-15 10:01:00")
        self.assertEqual(len(self._get_rows(task)), 2)

    def test_it_can_be_asked_for_again(self):
        task, run = self._begin()
        run.action_cancel()
        again = self._get_run(task.action_run_now())
        self.assertEqual(again.requested_count, 3)
        self._run_cron("2027-03-15 10:01:00")
        rows = self._get_rows(task)
        self.assertEqual(len(rows.recipient_id), 5)
        self.assertEqual(len(rows), 5)

    def test_what_is_due_by_schedule_is_issued_all_the_same(self):
        task, run = self._begin()
        run.action_cancel()
        self._run_cron("2027-04-01 08:00:00")
        rows = self._get_rows(task)
        self.assertEqual(len(rows), 5)
        self.assertEqual((rows.run_id - run).mapped("trigger"), ["schedule"])

    def test_released_documents_wait_again(self):
        task, rows = self._hold()
        run = self._get_run(rows.action_release())
        run.action_cancel()
        left = len(rows) - 2
        self.assertEqual((run.state, run.withdrawn_count), ("done", left))
        task.invalidate_recordset()
        self.assertEqual(task.waiting_count, left)
        self._run_cron("2027-05-01 08:01:00")
        self.assertEqual(rows.mapped("state").count("generated"), 2)
        rows.invalidate_recordset()
        rows.action_release()
        self._run_cron("2027-05-01 08:02:00")
        self.assertEqual(set(rows.mapped("state")), {"generated"})

    def _cancel_during_a_batch(self, run, customer):
        """Another runner holds the line of this customer."""
        recipients = self.env.registry["recurring.task.recipient"]
        original = recipients.try_lock_for_update

        def skip_locked(recipients, **options):
            free = recipients.filtered(lambda r: r.partner_id != customer)
            return original(free, **options)

        with (
            patch.object(recipients, "try_lock_for_update", skip_locked),
            self.capture_triggers("recurring_billing.ir_cron_generate") as capture,
        ):
            run.action_cancel()
        self.assertTrue(capture.records, "somebody has to close the run")

    def test_a_batch_under_way_is_left_to_its_runner(self):
        task, run = self._begin()
        self._cancel_during_a_batch(run, self.customers[4])
        self.assertEqual((run.state, run.withdrawn_count), ("running", 2))
        self.assertEqual(run.left_count, 1)
        # the runner ends its batch
        last = task.recipient_ids.filtered(lambda r: r.requested_run_id)
        self.env["recurring.engine"].sudo()._run_batch(last.ids)
        self.env["recurring.run"].sudo()._close_finished()
        self.assertEqual((run.state, run.generated_count), ("done", 3))
        self.assertEqual(run.generated_count + run.withdrawn_count, run.requested_count)

    def test_a_batch_that_was_cut_short_is_withdrawn_and_not_begun_again(self):
        task, run = self._begin()
        self._cancel_during_a_batch(run, self.customers[4])
        self._run_cron("2027-03-15 10:01:00")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.withdrawn_count), ("done", 3))
        self.assertEqual(len(self._get_rows(task)), 2)

    def test_a_run_of_the_schedule_is_not_cancelled(self):
        self._start_task()
        self.clock.move_to("2027-04-01 08:00:00")
        run = self.env["recurring.run"]._open("schedule", self.company)[self.company]
        with self.assertRaisesRegex(UserError, "Pause the recurring tasks"):
            run.with_user(self.biller).action_cancel()

    def test_a_run_that_has_ended_is_not_cancelled(self):
        task = self._start_task()
        run = self._get_run(task.action_run_now())
        with self.assertRaisesRegex(UserError, "has ended already"):
            run.action_cancel()

    def test_the_report_says_so(self):
        _task, run = self._begin()
        self.assertNotIn("Cancelled by", run.report_html)
        run.action_cancel()
        self.assertRegex(run.report_html, r"(?s)Cancelled by\s+recurring_biller.*3")

    def test_many_customers_are_withdrawn_with_the_same_statements(self):
        counts = []
        for number, count in enumerate((5, 5, 25)):
            customers = self._create_customers(count)
            task = self._start_task(customers=customers, name=f"Task {number}")
            run = self._get_run(task.action_run_now())
            with self.counting() as counted:
                run.action_cancel()
            counts.append(counted.statements)
        self.assertLessEqual(counts[2], counts[1] + 1)

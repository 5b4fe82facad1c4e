"""Batches as jobs: nothing is lost or doubled, whatever becomes of a job."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.modules.module import get_module_path
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.tests.common import JobMixin
from odoo.addons.recurring_billing.tests.common import RecurringCommon

from ..hooks import uninstall_hook

DUE = "2027-04-01 08:00:00"
GENERATE = "recurring_billing.ir_cron_generate"
#: What a job says of itself: model and method.
ISSUE = ("recurring.engine", "_run_batch")
RELEASE = ("recurring.runaway", "_run_released")
SEND = ("document.delivery", "_send_batch")


class JobCommon(RecurringCommon, CronMixinCase, JobMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(5)
        cls.engine = cls.env["recurring.engine"].sudo()

    def setUp(self):
        super().setUp()
        engine = self.env.registry["recurring.engine"]
        self.patch(engine, "_get_batch_size", lambda self: 2)

    def _hand_out(self, moment=DUE, **values):
        """A task of which the scheduled action made jobs, and the jobs."""
        task = self._start_task(customers=self.customers, **values)
        return task, self._run_and_collect(moment)

    def _run_and_collect(self, moment=None):
        """Run the scheduled action; what it handed out."""
        jobs = self.job_counter()
        self._run_cron(moment)
        return jobs.search_created()

    def _perform(self, jobs):
        """What a job runner does, in the context of a web request."""
        env = self.env(context={"lang": "en_US", "tz": "Pacific/Auckland"})
        for job in jobs:
            own = Job.load(env, job.uuid)
            own.set_started()
            own.store()
            own.perform()
            own.set_done()
            own.store()

    def _get_work(self, jobs):
        """``{(model, method): [number of ids of each job]}``"""
        work = {}
        for model, method, ids, *_others in jobs.mapped("args"):
            work.setdefault((model, method), []).append(len(ids))
        return work


@tagged("post_install", "-at_install")
class TestHandOut(JobCommon):
    def test_what_is_due_becomes_jobs_on_our_channel(self):
        task, jobs = self._hand_out()
        self.assertEqual(self._get_work(jobs), {ISSUE: [2, 2, 1]})
        self.assertEqual(set(jobs.mapped("channel")), {"root.recurring_billing"})
        self.assertFalse(self._get_rows(task))

    def test_a_job_works_as_the_superuser_without_any_context(self):
        _task, jobs = self._hand_out()
        records = jobs[0].records
        self.assertTrue(records.env.su)
        self.assertEqual(records.env.uid, self.env.ref("base.user_root").id)
        seen = []

        def look(engine, ids, hold_reason=""):
            seen.append(dict(engine.env.context))
            return len(ids)

        self.patch(self.env.registry["recurring.engine"], "_run_batch", look)
        self._perform(jobs[:1])
        self.assertEqual(seen, [{}])

    def test_the_jobs_issue_everything_once(self):
        task, jobs = self._hand_out()
        self._perform(jobs)
        rows = self._get_rows(task)
        self.assertEqual(rows.partner_id, self.customers)
        self.assertEqual(rows.mapped("state"), ["generated"] * 5)
        self.assertEqual(set(rows.move_id.mapped("state")), {"posted"})

    def test_a_job_that_runs_twice_issues_once(self):
        task, jobs = self._hand_out()
        self._perform(jobs + jobs)
        self.assertEqual(len(self._get_rows(task)), 5)

    def test_what_jobs_have_in_hand_is_not_handed_out_again(self):
        _task, jobs = self._hand_out()
        jobs[0].write({"state": "started"})
        self.assertFalse(self._run_and_collect())

    def test_what_a_failed_job_left_behind_is_handed_out_again(self):
        task, jobs = self._hand_out()
        self._perform(jobs[0])
        jobs[1].write({"state": "failed"})
        again = self._run_and_collect()
        self.assertEqual(self._get_work(again), {ISSUE: [2]})
        self._perform(again + jobs[2])
        self.assertEqual(len(self._get_rows(task)), 5)

    def test_a_cancelled_job_is_handed_out_again(self):
        _task, jobs = self._hand_out()
        jobs.button_cancelled()
        self.assertEqual(self._get_work(self._run_and_collect()), {ISSUE: [2, 2, 1]})

    def test_a_grown_task_is_parked_by_its_job(self):
        task, jobs = self._hand_out()
        self._perform(jobs)
        task.line_ids.price_unit = 1000
        jobs = self._run_and_collect("2027-05-01 08:00:00")
        self.assertEqual(self._get_work(jobs), {ISSUE: [5]})
        self._perform(jobs)
        held = self._get_rows(task).filtered(lambda row: row.state == "held")
        self.assertEqual(len(held), 5)
        self.assertIn("200 %", held[0].error)

    def test_released_documents_are_issued_by_jobs(self):
        self.company.recurring_catch_up_cap = 1
        task, jobs = self._hand_out("2027-06-01 08:00:00")
        self._perform(jobs)
        rows = self._get_rows(task)
        self.assertEqual(set(rows.mapped("state")), {"held"})
        runs = self.env["recurring.run"].sudo()._open("manual", self.company)
        rows.sudo().release_run_id = runs[self.company]
        jobs = self._run_and_collect()
        self.assertEqual(set(self._get_work(jobs)), {RELEASE})
        self._perform(jobs)
        self.assertEqual(set(rows.mapped("state")), {"generated"})

    def test_mails_are_made_by_jobs(self):
        task, jobs = self._hand_out(completion="send")
        self._perform(jobs)
        rows = self._get_rows(task)
        self.assertEqual(set(rows.mapped("delivery_state")), {"queued"})
        jobs = self.job_counter()
        with self.enter_registry_test_mode():
            self.env.ref("recurring_billing.ir_cron_send").method_direct_trigger()
        jobs = jobs.search_created()
        self.assertEqual(self._get_work(jobs), {SEND: [5]})
        self.assertFalse(rows.delivery_ids.mail_mail_id)
        self._perform(jobs)
        self.assertEqual(len(rows.delivery_ids.mail_mail_id), 5)


@tagged("post_install", "-at_install")
class TestEndOfRun(JobCommon):
    def test_the_run_stays_open_until_its_last_document(self):
        task, jobs = self._hand_out()
        self._perform(jobs[:2])
        self._run_cron()
        run = self._get_rows(task).run_id
        self.assertEqual(run.state, "running")
        self._perform(jobs[2])
        self._run_cron()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.generated_count), ("done", 5))

    def test_only_the_last_job_wakes_the_scheduled_action(self):
        _task, jobs = self._hand_out()
        with (
            self.enter_registry_test_mode(),
            self.capture_triggers(GENERATE) as capture,
        ):
            self._perform(jobs[:2])
            self.assertFalse(capture.records)
            self._perform(jobs[2])
            self.assertTrue(capture.records)

    def test_of_two_that_end_together_each_wakes_it(self):
        _task, jobs = self._hand_out()
        (jobs[1] + jobs[2]).write({"state": "started"})
        with (
            self.enter_registry_test_mode(),
            self.capture_triggers(GENERATE) as capture,
        ):
            self._perform(jobs[0])
        self.assertTrue(capture.records)

    def test_a_cancelled_run_leaves_its_jobs_without_work(self):
        task = self._start_task(customers=self._create_customers(23))
        task.action_run_now()
        jobs = self._run_and_collect()
        run = self._get_rows(task).run_id
        self.assertEqual(self._get_work(jobs), {ISSUE: [2, 1]})
        run.with_user(self.biller).action_cancel()
        self._perform(jobs)
        self.assertEqual((run.state, run.generated_count), ("done", 20))
        self.assertEqual(run.withdrawn_count, 3)

    def test_the_report_leaves_once(self):
        task, jobs = self._hand_out()
        self._perform(jobs + jobs[0])
        self._run_cron()
        self._run_cron()
        self.env["recurring.run"]._send_due_reports()
        self.env["recurring.run"]._send_due_reports()
        run = self._get_rows(task).run_id
        mails = self.env["mail.mail"].search(
            [("model", "=", "recurring.run"), ("res_id", "in", run.ids)]
        )
        self.assertEqual(len(mails), 1)
        self.assertIn("5 issued", mails.subject)


@tagged("post_install", "-at_install")
class TestTrouble(JobCommon):
    def _fail_with(self, error, model, method):
        return patch.object(self.env.registry[model], method, side_effect=error)

    def test_a_stale_snapshot_reaches_the_job_runner(self):
        """It undoes the job and takes it again; our rollback would free its lock."""
        _task, jobs = self._hand_out()
        error = SerializationFailure("could not serialize access")
        with (
            self._fail_with(error, "recurring.engine", "_process"),
            self.assertRaises(SerializationFailure),
        ):
            self._perform(jobs[0])

    def test_a_stale_snapshot_of_a_mail_does_so_too(self):
        error = SerializationFailure("could not serialize access")
        with (
            self._fail_with(error, "document.sender", "_queue_all"),
            self.assertRaises(SerializationFailure),
        ):
            self.engine._run_as_job(*SEND, [])

    def test_without_the_guards_of_the_ledger_a_job_refuses(self):
        _task, jobs = self._hand_out()
        guards = self.env.registry["recurring.occurrence"]
        with (
            patch.object(guards, "_get_missing_guards", return_value={"a guard"}),
            self.assertRaisesRegex(UserError, "a guard"),
        ):
            self._perform(jobs[0])

    def test_uninstalling_takes_waiting_jobs_away_and_wakes_the_scheduled_action(self):
        task, jobs = self._hand_out()
        with self.capture_triggers(GENERATE) as capture:
            uninstall_hook(self.env)
        self.assertEqual(set(jobs.mapped("state")), {"cancelled"})
        self.assertTrue(capture.records)
        self.assertEqual(len(task.recipient_ids), 5)

    def test_a_neutralized_copy_does_not_do_the_work_of_the_original(self):
        _task, jobs = self._hand_out()
        jobs[0].write({"state": "done"})
        self.env.flush_all()
        path = f"{get_module_path('recurring_billing_queue_job')}/data/neutralize.sql"
        with open(path) as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertEqual(jobs.mapped("state"), ["done", "cancelled", "cancelled"])

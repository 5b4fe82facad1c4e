"""The life of a task: started, paused, resumed, stopped, finished."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestTaskState(RecurringCommon):
    def test_a_task_that_is_not_started_issues_nothing(self):
        task = self._create_task()
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task)

    def test_starting_twice_does_no_harm(self):
        task = self._start_task()
        task.action_start()
        self.assertEqual(task.state, "running")

    def test_a_paused_task_issues_nothing(self):
        task = self._start_task()
        task.action_pause()
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task)

    def test_dates_that_pass_during_a_pause_are_skipped_with_the_reason(self):
        task = self._start_task()
        task.action_pause()
        self.clock.move_to("2027-05-10 08:00:00")
        task.action_resume()
        self.assertRows(task, "2027-04-01 skipped", "2027-05-01 skipped")
        self.assertIn("paused", self._get_rows(task)[0].error)
        self._run_cron("2027-06-01 08:00:00")
        self.assertDates(task, "2027-06-01")

    def test_a_pause_that_ends_on_the_day_skips_nothing(self):
        task = self._start_task()
        task.action_pause()
        self.clock.move_to("2027-04-01 08:00:00")
        task.action_resume()
        self._run_cron()
        self.assertRows(task, "2027-04-01 generated")

    def test_a_resume_records_nothing_for_a_customer_who_was_stopped(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        task.recipient_ids[0].action_stop()
        task.action_pause()
        self.clock.move_to("2027-04-10 08:00:00")
        task.action_resume()
        rows = self._get_rows(task)
        self.assertEqual(rows.recipient_id, task.recipient_ids[1])

    def test_a_stopped_task_says_who_stopped_it(self):
        task = self._start_task()
        task.action_stop()
        self.assertEqual(task.state, "done")
        self.assertIn(self.biller.name, task.stop_reason)
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task)

    def test_a_finished_task_cannot_be_resumed(self):
        task = self._start_task()
        task.action_stop()
        with self.assertRaisesRegex(UserError, "“Finished”"):
            task.action_resume()

    def test_a_task_ends_by_itself_after_the_last_document(self):
        task = self._start_task(max_documents=2)
        self._run_cron("2027-05-01 08:00:00")
        self.assertDates(task, "2027-04-01", "2027-05-01")
        self.assertEqual(task.state, "done")
        self.assertEqual(task.stop_reason, "All 2 documents are issued.")
        self.assertEqual(task.documents_left, 0)

    def test_a_task_ends_by_itself_after_the_last_date(self):
        task = self._start_task(date_end="2027-05-15")
        self._run_cron("2027-05-01 08:00:00")
        self.assertEqual(task.state, "done")
        self.assertEqual(task.stop_reason, "The last date has passed.")

    def test_buttons_work_on_many_tasks(self):
        tasks = self._create_task() + self._create_task(name="Second")
        tasks.action_start()
        self.assertEqual(set(tasks.mapped("state")), {"running"})
        tasks.action_pause()
        tasks.action_resume()
        tasks.action_stop()
        self.assertEqual(set(tasks.mapped("state")), {"done"})

    def test_an_archived_task_issues_nothing(self):
        task = self._start_task()
        task.action_archive()
        self.assertEqual(task.state, "paused")
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task)

    def test_a_task_archived_by_another_program_issues_nothing(self):
        task, other = self._start_task(), self._start_task(name="In the same zone")
        task.write({"active": False})
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task)
        self.assertRows(other, "2027-04-01 generated")

    def test_a_used_task_cannot_be_deleted(self):
        task = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            task.unlink()

    def test_an_unused_task_can_be_deleted(self):
        task = self._start_task()
        task.unlink()
        self.assertFalse(task.exists())

    def test_a_used_task_cannot_move_to_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.biller.sudo().company_ids += other
        task = self._start_task(lines=[{"name": "Work", "price_unit": 10}])
        self._run_cron("2027-04-01 08:00:00")
        with self.assertRaisesRegex(UserError, "new task"):
            task.with_context(
                allowed_company_ids=(self.company + other).ids
            ).company_id = other


@tagged("post_install", "-at_install")
class TestStateDoor(RecurringCommon):
    """The state changes through its buttons only."""

    people = ("manager",)

    def test_the_state_cannot_be_written(self):
        task = self._create_task()
        with self.assertRaisesRegex(AccessError, "buttons"):
            task.write({"state": "running"})

    def test_the_state_cannot_be_given_when_creating(self):
        with self.assertRaisesRegex(AccessError, "buttons"):
            self._create_task(state="running")

    def test_the_managers_cannot_write_it_either(self):
        task = self._create_task().with_user(self.manager)
        with self.assertRaises(AccessError):
            task.write({"state": "done"})

    def test_the_engines_fields_of_a_customer_cannot_be_written(self):
        recipient = self._create_task().recipient_ids
        for name, value in (
            ("state", "done"),
            ("date_next", "2027-03-01"),
            ("date_retry", "2027-03-01"),
            ("requested_date", "2027-03-01"),
            ("stop_reason", "because"),
            ("task_state", "running"),
            ("tz", "UTC"),
            ("company_id", self.env.ref("base.main_company").id),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                recipient.write({name: value})

    def test_nor_through_the_task(self):
        task = self._create_task()
        with self.assertRaises(AccessError):
            task.recipient_ids = [
                Command.update(task.recipient_ids.id, {"date_next": "2027-03-01"})
            ]

    def test_nor_given_when_creating(self):
        with self.assertRaises(AccessError):
            self.env["recurring.task"].with_user(self.biller).create(
                {
                    **self._prepare_task(customers=[]),
                    "recipient_ids": [
                        Command.create(
                            {"partner_id": self.customer.id, "task_state": "running"}
                        )
                    ],
                }
            )


@tagged("post_install", "-at_install")
class TestRecipientState(RecurringCommon):
    """One customer alone is paused or stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._start_task(customers=cls.customer + cls.other_customer)
        cls.alma, cls.borja = cls.task.recipient_ids

    def test_a_paused_customer_gets_nothing_and_the_others_go_on(self):
        self.alma.action_pause()
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(self._get_rows(self.task).recipient_id, self.borja)

    def test_dates_during_his_pause_are_skipped(self):
        self.alma.action_pause()
        self.clock.move_to("2027-04-10 08:00:00")
        self.alma.action_resume()
        rows = self._get_rows(self.task).filtered(lambda r: r.recipient_id == self.alma)
        self.assertEqual(rows.state, "skipped")
        self.assertEqual(str(self.alma.date_next), "2027-05-01")

    def test_a_stopped_customer_says_why(self):
        self.alma.action_stop()
        self.assertEqual(self.alma.state, "stopped")
        self.assertIn(self.biller.name, self.alma.stop_reason)
        self.assertEqual(self.task.state, "running")

    def test_the_task_ends_when_all_customers_are_stopped(self):
        self.task.recipient_ids.action_stop()
        self.assertEqual(self.task.state, "done")

    def test_a_customer_with_documents_cannot_be_deleted(self):
        self._run_cron("2027-04-01 08:00:00")
        with self.assertRaisesRegex(UserError, "Stop this customer instead"):
            self.alma.unlink()

    def test_nor_one_whose_document_was_voided(self):
        self._run_cron("2027-04-01 08:00:00")
        self._get_documents(self.task).button_cancel()
        with self.assertRaisesRegex(UserError, "Stop this customer instead"):
            self.alma.unlink()

    def test_a_customer_without_documents_can_be_deleted(self):
        self.alma.unlink()
        self.assertEqual(self.task.recipient_ids, self.borja)

    def test_the_customer_of_a_used_line_cannot_be_exchanged(self):
        self._run_cron("2027-04-01 08:00:00")
        with self.assertRaises(UserError):
            self.alma.partner_id = self.other_customer

    def test_a_used_line_cannot_move_to_another_task(self):
        self._run_cron("2027-04-01 08:00:00")
        with self.assertRaises(UserError):
            self.alma.task_id = self._create_task(name="Other")

    def test_the_limit_counts_for_each_customer(self):
        self.task.max_documents = 1
        self.alma.action_pause()
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(self.borja.state, "done")
        self.assertEqual(self.borja.stop_reason, "All 1 documents are issued.")
        self.assertEqual(self.task.state, "running")

"""Runs: "Run now", their figures and their report."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestRunNow(RecurringCommon, CronMixinCase):
    def test_the_next_document_is_issued_ahead_of_its_date(self):
        task = self._start_task()
        action = task.action_run_now()
        self.assertRows(task, "2027-04-01 generated")
        self.assertEqual(str(self._get_documents(task).invoice_date), "2027-03-15")
        self.assertEqual(action["res_model"], "recurring.run")
        self.assertEqual(action["res_id"], self._get_rows(task).run_id.id)
        self.assertEqual(str(task.date_next), "2027-05-01")

    def test_pressing_twice_makes_one_document(self):
        task = self._start_task()
        task.action_run_now()
        with self.assertRaisesRegex(UserError, "nothing to issue now"):
            task.action_run_now()
        self.assertEqual(len(self._get_rows(task)), 1)

    def test_the_scheduled_action_does_not_issue_it_again(self):
        task = self._start_task()
        task.action_run_now()
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 generated")

    def test_one_at_a_time_when_several_are_due(self):
        task = self._start_task()
        self.clock.move_to("2027-05-15 08:00:00")
        task.action_run_now()
        self.assertRows(task, "2027-04-01 generated")

    def test_a_missed_date_is_issued_whatever_the_rule_for_missed_dates(self):
        task = self._start_task(catch_up="skip")
        self.clock.move_to("2027-04-10 08:00:00")
        task.action_run_now()
        self.assertRows(task, "2027-04-01 generated")

    def test_a_task_that_is_not_running_is_refused(self):
        with self.assertRaisesRegex(UserError, "not running"):
            self._create_task().action_run_now()

    def test_a_paused_customer_gets_nothing(self):
        task = self._start_task()
        task.recipient_ids.action_pause()
        with self.assertRaisesRegex(UserError, "nothing to issue"):
            task.action_run_now()

    def test_the_limit_holds(self):
        task = self._start_task(max_documents=1)
        task.action_run_now()
        self.assertEqual(task.state, "done")
        self.clock.move_to("2027-03-16 10:00:00")
        with self.assertRaises(UserError):
            task.action_run_now()

    def test_twenty_are_served_at_once_and_the_rest_by_the_scheduled_action(self):
        task = self._start_task(customers=self._create_customers(22))
        with self.capture_triggers("recurring_billing.ir_cron_generate") as capture:
            task.action_run_now()
        self.assertEqual(len(self._get_documents(task)), 20)
        self.assertTrue(capture.records)
        run = self._get_rows(task).run_id
        self.assertEqual(run.state, "running")
        self._run_cron("2027-03-15 10:01:00")
        self.assertEqual(len(self._get_documents(task)), 22)
        self.assertEqual(self._get_rows(task).run_id, run)
        self.assertEqual(run.state, "done")

    def test_twenty_customers_trigger_nothing_more(self):
        task = self._start_task(customers=self._create_customers(20))
        with self.capture_triggers("recurring_billing.ir_cron_generate") as capture:
            task.action_run_now()
        self.assertFalse(capture.records)
        self.assertEqual(self._get_rows(task).run_id.state, "done")

    def test_many_tasks_are_one_run(self):
        tasks = self._start_task() + self._start_task(name="Second")
        tasks.action_run_now()
        self.assertEqual(len(tasks.sudo().occurrence_ids.run_id), 1)

    def test_the_run_names_who_asked_for_it(self):
        task = self._start_task()
        task.action_run_now()
        run = self._get_rows(task).run_id
        self.assertEqual(run.trigger, "manual")
        self.assertEqual(run.user_id, self.biller)


@tagged("post_install", "-at_install")
class TestRunFigures(RecurringCommon):
    """P12: planned = generated + failed + skipped + held; sums equal SQL."""

    def _make_mixed_run(self):
        self.company.recurring_catch_up_cap = 2
        bad = self._create_customer(name="Bad")
        tasks = self._start_task(customers=self.customer + bad, date_start="2027-06-01")
        tasks += self._start_task(name="Late")  # held: three dates
        tasks += self._start_task(name="Last", catch_up="last")
        tasks += self._start_task(
            name="Order", document_type="order", date_start="2027-05-15"
        )
        bad.active = False
        self._run_cron("2027-06-01 08:00:00")
        return tasks, tasks.sudo().occurrence_ids.run_id

    def test_the_figures_add_up(self):
        tasks, run = self._make_mixed_run()
        self.assertEqual(len(run), 1)
        self.assertEqual(
            {
                "generated": run.generated_count,
                "failed": run.failed_count,
                "skipped": run.skipped_count,
                "held": run.held_count,
            },
            {"generated": 3, "failed": 1, "skipped": 2, "held": 3},
        )
        self.assertEqual(run.planned_count, 9)
        self.assertEqual(run.planned_count, len(tasks.sudo().occurrence_ids))
        self.assertEqual(run.state, "done")

    def test_the_totals_equal_sql_over_ledger_and_documents(self):
        tasks, run = self._make_mixed_run()
        report = self.env["recurring.run.report"]
        totals = report._get_figures(run, run.occurrence_ids)["totals"]
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT sum(amount_total) FROM recurring_occurrence
             WHERE run_id = %(run)s AND state IN ('generated', 'sent')
            UNION ALL
            SELECT (SELECT sum(l.balance) FROM account_move_line l
                      JOIN account_account a ON a.id = l.account_id
                      JOIN recurring_occurrence o ON o.move_id = l.move_id
                     WHERE o.run_id = %(run)s
                       AND a.account_type = 'asset_receivable')
                 + (SELECT sum(s.amount_total) FROM sale_order s
                      JOIN recurring_occurrence o ON o.sale_order_id = s.id
                     WHERE o.run_id = %(run)s)
            """,
            {"run": run.id},
        )
        (ledger,), (documents,) = self.env.cr.fetchall()
        total = sum(amount for _kind, _currency, _count, amount in totals)
        self.assertEqual(total, float(ledger))
        self.assertEqual(total, float(documents))
        self.assertEqual(total, 3 * 121.0)

    def test_the_figures_stay_when_a_document_is_voided_later(self):
        tasks, run = self._make_mixed_run()
        self._get_documents(tasks[0]).button_cancel()
        run.invalidate_recordset()
        self.assertEqual(run.generated_count, 3)

    def test_each_company_has_its_own_run(self):
        other = self._create_billing_company(name="Other Co")
        task = self._start_task()
        env = self._get_company_env(other)
        second = env["recurring.task"].create(
            {
                **self._prepare_task(
                    lines=[{"name": "Work", "price_unit": 10}], date_start="2027-04-01"
                ),
                "company_id": other.id,
            }
        )
        second.action_start()
        self._run_cron("2027-04-01 08:00:00")
        runs = (task.sudo() + second).occurrence_ids.run_id
        self.assertEqual(len(runs), 2)
        self.assertEqual(runs.company_id, self.company + other)
        self.assertEqual(second.occurrence_ids.move_id.company_id, other)

    def test_nothing_due_opens_no_run(self):
        self._start_task()
        count = self.env["recurring.run"].search_count([])
        self._run_cron("2027-03-20 08:00:00")
        self.assertEqual(self.env["recurring.run"].search_count([]), count)


@tagged("post_install", "-at_install")
class TestReport(RecurringCommon):
    """One e-mail for each responsible, when everything is final or after an hour."""

    people = ("manager",)

    def _get_reports(self, run):
        return self.env["mail.mail"].search(
            [("model", "=", "recurring.run"), ("res_id", "in", run.ids)]
        )

    def _issue(self, **values):
        task = self._start_task(**values)
        self._run_cron("2027-04-01 08:00:00")
        return task, self._get_rows(task).run_id

    def test_the_responsible_gets_one_mail(self):
        task, run = self._issue()
        self.env["recurring.run"]._send_due_reports()
        self.env["recurring.run"]._send_due_reports()
        mail = self._get_reports(run)
        self.assertEqual(len(mail), 1)
        self.assertIn("biller@example.com", mail.email_to)
        self.assertIn("1 issued", mail.subject)
        self.assertIn("121.00", mail.body_html)

    def test_each_responsible_reads_of_his_own_tasks(self):
        self._start_task(name="Mine")
        self._start_task(name="Theirs", user_id=self.manager.id)
        self._run_cron("2027-04-01 08:00:00")
        run = self.env["recurring.run"].search([("company_id", "=", self.company.id)])
        self.env["recurring.run"]._send_due_reports()
        mails = self._get_reports(run).sorted("email_to")
        self.assertEqual(len(mails), 2)
        self.assertIn("Mine", mails[0].body_html)
        self.assertNotIn("Theirs", mails[0].body_html)

    def test_a_failure_is_told_with_its_reason(self):
        task = self._start_task()
        self.customer.active = False
        self._run_cron("2027-04-01 08:00:00")
        self.env["recurring.run"]._send_due_reports()
        mail = self._get_reports(self._get_rows(task).run_id)
        self.assertIn("1 needs you", mail.subject)
        self.assertIn("The customer is archived.", mail.body_html)

    def test_it_waits_for_open_deliveries_an_hour_at_most(self):
        task, run = self._issue(completion="send")
        self.assertEqual(self._get_rows(task).delivery_state, "queued")
        self.env["recurring.run"]._send_due_reports()
        self.assertFalse(self._get_reports(run))
        self.clock.move_to("2027-04-01 09:01:00")
        self.env["recurring.run"]._send_due_reports()
        self.assertEqual(len(self._get_reports(run)), 1)

    def test_it_leaves_at_once_when_all_deliveries_are_final(self):
        task, run = self._issue(completion="send")
        self._get_rows(task).delivery_ids.write({"state": "sent"})
        self.env["recurring.run"]._send_due_reports()
        self.assertEqual(len(self._get_reports(run)), 1)

    def test_a_run_that_was_empty_sends_nothing(self):
        run = self.env["recurring.run"].create(
            {
                "trigger": "schedule",
                "company_id": self.company.id,
                "state": "done",
                "date_end": "2027-03-15 08:00:00",
            }
        )
        self._start_task()
        self.env["recurring.run"]._send_due_reports()
        self.assertFalse(self._get_reports(run))

    def test_a_responsible_without_address_hinders_nobody(self):
        self.biller.sudo().email = False
        task, run = self._issue()
        self.env["recurring.run"]._send_due_reports()
        self.assertFalse(self._get_reports(run))
        self.assertTrue(run.report_date)

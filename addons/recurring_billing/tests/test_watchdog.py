"""What the watchdog finds, and whom it tells."""

from ast import literal_eval
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RecurringCommon

WATCHDOG_LOG = "odoo.addons.recurring_billing.models.recurring_watchdog"


class WatchdogCommon(RecurringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.actions = cls.env["recurring.watchdog"].sudo()._get_watched_actions()
        cls.actions.write({"active": True, "nextcall": "2028-01-01 00:00:00"})
        cls.generate = cls.env.ref("recurring_billing.ir_cron_generate")

    def _find(self, user=None, companies=None):
        """Findings of a reader by key."""
        context = {"allowed_company_ids": (companies or self.company).ids}
        watchdog = self.env["recurring.watchdog"].with_user(user or self.reader)
        findings = watchdog.with_context(**context).get_findings()
        return {finding["key"]: finding for finding in findings}

    def _hold(self):
        """A task with documents that wait for a release."""
        self.company.recurring_catch_up_cap = 1
        self.clock.move_to("2027-03-15 10:00:00")
        task = self._start_task()
        self._run_cron("2027-05-01 08:00:00")
        self.assertEqual(set(self._get_rows(task).mapped("state")), {"held"})
        return task


@tagged("post_install", "-at_install")
class TestWatchdog(WatchdogCommon):
    people = ("reader", "stranger", "portal", "manager")

    def test_silent_when_all_is_well(self):
        task = self._start_task()
        task.action_run_now()
        self.assertEqual(self._find(), {})

    def test_only_for_people_who_see_recurring_billing(self):
        for user in (self.stranger, self.portal):
            with self.assertRaises(AccessError):
                self._find(user)

    # === SCHEDULED ACTIONS === #

    def test_a_scheduled_action_that_is_switched_off(self):
        self.generate.active = False
        finding = self._find()["switched_off"]
        self.assertIn("issue documents", finding["text"])
        self.assertEqual(finding["level"], "danger")
        self.assertFalse(finding["action"], "a reader may not see it")

    def test_an_administrator_gets_there_with_one_click(self):
        self.generate.active = False
        self.manager.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        action = self._find(self.manager)["switched_off"]["action"]
        found = self.env["ir.cron"].with_context(**action["context"])
        self.assertEqual(found.search(action["domain"]), self.generate)

    def test_a_scheduled_action_that_fails_again_and_again(self):
        self.generate.failure_count = 2
        self.assertNotIn("failing", self._find())
        self.generate.failure_count = 3
        self.assertIn("issue documents", self._find()["failing"]["text"])

    def test_a_scheduled_action_that_is_late(self):
        self.generate.nextcall = "2027-03-15 08:00:00"  # two hours ago
        self.assertNotIn("late", self._find())
        self.generate.nextcall = "2027-03-15 07:59:00"
        self.assertIn("issue documents", self._find()["late"]["text"])

    def test_whoever_is_at_work_is_not_late(self):
        self.generate.nextcall = "2027-03-15 01:00:00"
        progress = self.env["ir.cron.progress"].create({"cron_id": self.generate.id})
        self.env.flush_all()
        for moment, is_late in (("09:30:00", False), ("07:00:00", True)):
            self.cr.execute(
                "UPDATE ir_cron_progress SET create_date = %s WHERE id = %s",
                (f"2027-03-15 {moment}", progress.id),
            )
            self.assertEqual("late" in self._find(), is_late)

    def test_core_s_queue_of_e_mails_is_watched_too(self):
        self.env.ref("mail.ir_cron_mail_scheduler_action").active = False
        self.assertIn("switched_off", self._find())

    # === RUNS AND DATES === #

    def test_a_run_that_has_not_moved_for_hours(self):
        task = self._start_task()
        run = self.env["recurring.run"]._open("manual", self.company)[self.company]
        task.recipient_ids.sudo().requested_run_id = run
        self.clock.move_to("2027-03-15 12:01:00")
        finding = self._find()["hanging_run"]
        self.assertIn("1 are left", finding["text"])
        self.assertEqual(finding["company_id"], self.company.id)
        self.assertEqual(finding["action"]["path"], "recurring-runs-open")
        task.recipient_ids.sudo().requested_run_id = False
        other = self._start_task(name="Other")
        other.action_run_now()
        self._get_rows(other).run_id = run
        self.assertNotIn("hanging_run", self._find(), "it has just issued something")

    def test_dates_that_nobody_takes(self):
        self._start_task(customers=self.customer + self.other_customer)
        self.clock.move_to("2027-04-02 23:00:00")
        self.assertNotIn("missed_date", self._find())
        self.clock.move_to("2027-04-03 01:00:00")
        self.assertRegex(
            self._find()["missed_date"]["text"], r"Customers: 2, recurring tasks: 1"
        )
        self._run_cron()
        self.assertEqual(self._find(), {})

    def test_a_failure_explains_a_date_that_has_passed(self):
        self._start_task()
        self.customer.active = False
        self._run_cron("2027-04-03 08:00:00")
        self.assertNotIn("missed_date", self._find())

    def test_a_paused_task_misses_nothing(self):
        self._start_task().action_pause()
        self.clock.move_to("2027-04-20 08:00:00")
        self.assertEqual(self._find(), {})

    # === DOCUMENTS AND E-MAILS === #

    def test_documents_that_wait_are_released_from_there_with_one_click(self):
        task = self._hold()
        finding = self._find(self.biller)["waiting"]
        self.assertEqual(finding["level"], "warning")
        self.assertRegex(finding["text"], r"release: 2\.")
        action = finding["action"]
        self.assertEqual((action["res_model"], action["res_id"]), (task._name, task.id))
        task.action_release()
        self.assertNotIn("waiting", self._find())

    def test_documents_of_several_tasks_that_wait_are_a_list(self):
        tasks = self._hold() + self._hold()
        action = self._find()["waiting"]["action"]
        rows = self.env["recurring.occurrence"].with_user(self.biller)
        rows = rows.search(literal_eval(action["domain"]))
        self.assertEqual(rows.task_id, tasks)
        rows.action_release()
        self.assertNotIn("waiting", self._find())

    def test_documents_that_have_failed_for_days(self):
        self._start_task()
        self.customer.active = False
        for day in (1, 2, 3, 4):
            self._run_cron(f"2027-04-0{day} 08:00:00")
            self.assertNotIn("failed", self._find())
        self._run_cron("2027-04-05 08:00:00")
        self.assertRegex(self._find()["failed"]["text"], r"three days: 1\.")

    def _create_deliveries(self, *states):
        return (
            self.env["document.delivery"]
            .sudo()
            .create(
                [
                    {
                        "res_model": "account.move",
                        "res_id": number,
                        "company_id": self.company.id,
                        "address_key": f"{number} {len(states)}",
                        "state": state,
                    }
                    for number, state in enumerate(states, 1)
                ]
            )
        )

    def test_a_mail_server_that_refuses_everything(self):
        self._create_deliveries("refused", "refused", "deferred", "deferred")
        self.assertNotIn("mail_server", self._find())
        last = self._create_deliveries("refused")
        self.assertIn("last 5 e-mails", self._find()["mail_server"]["text"])
        last.sudo().state = "sent"
        self.assertNotIn("mail_server", self._find())

    def test_what_was_refused_days_ago_is_no_news(self):
        self._create_deliveries(*["refused"] * 9)
        self.clock.move_to("2027-03-16 10:01:00")
        self.assertNotIn("mail_server", self._find())

    # === THE DATABASE === #

    def test_a_ledger_without_its_guards(self):
        self.cr.execute("DROP INDEX recurring_occurrence_scheduled_date_uniq")
        finding = self._find()["guards_recurring_occurrence"]
        self.assertIn("recurring_occurrence_scheduled_date_uniq", finding["text"])

    def test_a_check_that_breaks_hides_none_of_the_others(self):
        self.generate.active = False
        watchdog = self.env.registry["recurring.watchdog"]

        def fail(*_args):
            raise ZeroDivisionError

        with (
            patch.object(watchdog, "_find_missing_guards", fail),
            mute_logger(WATCHDOG_LOG),
        ):
            findings = self._find()
        self.assertEqual(set(findings), {"find_missing_guards", "switched_off"})

    # === COMPANIES === #

    def test_another_company_is_none_of_ones_business(self):
        self._hold()
        other = self._create_billing_company(name="Other Co")
        neighbour = self._create_user(
            "neighbour", "recurring_billing.group_user", company=other
        )
        self.assertEqual(self._find(neighbour, other), {})
        with self.assertRaises(AccessError):
            self._find(neighbour, self.company)

    def test_of_several_companies_each_is_named(self):
        self._hold()
        other = self._create_billing_company(name="Other Co")
        self.reader.company_ids |= other
        finding = self._find(companies=self.company | other)["waiting"]
        self.assertEqual(finding["text"][:14], "Recurring Co: ")

    def test_looking_costs_the_same_for_any_number_of_tasks(self):
        counts = []
        self._start_task(customers=self._create_customers(2))
        self.clock.move_to("2027-04-20 08:00:00")
        for _number in range(2):
            with self.counting() as counted:
                self._find()
            counts.append(counted.statements)
            self.clock.move_to("2027-03-15 08:00:00")
            for task in range(10):
                self._start_task(customers=self._create_customers(2), name=f"{task}")
            self.clock.move_to("2027-04-20 08:00:00")
        self.assertLessEqual(counts[1], counts[0])


@tagged("post_install", "-at_install")
class TestWatchdogMail(WatchdogCommon):
    people = ("manager",)

    def _watch(self, moment=None):
        """What the manager is told by the scheduled action."""
        if moment:
            self.clock.move_to(moment)
        cron = self.env.ref("recurring_billing.ir_cron_watchdog")
        mails = self.env["mail.mail"].sudo().search([])
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)
        new = self.env["mail.mail"].sudo().search([]) - mails
        return new.filtered(lambda mail: "manager@example.com" in mail.email_to)

    def test_nothing_wrong_no_mail(self):
        self.assertFalse(self._watch())

    def test_one_mail_with_everything_and_a_link_to_each(self):
        task = self._hold()
        self.generate.active = False
        mail = self._watch()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.subject, "Recurring billing needs you: 2")
        self.assertIn("issue documents", mail.body_html)
        self.assertIn("wait for your release", mail.body_html)
        self.assertIn(f"/odoo/recurring.task/{task.id}", mail.body_html)
        self.assertEqual(mail.state, "outgoing", "through core's queue")
        self.assertFalse(mail.auto_delete)

    def test_once_a_day_until_it_is_mended(self):
        self.generate.active = False
        self.assertEqual(len(self._watch("2027-03-15 06:00:00")), 1)
        self.assertFalse(self._watch("2027-03-15 20:00:00"))
        self.assertEqual(len(self._watch("2027-03-16 06:00:00")), 1)
        self.generate.active = True
        self.assertFalse(self._watch("2027-03-17 06:00:00"))

    def test_the_day_is_that_of_the_company(self):
        self.generate.active = False
        self.assertEqual(len(self._watch("2027-03-15 22:30:00")), 1)
        # half past midnight in Madrid
        self.assertEqual(len(self._watch("2027-03-15 23:30:00")), 1)

    def test_a_company_may_have_silence(self):
        self.company.recurring_watchdog_silent = True
        self.generate.active = False
        self.assertFalse(self._watch())

    def test_billers_are_not_told(self):
        self.generate.active = False
        self._watch()
        told = self.env["mail.mail"].sudo().search([("subject", "like", "needs you")])
        self.assertNotIn("biller@example.com", "".join(told.mapped("email_to")))

    def test_several_companies_are_one_mail(self):
        other = self._create_billing_company(name="Other Co")
        self.manager.company_ids |= other
        self._hold()
        mail = self._watch()
        self.assertEqual(len(mail), 1)
        self.assertIn("Recurring Co: Documents that wait", mail.body_html)

    def test_more_managers_cost_a_mail_and_no_more_looking(self):
        self.generate.active = False
        watchdog = self.env["recurring.watchdog"].sudo()
        findings = type(watchdog)._get_findings
        calls = []

        def count(watchdog, companies):
            calls.append(companies)
            return findings(watchdog, companies)

        for number in range(4):
            self._create_user(f"boss{number}", "recurring_billing.group_manager")
        with patch.object(type(watchdog), "_get_findings", count):
            watchdog._cron_watch()
        mails = self.env["mail.mail"].sudo().search([("email_to", "like", "boss")])
        self.assertEqual(len(mails), 4)
        own = [companies for companies in calls if companies == self.company]
        self.assertLessEqual(len(own), 2)  # administrators see more
        self.assertEqual(
            self.company.recurring_watchdog_date,
            fields.Date.to_date("2027-03-15"),
        )

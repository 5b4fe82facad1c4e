"""Whoever manages a task hears of it before the deadline, once."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .sla_case import SlaCase

#: 80 % of eight hours after Monday ten o'clock are 6:24 h: Monday 17:24 in Madrid.
SOON = "2026-11-02 16:30:00"


@tagged("post_install", "-at_install")
class TestSlaWarning(SlaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("crm_sla.ir_cron_sla_warning")
        cls.kind = cls.env.ref("crm_sla.mail_activity_type_sla")

    def _warn(self, moment=SOON):
        self._at(moment)
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_warned(self, task):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "project.task"),
                ("res_id", "in", task.ids),
                ("activity_type_id", "=", self.kind.id),
            ]
        )

    def _create_task_of_role(self):
        """A task that technician and planner manage together, by the rule of its
        reason."""
        role = self.env["project.role"].create(
            {
                "name": "Dispatch",
                "user_ids": [Command.set((self.technician + self.planner).ids)],
            }
        )
        self.env["crm.task.reason.rule"].create(
            {
                "reason_id": self.reason.id,
                "stage_id": self.new.id,
                "role_id": role.id,
            }
        )
        return self._create_tasks(reason_id=self.reason.id)

    def test_the_managing_user_gets_an_activity_once(self):
        task = self._create_tasks(managed_by_user_id=self.planner.id)
        self._warn("2026-11-02 16:23:00")
        self.assertFalse(self._get_warned(task))
        self._warn()
        self._warn("2026-11-02 16:45:00")
        warning = self._get_warned(task)
        self.assertEqual(warning.user_id, self.planner)
        self.assertEqual(str(warning.date_deadline), "2026-11-03")
        self.assertIn("11/03/2026", warning.summary)

    def test_every_member_of_the_managing_role_gets_one(self):
        task = self._create_task_of_role()
        self._warn()
        self.assertEqual(self._get_warned(task).user_id, self.technician + self.planner)

    def test_without_a_manager_the_assignees_then_the_project(self):
        assigned = self._create_tasks(user_ids=[Command.set(self.technician.ids)])
        self.project.user_id = self.planner
        alone = self._create_tasks(user_ids=[Command.clear()])
        self._warn()
        self.assertEqual(self._get_warned(assigned).user_id, self.technician)
        self.assertEqual(self._get_warned(alone).user_id, self.planner)

    def test_an_archived_manager_is_passed_over(self):
        self.project.user_id = self.planner
        task = self._create_tasks(managed_by_user_id=self.technician.id)
        self.technician.active = False
        self._warn()
        self.assertEqual(self._get_warned(task).user_id, self.planner)

    def test_nobody_to_tell_is_said_on_the_task(self):
        self.project.user_id = False
        task = self._create_tasks(user_ids=[Command.clear()])
        self._warn()
        self.assertFalse(self._get_warned(task))
        self.assertIn("nobody could be told", task.message_ids[0].body)
        notes = len(task.message_ids)
        self._warn("2026-11-02 16:45:00")
        self.assertEqual(len(task.message_ids), notes)

    def test_a_policy_may_be_silent(self):
        self.policy.is_escalated = False
        task = self._create_tasks(managed_by_user_id=self.planner.id)
        self._warn()
        self.assertFalse(self._get_warned(task))

    def test_what_waits_is_not_at_risk(self):
        task = self._create_tasks(managed_by_user_id=self.planner.id)
        self._move(task, self.waiting, "2026-11-02 10:00:00")
        self._warn()
        self.assertFalse(self._get_warned(task))

    def test_a_new_deadline_is_warned_of_again(self):
        task = self._create_tasks(managed_by_user_id=self.planner.id)
        self._warn()
        self._get_warned(task).action_done()
        self._move(task, self.waiting, "2026-11-02 16:40:00")
        self._move(task, self.progress, "2026-11-10 09:00:00")
        self._warn("2026-11-10 09:30:00")
        self.assertEqual(len(self._get_warned(task)), 1)

    def test_a_deadline_missed_by_the_scheduled_action_is_told_late(self):
        task = self._create_tasks(managed_by_user_id=self.planner.id)
        self._warn("2026-11-05 09:00:00")
        self.assertTrue(self._get_warned(task))

    def test_what_was_too_late_from_the_start_is_nobodys_surprise(self):
        task = self._create_tasks(managed_by_user_id=self.planner.id)
        self._create_policy(hours=1, priority="3")
        self._at("2026-11-02 14:00:00")
        task.priority = "3"
        self._warn()
        self.assertFalse(self._get_warned(task))

    def test_solved_takes_the_warning_back(self):
        task = self._create_tasks(managed_by_user_id=self.planner.id)
        self._warn()
        self._move(task, self.solved, "2026-11-02 16:40:00")
        self.assertFalse(self._get_warned(task))

    def test_taken_by_one_the_others_lose_the_warning(self):
        task = self._create_task_of_role()
        self._warn()
        task.with_user(self.technician).action_take()
        self.assertEqual(self._get_warned(task).user_id, self.technician)

    def test_handed_over_the_next_one_has_the_warning(self):
        task = self._create_tasks(managed_by_user_id=self.planner.id)
        self._warn()
        task.managed_by_user_id = self.technician
        self.assertEqual(self._get_warned(task).user_id, self.technician)

    def test_the_scheduled_action_wakes_up_in_time(self):
        triggers = self.env["ir.cron.trigger"]
        triggers.search([("cron_id", "=", self.cron.id)]).unlink()
        self._create_tasks(20)
        trigger = triggers.search([("cron_id", "=", self.cron.id)])
        self.assertEqual(
            trigger.mapped(lambda row: str(row.call_at)), ["2026-11-02 16:25:00"]
        )

    def test_a_task_that_fails_harms_no_other(self):
        tasks = self._create_tasks(5, managed_by_user_id=self.planner.id)
        guilty = tasks[2]
        prepare = type(tasks)._prepare_sla_warning

        def fail(task, user):
            if task == guilty:
                raise ValueError("broken")
            return prepare(task, user)

        self.patch(type(tasks), "_prepare_sla_warning", fail)
        with mute_logger("odoo.addons.crm_sla.models.project_task_sla_warning_mixin"):
            self._warn()
        self.assertEqual(len(self._get_warned(tasks)), 4)
        self.assertIn("broken", guilty.message_ids[0].body)

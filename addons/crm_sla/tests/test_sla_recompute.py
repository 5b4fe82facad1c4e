"""What changes is shown first, and applied by a person's click."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .sla_case import SlaCase


@tagged("post_install", "-at_install")
class TestSlaRecompute(SlaCase):
    def _open(self, user=None, **values):
        wizard = self.env["crm.sla.recompute"].with_user(user or self.planner)
        wizard = wizard.create({"project_ids": self.project.ids, **values})
        wizard.action_preview()
        return wizard

    def test_the_preview_lists_what_would_change_and_writes_nothing(self):
        task = self._create_tasks()
        self._at("2026-11-02 14:30:00")
        self.policy.hours = 4
        wizard = self._open()
        line = wizard.line_ids
        self.assertEqual(line.task_id, task)
        self.assertEqual(str(line.deadline), "2026-11-03 09:00:00")
        self.assertEqual(str(line.new_deadline), "2026-11-02 14:00:00")
        self.assertEqual((line.meets_sla, line.new_meets_sla), ("yes", "no"))
        self.assertDeadline(task, "2026-11-03 09:00:00")

    def test_applying_writes_what_was_shown(self):
        task = self._create_tasks()
        self.policy.hours = 4
        wizard = self._open()
        wizard.action_apply()
        self.assertDeadline(task, "2026-11-02 14:00:00")
        self.assertEqual(task.sla_hours, 4)
        self.assertFalse(self._open().line_ids)

    def test_a_task_without_a_stage_is_looked_at_too(self):
        project = self.env["project.project"].create({"name": "Without stages"})
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": project.id}
        )
        self.assertFalse(task.stage_id)
        self._create_policy(project_ids=[Command.set(project.ids)])
        self.assertEqual(self._open(project_ids=project.ids).line_ids.task_id, task)

    def test_what_stays_the_same_is_not_listed(self):
        self._create_tasks(3)
        wizard = self._open()
        self.assertFalse(wizard.line_ids)
        self.assertEqual((wizard.looked_at_count, wizard.change_count), (3, 0))

    def test_days_off_entered_later(self):
        task = self._create_tasks()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Strike",
                "date_from": "2026-11-03 00:00:00",
                "date_to": "2026-11-03 22:00:00",
            }
        )
        self._open().action_apply()
        self.assertDeadline(task, "2026-11-04 09:00:00")

    def test_the_past_is_counted_anew_with_its_stops(self):
        task = self._create_tasks()
        self._move(task, self.waiting, "2026-11-02 10:00:00")
        self._move(task, self.progress, "2026-11-03 10:00:00")
        self.assertDeadline(task, "2026-11-04 09:00:00")
        self.policy.pause_stage_ids = False
        self._open().action_apply()
        self.assertDeadline(task, "2026-11-03 09:00:00")

    def test_decided_tasks_only_when_asked_for(self):
        task = self._create_tasks()
        self._move(task, self.solved, "2026-11-02 12:00:00")
        self.policy.hours = 1
        self.assertFalse(self._open().line_ids)
        wizard = self._open(is_decided_included=True)
        self.assertEqual(wizard.line_ids.new_meets_sla, "no")
        wizard.action_apply()
        self.assertEqual(task.meets_sla, "no")

    def test_tasks_older_than_the_first_policy(self):
        self.policy.active = False
        task = self._create_tasks()
        self.policy.active = True
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE project_task SET create_date = '2026-10-30 09:00:00',"
            " date_last_stage_update = NULL WHERE id = %s",
            [task.id],
        )
        self.env.invalidate_all()
        wizard = self._open()
        self.assertFalse(wizard.line_ids.policy_id)
        self.assertEqual(wizard.line_ids.new_policy_id, self.policy)
        wizard.action_apply()
        self.assertDeadline(task, "2026-11-02 09:00:00")
        self.assertEqual(len(task.sla_period_ids), 1)

    def test_an_archived_policy_gives_way(self):
        task = self._create_tasks()
        self.policy.active = False
        self._open().action_apply()
        self.assertFalse(task.sla_policy_id)
        self.assertEqual(task.meets_sla, "none")

    def test_only_tasks_of_a_policy(self):
        other = self._create_policy(hours=2, priority="3")
        urgent = self._create_tasks(priority="3")
        self._create_tasks()
        (self.policy + other).write({"hours": 5})
        wizard = self._open(policy_ids=[Command.set(other.ids)])
        self.assertEqual(wizard.line_ids.task_id, urgent)

    def test_more_than_a_page_of_tasks(self):
        tasks = self._create_tasks(90)
        self.policy.hours = 4
        wizard = self._open(task_ids=[Command.set(tasks.ids)])
        self.assertEqual(len(wizard.line_ids), 90)
        wizard.action_apply()
        self.assertEqual(set(tasks.mapped("sla_hours")), {4})

    def test_without_a_look_nothing_is_applied(self):
        wizard = self.env["crm.sla.recompute"].with_user(self.planner).create({})
        with self.assertRaisesRegex(UserError, "preview"):
            wizard.action_apply()

    def test_only_managers_recompute(self):
        with self.assertRaises(AccessError):
            self._open(user=self.technician)
        wizard = self._open()
        for user in (self.technician, self.portal):
            for method in ("action_preview", "action_apply"):
                with self.assertRaises(UserError):
                    getattr(wizard.with_user(user), method)()

    def test_nobody_enters_lines(self):
        wizard = self._open()
        task = self._create_tasks()
        with self.assertRaises(AccessError):
            wizard.write({"line_ids": [Command.create({"task_id": task.id})]})

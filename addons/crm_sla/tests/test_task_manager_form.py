"""The dialog shows at once what the server will decide."""

from odoo.tests import Form, tagged

from .managed_common import ManagedCommon


@tagged("post_install", "-at_install")
class TestTaskForm(ManagedCommon):
    def _open(self, task=None):
        return Form(task or self.Task.with_context(default_project_id=self.project.id))

    def test_it_follows_reason_and_stage(self):
        form = self._open()
        form.name = "Repair"
        form.stage_id = self.progress
        self.assertFalse(form.managed_by_locked)
        form.reason_id = self.reason
        self.assertTrue(form.managed_by_locked)
        self.assertEqual(form.managed_by_user_id, self.bea)
        form.stage_id = self.waiting
        self.assertEqual(form.managed_by_role_id, self.role)
        self.assertFalse(form.managed_by_user_id)
        self._assert_managed(form.save(), role=self.role)

    def test_it_can_be_changed_only_where_no_rule_decides(self):
        form = self._open()
        form.name = "Repair"
        form.reason_id = self.reason
        form.stage_id = self.progress
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.managed_by_user_id = self.ana
        form.stage_id = self.new
        form.managed_by_user_id = self.ana
        self._assert_managed(form.save(), self.ana)

    def test_whom_somebody_entered_in_the_dialog_survives_a_look_at_other_stages(self):
        form = self._open()
        form.name = "Repair"
        form.reason_id = self.reason
        form.managed_by_user_id = self.ana
        form.stage_id = self.progress
        self.assertEqual(form.managed_by_user_id, self.bea)
        task = form.save()
        self._assert_managed(task, self.bea)
        task.stage_id = self.solved
        self._assert_managed(task, self.ana)

    def test_an_entered_user_is_shown_again(self):
        task = self._create_task(self.progress, managed_by_entered_id=self.ana.id)
        with self._open(task) as form:
            form.stage_id = self.new
            self.assertEqual(form.managed_by_user_id, self.ana)
        self._assert_managed(task, self.ana)

    def test_a_proposal_is_shown_with_its_why_and_may_be_changed(self):
        self.company.propose_task_manager = True
        self.reason.team_id = self._create_team(self.bea, self.cleo)
        form = self._open()
        form.name = "Repair"
        form.reason_id = self.reason
        self.assertEqual(form.managed_by_user_id, self.bea)
        self.assertIn("least open tasks (0) of team Europe", form.managed_by_note)
        form.managed_by_user_id = self.ana
        self.assertFalse(form.managed_by_note)
        form.stage_id = self.solved
        self.assertEqual(form.managed_by_user_id, self.ana)
        task = form.save()
        self._assert_managed(task, self.ana)
        self.assertEqual(task.managed_by_entered_id, self.ana)

"""What needs attention before a task finds nobody."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .managed_common import ManagedCommon


@tagged("post_install", "-at_install")
class TestReasonHealth(ManagedCommon):
    def _get_listed(self):
        action = self.env.ref("crm_sla.crm_task_reason_problem_action")
        domain = [("problem", "!=", False)]
        self.assertEqual(action.domain, str(domain))
        Reason = self.env["crm.task.reason"].with_user(self.planner)
        listed = Reason.search([*domain, ("id", "=", self.reason.id)])
        rest = Reason.search([("problem", "=", False), ("id", "=", self.reason.id)])
        self.assertEqual(listed | rest, self.reason)  # one of both, never none
        self.assertFalse(listed & rest)
        return listed

    def _assert_problem(self, text):
        self.env.invalidate_all()
        self.assertEqual(self._get_listed(), self.reason)
        self.assertIn(text, self.reason.problem)
        self.assertEqual(self.reason.problem_count, 1)

    def test_a_sound_reason_is_not_listed(self):
        self.assertFalse(self._get_listed())
        self.assertFalse(self.reason.problem)

    def test_an_archived_user_of_a_rule_is(self):
        self.bea.active = False
        self._assert_problem("In Progress: the user Bea is archived.")
        task = self._create_task(self.progress)
        self._assert_managed(task, self.bea)  # the rule is the rule

    def test_a_role_that_nobody_holds_is(self):
        self.role.user_ids = False
        self._assert_problem("Waiting: nobody holds the role “Workshop”.")

    def test_a_role_whose_members_are_all_archived_is(self):
        self.ana.active = False
        self.assertFalse(self._get_listed())
        self.cleo.active = False
        self._assert_problem("nobody holds the role “Workshop”")

    def test_an_archived_role_is(self):
        self.role.active = False
        self._assert_problem("the role “Workshop” is archived")

    def test_an_archived_project_is(self):
        self.project.active = False
        self._assert_problem("The project “Support” is archived")

    def test_a_team_without_members_is(self):
        self.reason.team_id = self._create_team()
        self._assert_problem("The team “Europe” has no members")
        self.reason.team_id.member_ids = self.ana
        self.assertFalse(self._get_listed())

    def test_a_rule_names_a_user_or_a_role_and_a_stage_once(self):
        Rule = self.env["crm.task.reason.rule"]
        for values in (
            {"stage_id": self.solved.id},
            {
                "stage_id": self.solved.id,
                "user_id": self.ana.id,
                "role_id": self.role.id,
            },
            {"stage_id": self.progress.id, "user_id": self.ana.id},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as caught,
                self.cr.savepoint(),
            ):
                Rule.create({"reason_id": self.reason.id, **values})
                self.env.flush_all()
            self.assertIn(
                type(caught.exception).__name__,
                ("CheckViolation", "UniqueViolation", ValidationError.__name__),
            )

    def test_many_problems_are_counted(self):
        self.bea.active = False
        self.role.user_ids = [Command.clear()]
        self.project.active = False
        self.env.invalidate_all()
        self.assertEqual(self.reason.problem_count, 3)

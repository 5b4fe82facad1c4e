"""What people see and click, on a desktop and on a phone."""

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


class SlaTourCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "tour_sla_manager",
            groups="project.group_project_manager,sales_team.group_sale_manager",
            email="manager@example.com",
            lang="en_US",
        )
        cls.stages = cls.env["project.task.type"].create(
            [
                {"name": name, "sequence": index, "user_id": False}
                for index, name in enumerate(("New", "Waiting", "Solved"))
            ]
        )
        cls.project = cls.env["project.project"].create(
            {
                "name": "Support",
                "privacy_visibility": "employees",
                "type_ids": [Command.set(cls.stages.ids)],
            }
        )
        cls.policy = cls.env["crm.sla.policy"].create(
            {
                "name": "Standard",
                "hours": 500,
                "is_round_the_clock": True,
                "project_ids": [Command.set(cls.project.ids)],
                "pause_stage_ids": [Command.set(cls.stages[1].ids)],
                "stage_id": cls.stages[2].id,
            }
        )
        cls.task = cls.env["project.task"].create(
            {
                "name": "Tour task",
                "project_id": cls.project.id,
                "stage_id": cls.stages[0].id,
            }
        )

    def _set_up_policy(self, tour):
        # Another project's task: the new policy is meant for every task.
        project = self.env["project.project"].create({"name": "Elsewhere"})
        task = self.env["project.task"].create(
            {"name": "Without SLA", "project_id": project.id}
        )
        self.assertEqual(task.meets_sla, "none")
        self.start_tour("/odoo/sla-policies", tour, login="tour_sla_manager")
        policy = self.env["crm.sla.policy"].search([("name", "=", "Urgent breakdowns")])
        self.assertEqual(policy.hours, 4.5)
        self.assertEqual(task.sla_policy_id, policy)
        self.assertEqual(self.task.sla_policy_id, self.policy)

    def _look_at_task(self, tour):
        self.start_tour(
            f"/odoo/project.task/{self.task.id}", tour, login="tour_sla_manager"
        )


@tagged("post_install", "-at_install", "tour")
class TestSlaTourDesktop(SlaTourCase):
    browser_size = "1366x768"

    def test_a_policy_is_set_up_and_applied(self):
        self._set_up_policy("crm_sla_policy_desktop")

    def test_a_task_tells_about_its_sla(self):
        self._look_at_task("crm_sla_task_desktop")
        self.assertTrue(self.task.sla_paused_since)


@tagged("post_install", "-at_install", "tour")
class TestSlaTourPhone(SlaTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_policy_is_set_up_and_applied(self):
        self._set_up_policy("crm_sla_policy_phone")

    def test_a_task_tells_about_its_sla(self):
        self._look_at_task("crm_sla_task_phone")

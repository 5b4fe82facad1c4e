"""Whom the system proposes where no rule decides and nobody was entered."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .managed_common import ManagedCommon


@tagged("post_install", "-at_install")
class TestProposal(ManagedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.propose_task_manager = True
        cls.reason.team_id = cls._create_team(cls.ana, cls.cleo)

    def test_the_member_with_the_least_open_work_is_proposed(self):
        self._create_task(managed_by_user_id=self.ana.id)
        task = self._create_task()
        self._assert_managed(task, self.cleo)
        self.assertEqual(
            task.managed_by_note, "Proposed: least open tasks (0) of team Europe"
        )
        self.assertFalse(task.managed_by_entered_id)

    def test_closed_tasks_are_no_work(self):
        task = self._create_task(managed_by_user_id=self.ana.id)
        task.state = "1_done"
        self._assert_managed(self._create_task(), self.ana)

    def test_many_tasks_at_once_spread_over_the_team(self):
        values = {
            "name": "Repair",
            "project_id": self.project.id,
            "reason_id": self.reason.id,
        }
        tasks = self.Task.create([dict(values) for _ in range(4)])
        users = [task.managed_by_user_id for task in tasks]
        self.assertEqual(users, [self.ana, self.cleo] * 2)

    def test_it_is_off_until_the_company_switches_it_on(self):
        self.company.propose_task_manager = False
        self._assert_managed(self._create_task())

    def test_whoever_is_away_is_not_proposed(self):
        self._leave(self.ana)
        self._assert_managed(self._create_task(), self.cleo)

    def _leave(self, user):
        now = fields.Datetime.now()
        resource = self.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
            }
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holidays",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=1),
            }
        )

    def test_archived_and_foreign_members_are_not_proposed(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.ana.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self._assert_managed(self._create_task(), self.cleo)
        self.cleo.active = False
        self._assert_managed(self._create_task())

    def test_an_entered_user_is_never_overwritten(self):
        task = self._create_task(managed_by_user_id=self.bea.id)
        task.stage_id = self.solved
        self._assert_managed(task, self.bea)
        self.assertFalse(task.managed_by_note)

    def test_a_proposal_stays_when_the_stage_moves_on(self):
        task = self._create_task()
        self._create_task(managed_by_user_id=self.ana.id)
        task.stage_id = self.solved
        self._assert_managed(task, self.ana)
        self.assertTrue(task.managed_by_note)

    def test_an_empty_field_gets_one_when_the_stage_moves_out_of_a_rule(self):
        task = self._create_task(self.progress)
        task.stage_id = self.solved
        self._assert_managed(task, self.ana)

    def test_whoever_empties_the_field_wants_it_empty(self):
        task = self._create_task()
        task.managed_by_user_id = False
        self._assert_managed(task)

    def test_a_proposal_that_somebody_changes_or_confirms_is_entered(self):
        for user in (self.ana, self.bea):
            task = self._create_task()
            task.managed_by_user_id = user
            self.assertEqual(task.managed_by_entered_id, user)
            self.assertFalse(task.managed_by_note)

    def test_the_team_of_the_order_serves_where_the_reason_names_none(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.reason.team_id.id,
            }
        )
        self.reason.team_id = False
        task = self.env["project.task"].create(
            {
                "name": "Repair",
                "project_id": self.project.id,
                "origin_order_id": order.id,
            }
        )
        self._assert_managed(task, self.ana)

    def test_the_reason_shows_who_would_get_it(self):
        self.assertIn("Ana. Proposed", self.reason.proposal_preview)
        self.assertEqual(
            self.reason.rule_ids.mapped("preview"),
            ["Bea", "Whoever takes it: Ana, Cleo"],
        )

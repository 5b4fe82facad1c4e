"""Policies that cannot be kept are refused when somebody enters them."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .sla_case import SlaCase


@tagged("post_install", "-at_install")
class TestSlaPolicy(SlaCase):
    def _create_calendar_of(self, **values):
        return self.env["resource.calendar"].create(
            {"name": "Nobody", "attendance_ids": [Command.clear()], **values}
        )

    def test_flexible_working_hours_are_refused(self):
        flexible = self._create_calendar_of(flexible_hours=True)
        with self.assertRaisesRegex(ValidationError, "flexible"):
            self.policy.calendar_id = flexible

    def test_working_hours_without_hours_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "ten years"):
            self.policy.calendar_id = self._create_calendar_of()

    def test_round_the_clock_needs_no_calendar(self):
        self.policy.write(
            {
                "is_round_the_clock": True,
                "calendar_id": self._create_calendar_of().id,
            }
        )
        self.assertDeadline(self._create_tasks(), "2026-11-02 17:00:00")

    @mute_logger("odoo.sql_db")
    def test_nothing_is_promised_within_no_time(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.policy.hours = 0
            self.env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_what_a_policy_asks_for_cannot_be_deleted(self):
        """Otherwise it would ask for nothing, and be meant for every task."""
        tag = self.env["project.tags"].create({"name": "VIP"})
        self._create_policy(tag_ids=[Command.set(tag.ids)])
        self.env.flush_all()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            tag.unlink()

    def test_an_archived_condition_still_counts(self):
        tag = self.env["project.tags"].create({"name": "VIP"})
        project = self.env["project.project"].create({"name": "Old"})
        policy = self._create_policy(
            project_ids=[Command.set(project.ids)], tag_ids=[Command.set(tag.ids)]
        )
        project.active = False
        task = self._create_tasks(tag_ids=[Command.set(tag.ids)])
        self.assertNotEqual(task.sla_policy_id, policy)

    def test_the_number_of_its_tasks(self):
        self._create_tasks(3)
        self.assertEqual(self.policy.task_count, 3)
        action = self.policy.with_user(self.planner).action_open_tasks()
        self.assertEqual(self.env["project.task"].search_count(action["domain"]), 3)

"""Policies, tasks and a clock that tests move."""

from odoo import Command, fields
from odoo.tests import freeze_time

from .common import SlaCommon

#: A Monday, 10:00 in Madrid.
NOW = "2026-11-02 09:00:00"


class SlaCase(SlaCommon):
    """One policy: 8 hours of working time until a task is solved; waiting does not
    count. Instants are UTC; the office is one hour ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.policy = cls._create_policy(
            name="Standard",
            stage_id=cls.solved.id,
            pause_stage_ids=[Command.set(cls.waiting.ids)],
        )

    def setUp(self):
        super().setUp()
        self.clock.move_to(NOW)

    @classmethod
    def _create_policy(cls, **values):
        return cls.env["crm.sla.policy"].create(
            {
                "name": "Policy",
                "hours": 8,
                "project_ids": [Command.set(cls.project.ids)],
                **values,
            }
        )

    @classmethod
    def _create_tasks(cls, count=1, **values):
        return cls.env["project.task"].create(
            [
                {
                    "name": f"Task {index}",
                    "project_id": cls.project.id,
                    "stage_id": cls.new.id,
                    **values,
                }
                for index in range(count)
            ]
        )

    def _at(self, moment):
        """The clock stands at ``moment`` (UTC); what was worked out before is asked
        anew, as in the next request."""
        self.env.flush_all()
        self.clock.move_to(moment)
        self.env.invalidate_all()

    def _move(self, task, stage, moment):
        self._at(moment)
        task.with_user(self.technician).stage_id = stage

    def assertDeadline(self, task, expected):
        self.assertEqual(task.sla_deadline, fields.Datetime.to_datetime(expected))

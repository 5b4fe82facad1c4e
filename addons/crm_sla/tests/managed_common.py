"""Common ground of who manages what: two technicians, a role, a reason with rules."""

from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from .common import SlaCommon


class ManagedCommon(SlaCommon):
    """The rules of ``reason``: New: nobody; In Progress: Bea; Waiting: Workshop.

    Ana and Cleo hold the role Workshop.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ana, cls.bea, cls.cleo = (
            cls._create_user(login, "project.group_project_user")
            for login in ("ana", "bea", "cleo")
        )
        for user in (cls.ana, cls.bea, cls.cleo):
            user.name = user.login.title()
        cls.role = cls.env["project.role"].create(
            {"name": "Workshop", "user_ids": [Command.set((cls.ana | cls.cleo).ids)]}
        )
        cls.reason.rule_ids = [
            Command.create({"stage_id": cls.progress.id, "user_id": cls.bea.id}),
            Command.create({"stage_id": cls.waiting.id, "role_id": cls.role.id}),
        ]
        cls.Task = cls.env["project.task"].with_user(cls.technician)

    @classmethod
    def _create_task(cls, stage=None, **values):
        return cls.Task.create(
            {
                "name": "Repair",
                "project_id": cls.project.id,
                "reason_id": cls.reason.id,
                "stage_id": (stage or cls.new).id,
                **values,
            }
        )

    @classmethod
    def _create_team(cls, *members):
        return cls.env["crm.team"].create(
            {
                "name": "Europe",
                "company_id": False,
                "member_ids": [Command.set([user.id for user in members])],
            }
        )

    def _assert_managed(self, task, user=None, role=None):
        nobody = self.env["res.users"]
        no_role = self.env["project.role"]
        managed = task.sudo().managed_by_user_id, task.sudo().managed_by_role_id
        self.assertEqual(managed, (user or nobody, role or no_role))

    @contextmanager
    def _refused(self, message, error=UserError):
        """What is refused leaves no trace, as after a request."""
        with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
            yield

"""Fixtures for work orders; holds no tests."""

from odoo import Command

from odoo.addons.recurring_billing.tests.common import RecurringCommon


class WorkOrderCommon(RecurringCommon):
    """The company of ``RecurringCommon`` with a service project and a technician."""

    GROUPS = {
        **RecurringCommon.GROUPS,
        "biller": "recurring_billing.group_billing,project.group_project_user",
        "technician": "postsale_contracts.group_postsale_technician",
        "colleague": "postsale_contracts.group_postsale_technician",
    }
    people = ("technician",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pending, cls.done = cls.env["project.task.type"].create(
            [{"name": "Pending", "sequence": 5}, {"name": "Done", "sequence": 9}]
        )
        cls.project = cls._create_project(name="Service")

    @classmethod
    def _create_project(cls, **values):
        return cls.env["project.project"].create(
            {
                "is_postsale": True,
                "privacy_visibility": "employees",
                "company_id": cls.company.id,
                "allow_billable": True,
                "type_ids": [Command.set((cls.pending | cls.done).ids)],
                **values,
            }
        )

    @classmethod
    def _prepare_task(cls, customers=None, lines=None, **values):
        """Work orders without lines, in the service project."""
        return super()._prepare_task(
            customers,
            lines or [],
            **{
                "name": "Boiler service",
                "document_type": "work_order",
                "project_id": cls.project.id,
                **values,
            },
        )

    def _issue(self, moment="2027-04-01 08:00:00", **values):
        """The work orders that a task has made until ``moment``."""
        task = self._start_task(**values)
        self._run_cron(moment)
        return self._get_documents(task)

"""Common ground: users of each role, a project with stages, a calendar."""

from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class SlaCommon(TransactionCase):
    """Fixed dates, lowest rights, no demo data.

    The calendar: Monday to Friday, 9 to 13 and 14 to 18, Europe/Madrid.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                mail_create_nosubscribe=True,
                mail_auto_subscribe_no_notify=True,
                no_reset_password=True,
            )
        )
        cls.company = cls.env.company
        cls.calendar = cls._create_calendar()
        cls.company.resource_calendar_id = cls.calendar
        cls.technician = cls._create_user("technician", "project.group_project_user")
        cls.planner = cls._create_user("planner", "project.group_project_manager")
        cls.seller = cls._create_user("seller", "sales_team.group_sale_salesman")
        cls.sales_manager = cls._create_user(
            "sales_manager", "sales_team.group_sale_manager"
        )
        cls.portal = cls._create_user("portal_customer", "base.group_portal")
        cls.customer = cls.env["res.partner"].create({"name": "Customer"})
        cls.stages = cls.env["project.task.type"].create(
            [
                {"name": name, "sequence": sequence, "fold": fold}
                for sequence, (name, fold) in enumerate(
                    (("New", False), ("In Progress", False), ("Waiting", False))
                    + (("Solved", False), ("Done", True))
                )
            ]
        )
        cls.new, cls.progress, cls.waiting, cls.solved, cls.done = cls.stages
        cls.project = cls.env["project.project"].create(
            {
                "name": "Support",
                "privacy_visibility": "employees",
                "type_ids": [Command.set(cls.stages.ids)],
            }
        )
        cls.reason = cls.env["crm.task.reason"].create(
            {"name": "Breakdown", "project_id": cls.project.id}
        )

    def _count_statements(self, work, *arguments):
        """SQL statements of ``work``, with nothing in memory at its start."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work(*arguments)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    @classmethod
    def _create_user(cls, login, *groups):
        return new_test_user(
            cls.env, login, ",".join(groups), email=f"{login}@example.com"
        )

    @classmethod
    def _create_calendar(cls):
        hours = [
            Command.create(
                {
                    "name": "Work",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": end,
                    "day_period": "morning" if start < 13 else "afternoon",
                }
            )
            for day in range(5)
            for start, end in ((9, 13), (14, 18))
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Europe/Madrid",
                "attendance_ids": [Command.clear(), *hours],
            }
        )

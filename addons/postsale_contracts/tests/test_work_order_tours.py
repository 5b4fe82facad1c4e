"""Work orders as people plan and see them."""

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


class WorkOrderTourCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(
            cls.env,
            "tour_planner",
            groups="postsale_contracts.group_postsale_user,"
            "recurring_billing.group_billing",
            email="planner@example.com",
            lang="en_US",
        )
        cls.stage = cls.env["project.task.type"].create({"name": "Pending"})
        cls.project = cls.env["project.project"].create(
            {
                "name": "Tour Service",
                "is_postsale": True,
                "allow_billable": True,
                "privacy_visibility": "employees",
                "type_ids": [Command.set(cls.stage.ids)],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "1 Tour Customer",
                "email": "tour@customer.example.com",
                "visit_user_id": cls.planner.id,
                "visit_access_notes": "Ring twice",
            }
        )
        cls.task = (
            cls.env["recurring.task"]
            .with_user(cls.planner)
            .create(
                {
                    "name": "Tour maintenance",
                    "document_type": "work_order",
                    "completion": "confirm",
                    "project_id": cls.project.id,
                    "date_start": fields.Date.add(fields.Date.today(), days=1),
                    "checklist_template_ids": [
                        Command.create({"name": "Filter cleaned"})
                    ],
                    "recipient_ids": [Command.create({"partner_id": cls.customer.id})],
                }
            )
        )

    def _plan(self):
        """Spread, start, run, and look at the work order and the calendar."""
        self.start_tour(
            "/odoo/recurring-work-orders",
            "postsale_contracts_work_order",
            login="tour_planner",
        )
        self.assertTrue(self.task.recipient_ids.date_start)
        order = self.env["project.task"].search(
            [("recurring_task_id", "=", self.task.id)]
        )
        self.assertEqual(order.user_ids, self.planner)
        self.assertEqual(order.checklist_ids.mapped("done"), [True])
        order.visit_date = fields.Date.today()
        self.start_tour(
            "/odoo/visits", "postsale_contracts_visits", login="tour_planner"
        )


@tagged("post_install", "-at_install", "tour")
class TestWorkOrderDesktop(WorkOrderTourCase):
    browser_size = "1366x768"

    def test_maintenance_is_planned_and_seen(self):
        self._plan()


@tagged("post_install", "-at_install", "tour")
class TestWorkOrderPhone(WorkOrderTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_maintenance_is_planned_and_seen(self):
        self._plan()

"""SQL statements for each further ticket: few, and as many for 100 as for 10."""

import logging

from odoo.tests import tagged

from .intervention_common import InterventionCommon

_logger = logging.getLogger(__name__)


@tagged("slow")
class TestActivityBudget(InterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {i}", "email": f"c{i}@example.com"}
                for i in range(225)
            ]
        )
        cls.tickets = cls.env["project.task"].create(
            [
                {
                    "name": f"Ticket of {customer.name}",
                    "project_id": cls.project.id,
                    "partner_id": customer.id,
                }
                for customer in customers
            ]
        )
        cls.env["postsale.intervention"].create(
            [
                {
                    "task_id": ticket.id,
                    "name": name,
                    "condition_id": cls.billed.id,
                    "stage_id": cls.closed_stage.id,
                }
                for ticket in cls.tickets
                for name in ("Changed the pump", "Drove there")
            ]
        )

    def _count(self, tickets, work):
        with self.counting() as counted:
            work(tickets.with_user(self.clerk))
        return counted.statements

    def _check(self, what, work, slope, fixed):
        self._count(self.tickets[:2], work)  # caches of the server
        few = self._count(self.tickets[2:12], work)
        many = self._count(self.tickets[12:112], work)
        each = (many - few) / 90
        _logger.info("%s: %s for 10, %s for 100, %.2f each", what, few, many, each)
        self.assertLessEqual(each, slope)
        self.assertLessEqual(few - 10 * each, fixed)

    def test_create_order(self):
        self._check("orders", lambda t: t.action_create_order(), 10, 200)

    def test_preview(self):
        self._check("preview", lambda t: t.action_bill_activities(), 0.2, 80)

    def test_list(self):
        names = ["to_bill_count", "to_bill_amount", "ticket_contract_id"]
        self._check("list", lambda t: t.read(names), 0.2, 60)

    def test_new_tickets(self):
        """Contract and SLA of a batch are looked for together."""
        customers = self.tickets.partner_id

        def _create(tickets):
            tickets.create(
                [
                    {
                        "name": "New",
                        "project_id": self.project.id,
                        "partner_id": partner.id,
                    }
                    for partner in customers[: len(tickets)]
                ]
            )

        self._check("tickets", _create, 8, 120)

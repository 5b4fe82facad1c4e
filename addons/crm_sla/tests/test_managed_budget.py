"""SQL statements: what the rules cost is the same for 10 tasks as for 100."""

import logging

from odoo import Command
from odoo.tests import tagged

from .managed_common import ManagedCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "slow")
class TestManagedBudget(ManagedCommon):
    #: Statements that the rules may add to core's, for any number of tasks.
    MOST = 25

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.propose_task_manager = True
        cls.reason.team_id = cls._create_team(cls.ana, cls.cleo)
        cls.order = cls.env["sale.order"].create({"partner_id": cls.customer.id})

    def _check(self, what, get_count):
        """``get_count(number, reason)``: statements with a reason, and without any."""
        get_count(2, self.reason)
        extra = {
            number: get_count(number, self.reason) - get_count(number, None)
            for number in (10, 100)
        }
        _logger.info("%s: statements for the rules: %s", what, extra)
        self.assertLessEqual(extra[100], self.MOST)
        self.assertLessEqual(extra[100] - extra[10], 3)

    def _prepare(self, number, reason, **values):
        stages = self.new | self.progress | self.waiting
        return [
            {
                "name": f"Repair {i}",
                "project_id": self.project.id,
                "reason_id": reason and reason.id,
                "stage_id": stages[i % 3].id,
                **values,
            }
            for i in range(number)
        ]

    def test_create(self):
        def get_count(number, reason):
            values = self._prepare(number, reason)
            return self._count_statements(lambda: self.Task.create(values))

        self._check("create", get_count)

    def test_stage_moves(self):
        def get_count(number, reason):
            tasks = self.Task.create(self._prepare(number, reason))
            return self._count_statements(
                lambda: tasks.write({"stage_id": self.solved.id})
            )

        self._check("stage moves", get_count)

    def test_tasks_from_orders_cost_no_more_than_the_tasks(self):
        def get_wizard(number):
            orders = self.env["sale.order"].create(
                [{"partner_id": self.customer.id} for _ in range(number)]
            )
            return self.env["crm.task.creation"].create(
                {
                    "name": "Repair",
                    "order_ids": [Command.set(orders.ids)],
                    "reason_id": self.reason.id,
                }
            )

        def get_extra(number):
            wizard = get_wizard(number)
            values = [
                {**values, "partner_id": self.customer.id, "stage_id": self.new.id}
                for values in self._prepare(number, self.reason)
            ]
            plain = self._count_statements(
                lambda: self.env["project.task"].create(values)
            )
            return self._count_statements(wizard.action_create_tasks) - plain

        get_extra(2)
        extra = {number: get_extra(number) for number in (10, 100)}
        _logger.info("tasks from orders: %s", extra)
        self.assertLessEqual(extra[100], self.MOST)
        self.assertLessEqual(extra[100] - extra[10], 3)

    def test_counting_the_tasks_of_orders(self):
        orders = self.env["sale.order"].create(
            [{"partner_id": self.customer.id} for _ in range(100)]
        )
        self.env["project.task"].create(
            [
                {
                    "name": "Repair",
                    "project_id": self.project.id,
                    "origin_order_id": order.id,
                }
                for order in orders
            ]
        )
        few = self._count_statements(lambda: orders[:10].mapped("linked_task_count"))
        many = self._count_statements(lambda: orders.mapped("linked_task_count"))
        self.assertEqual(orders.mapped("linked_task_count"), [1] * 100)
        self.assertLessEqual(many, few + 1)

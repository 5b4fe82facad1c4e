"""SQL statements per work order: flat from 10 to 100."""

import logging

from odoo import Command
from odoo.tests import tagged

from .work_order_common import WorkOrderCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "slow")
class TestWorkOrderQueryBudget(WorkOrderCommon):
    #: Statements for each further work order. Core subscribes followers one by one.
    BUDGET = 7
    #: Statements that a batch may cost whatever its size.
    FIXED = 200

    def _count(self, customers):
        task = self._start_task(
            customers=customers,
            lines=[{"product_id": self.product.id}],
            assigned_user_ids=[Command.set(self.technician.ids)],
            checklist_template_ids=[
                Command.create({"name": name}) for name in ("Filter", "Pressure")
            ],
        )
        self.clock.move_to("2027-04-01 08:00:00")
        engine = self.env["recurring.engine"].with_user(self.env.ref("base.user_root"))
        with self.counting() as counted:
            engine._run_batch(task.recipient_ids.ids)
        self.assertEqual(len(self._get_documents(task)), len(customers))
        self.clock.move_to("2027-03-15 10:00:00")
        return counted.statements

    def test_work_orders(self):
        customers = self._create_customers(110)
        self._count(customers[:2])  # caches of the server
        few = self._count(customers[:10])
        many = self._count(customers[10:])
        slope = (many - few) / 90
        _logger.info(
            "work orders: %s statements for 10, %s for 100, %.2f for each further one",
            few,
            many,
            slope,
        )
        self.assertLessEqual(slope, self.BUDGET)
        self.assertLessEqual(few - 10 * slope, self.FIXED)

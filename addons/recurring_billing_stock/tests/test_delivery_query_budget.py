"""SQL statements per delivery note: flat from 10 to 100."""

import logging

from odoo.tests import tagged

from .common import DeliveryNoteCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "slow", "release")
class TestDeliveryQueryBudget(DeliveryNoteCommon):
    #: Statements for each further delivery note. Core confirms, reserves and numbers
    #: transfers one by one.
    BUDGET = {"ready": 35, "validate": 38}
    #: Statements that a batch may cost whatever its size.
    FIXED = 200

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(110)
        cls._put_in_stock(10000)

    def _count(self, customers, **values):
        task = self._start_task(
            customers=customers, lines=self._get_mixed_lines(), **values
        )
        self.clock.move_to("2027-04-01 08:00:00")
        engine = self.env["recurring.engine"].with_user(self.env.ref("base.user_root"))
        with self.counting() as counted:
            engine._run_batch(task.recipient_ids.ids)
        self.assertEqual(len(self._get_documents(task).picking_ids), len(customers))
        self.clock.move_to("2027-03-15 10:00:00")
        return counted.statements

    def _check(self, validation):
        values = {"delivery_validation": validation, "name": validation}
        self._count(self.customers[:2], **values)  # caches of the server
        few = self._count(self.customers[:10], **values)
        many = self._count(self.customers[10:], **values)
        slope = (many - few) / 90
        _logger.info(
            "%s: %s statements for 10, %s for 100, %.2f for each further one",
            validation,
            few,
            many,
            slope,
        )
        self.assertLessEqual(slope, self.BUDGET[validation])
        self.assertLessEqual(few - 10 * slope, self.FIXED)

    def test_left_to_the_warehouse(self):
        self._check("ready")

    def test_validated(self):
        self._check("validate")

"""SQL statements for a payment that is told: as many for the fortieth as for the tenth.

Each order is confirmed by itself, on purpose: it waits for whoever works on the same
order, and nobody waits for the others.
"""

import logging

from odoo.tests import tagged

from .payment_common import PaymentCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "slow", "release")
class TestPaymentBudget(PaymentCommon):
    #: Statements for each further order: order, payment, invoice, reconciliation, mail.
    BUDGET = 200

    def _count(self, customers):
        orders = self.env["sale.order"].union(
            *(self._create_proforma(customer=customer) for customer in customers)
        )
        with self.counting() as counted:
            orders.with_user(self.biller).action_confirm_payment()
        self.assertTrue(all(orders.mapped("is_payment_confirmed")))
        self.assertEqual(
            set(orders.sudo().payment_confirmation_ids.move_id.mapped("state")),
            {"posted"},
        )
        return counted.statements

    def test_the_cost_of_a_payment_does_not_grow(self):
        customers = self._create_customers(52)
        self._count(customers[:2])  # caches of the server
        few = self._count(customers[2:12])
        many = self._count(customers[12:])
        _logger.info("confirmed payments: %s statements for 10, %s for 40", few, many)
        self.assertLessEqual(many / 40, few / 10 * 1.05)
        self.assertLessEqual(many / 40, self.BUDGET)

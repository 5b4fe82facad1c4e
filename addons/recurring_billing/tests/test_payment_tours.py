"""Pro-forma, payment and their rule as people use them, on a desktop and on a phone."""

from odoo import Command
from odoo.tests import tagged

from .test_tours import TourCase


class PaymentTourCase(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller.group_ids |= cls.env.ref("sales_team.group_sale_salesman")

    def _pay(self, name):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.biller.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        self.start_tour(f"/odoo/sale.order/{order.id}", name, login="tour_biller")
        self.assertTrue(order.is_payment_confirmed)
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def _write_rule(self):
        self.biller.group_ids |= self.env.ref("recurring_billing.group_manager")
        action = self.env.ref("recurring_billing.payment_automation_action")
        self.start_tour(
            f"/odoo/action-{action.id}/new",
            "recurring_billing_payment_rule",
            login="tour_biller",
        )
        rule = self.env["payment.automation"].search([("name", "=", "Evening courses")])
        self.assertEqual(rule.payment_days, 5)


@tagged("post_install", "-at_install", "tour")
class TestPaymentDesktop(PaymentTourCase):
    browser_size = "1366x768"

    def test_a_proforma_is_issued_and_paid_in_two_parts(self):
        self._pay("recurring_billing_payment_desktop")

    def test_the_rule_is_one_screen(self):
        self._write_rule()


@tagged("post_install", "-at_install", "tour")
class TestPaymentPhone(PaymentTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_proforma_is_issued_and_paid_in_two_parts(self):
        self._pay("recurring_billing_payment_phone")

    def test_the_rule_is_one_screen(self):
        self._write_rule()

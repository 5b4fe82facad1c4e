"""Repeat Monthly and periodic lines as people use them, on a desktop and on a phone."""

from odoo import Command
from odoo.tests import tagged

from .test_tours import TourCase


class BillingTourCase(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller.group_ids |= cls.env.ref("sales_team.group_sale_salesman")

    def _repeat(self, name):
        """A tour on an invoice of today; the task that it made."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        invoice.action_post()
        self.start_tour(f"/odoo/account.move/{invoice.id}", name, login="tour_biller")
        return invoice._get_repeating_tasks()

    def _confirm(self, name):
        """A tour on a quotation; its task does what the tour has chosen."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.biller.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        self.start_tour(f"/odoo/sale.order/{order.id}", name, login="tour_biller")
        task = order.billing_task_id
        self.assertEqual(task.state, "running")
        self.assertEqual(task.line_ids.sale_line_id, order.order_line)


@tagged("post_install", "-at_install", "tour")
class TestBillingDesktop(BillingTourCase):
    browser_size = "1366x768"

    def test_an_invoice_is_repeated_stopped_and_repeated_again(self):
        task = self._repeat("recurring_billing_repeat_desktop")
        self.assertEqual(task.state, "running")

    def test_a_line_is_marked_and_the_order_confirmed(self):
        self._confirm("recurring_billing_order_desktop")


@tagged("post_install", "-at_install", "tour")
class TestBillingPhone(BillingTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_an_invoice_is_repeated_and_stopped(self):
        task = self._repeat("recurring_billing_repeat_phone")
        self.assertEqual(task.state, "done")

    def test_a_line_is_marked_and_the_order_confirmed(self):
        self._confirm("recurring_billing_order_phone")

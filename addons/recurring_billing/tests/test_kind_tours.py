"""Recapitulative invoices and Mark as Paid as people use them."""

from odoo import Command, fields
from odoo.tests import tagged

from ..calendar_month import previous_month
from .test_tours import TourCase


class KindTourCase(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.is_company = True
        cls.orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": cls.customer.id,
                    "order_line": [Command.create({"product_id": cls.product.id})],
                }
                for _n in range(2)
            ]
        )
        cls.orders.action_confirm()
        day = previous_month(fields.Date.today()).replace(day=15)
        cls.orders.date_order = fields.Datetime.to_datetime(day)

    def _check_recapitulative(self):
        self.start_tour(
            f"/odoo/res.partner/{self.customer.id}",
            "recurring_billing_recapitulative",
            login="tour_biller",
        )
        invoice = self.orders.invoice_ids
        self.assertEqual((len(invoice), invoice.state), (1, "posted"))
        self.assertEqual(invoice.invoice_kind, "recapitulative")
        return invoice

    def _check_mark_as_paid(self):
        invoice = self.orders._create_invoices()
        invoice.action_post()
        self.start_tour(
            f"/odoo/account.move/{invoice.id}",
            "recurring_billing_mark_as_paid",
            login="tour_biller",
        )
        self.assertEqual(invoice.amount_residual, 0)


@tagged("post_install", "-at_install", "tour")
class TestKindDesktop(KindTourCase):
    browser_size = "1366x768"

    def test_a_month_is_invoiced_from_the_customers_page(self):
        self._check_recapitulative()

    def test_an_invoice_is_marked_as_paid(self):
        self._check_mark_as_paid()


@tagged("post_install", "-at_install", "tour")
class TestKindPhone(KindTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_month_is_invoiced_from_the_customers_page(self):
        self._check_recapitulative()

    def test_an_invoice_is_marked_as_paid(self):
        self._check_mark_as_paid()

from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal


class SalePortal(CustomerPortal):
    @route()
    def portal_order_page(self, order_id, payment_amount=None, **kwargs):
        """The link in the mail of a pro-forma asks for its first instalment once: the
        others are paid with their invoices. Core would offer the form as long as the
        order is not paid in full.
        """
        order = request.env["sale.order"].sudo().browse(order_id).exists()
        if order and order.is_payment_confirmed and order._is_paid_by_instalments():
            payment_amount = None
        return super().portal_order_page(
            order_id, payment_amount=payment_amount, **kwargs
        )

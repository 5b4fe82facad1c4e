from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        self.filtered(lambda payment: payment.state == "done")._track_paid()
        return result

    def _track_paid(self):
        """Write down once on each quotation that the customer paid online."""
        payments = self.filtered(
            lambda payment: payment.operation not in ("validation", "refund")
        )
        orders = payments.sale_order_ids
        occasions = orders.sudo().quotation_event_ids.filtered(
            lambda event: event.kind == "paid"
        )
        known = {(event.order_id.id, event.occasion) for event in occasions}
        for payment in payments:
            occasion = f"payment,{payment.id}"
            for order in payment.sale_order_ids:
                if (order.id, occasion) not in known:
                    order._track("paid", occasion, partner_id=payment.partner_id.id)

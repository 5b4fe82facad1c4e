from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _create_payment(self, **extra_create_values):
        """Money that was paid online for one order names its pro-forma."""
        order = self.sale_order_ids
        if len(order) == 1 and (
            order.proforma_number or order._get_payment_automation()
        ):
            extra_create_values.setdefault("proforma_order_id", order.id)
            self = self.with_context(payment_confirmation_source="online")  # noqa: PLW0642
        return super()._create_payment(**extra_create_values)

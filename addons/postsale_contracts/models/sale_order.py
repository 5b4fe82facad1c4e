from odoo import models


class SaleOrder(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "sale.order"
    _inherit = [
        "restricted.copy.mixin",
        "sale.order.erp.sending.mixin",
        "sale.order.erp.invoice.mixin",
        "sale.order.asset.mixin",
        "sale.order.activity.mixin",
        "sale.order.contract.mixin",
        "sale.order",
    ]

from odoo import models


class SaleOrderLine(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "sale.order.line"
    _inherit = [
        "restricted.copy.mixin",
        "sale.order.line.erp.mixin",
        "sale.order.line.activity.mixin",
        "sale.order.line",
    ]

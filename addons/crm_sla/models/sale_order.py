from odoo import models


class SaleOrder(models.Model):
    """One mixin for each part. They stand before the core's model: they override it."""

    _name = "sale.order"
    _inherit = [
        "sale.order.tracking.mixin",
        "sale.order",
    ]

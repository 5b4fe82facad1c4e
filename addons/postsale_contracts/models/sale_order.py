from odoo import models


class SaleOrder(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "sale.order"
    _inherit = ["sale.order.asset.mixin", "sale.order"]

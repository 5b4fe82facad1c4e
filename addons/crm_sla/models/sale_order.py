from odoo import models


class SaleOrder(models.Model):
    """One mixin for each subject. They stand before the core's model: they override
    its methods.
    """

    _name = "sale.order"
    _inherit = [
        "sale.order.task.mixin",
        "sale.order.signature.mixin",
        "sale.order.quick.mixin",
        "sale.order.tracking.mixin",
        "sale.order",
    ]

from odoo import fields, models


class SaleOrder(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "sale.order"
    _inherit = [
        "sale.order.erp.sending.mixin",
        "sale.order.erp.invoice.mixin",
        "sale.order.erp.hook.mixin",  # after whoever overrides a hook
        "sale.order",
    ]

    asset_ids = fields.Many2many(
        comodel_name="maintenance.equipment",
        string="Assets",
        help="What the order is about.",
    )

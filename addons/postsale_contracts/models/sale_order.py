from odoo import fields, models


class SaleOrder(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "sale.order"
    _inherit = ["sale.order.activity.mixin", "sale.order"]

    asset_ids = fields.Many2many(
        comodel_name="maintenance.equipment",
        string="Assets",
        help="What the order is about.",
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recurring_stock_missing = fields.Selection(
        related="company_id.recurring_stock_missing", readonly=False
    )

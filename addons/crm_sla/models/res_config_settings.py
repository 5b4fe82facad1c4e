from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    is_signature_pressure_kept = fields.Boolean(
        related="company_id.is_signature_pressure_kept", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recurring_catch_up_cap = fields.Integer(
        related="company_id.recurring_catch_up_cap", readonly=False
    )
    recurring_daily_limit = fields.Integer(
        related="company_id.recurring_daily_limit", readonly=False
    )
    recurring_growth_limit = fields.Integer(
        related="company_id.recurring_growth_limit", readonly=False
    )
    recurring_hold_without_address = fields.Boolean(
        related="company_id.recurring_hold_without_address", readonly=False
    )
    recurring_report_always = fields.Boolean(
        related="company_id.recurring_report_always", readonly=False
    )
    recurring_completion = fields.Selection(
        related="company_id.recurring_completion", readonly=False
    )
    recurring_price_mode = fields.Selection(
        related="company_id.recurring_price_mode", readonly=False
    )
    recurring_send_hour = fields.Float(
        related="company_id.recurring_send_hour", readonly=False
    )
    check_invoice_kinds = fields.Boolean(
        related="company_id.check_invoice_kinds", readonly=False
    )
    corrective_years = fields.Integer(
        related="company_id.corrective_years", readonly=False
    )
    simplified_invoice_limit = fields.Float(
        related="company_id.simplified_invoice_limit", readonly=False
    )
    recapitulative_completion = fields.Selection(
        related="company_id.recapitulative_completion", readonly=False
    )

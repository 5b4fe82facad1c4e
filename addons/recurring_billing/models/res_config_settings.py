from odoo import api, fields, models


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
    recurring_watchdog_silent = fields.Boolean(
        related="company_id.recurring_watchdog_silent", readonly=False
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
    report_print_delay = fields.Integer(
        string="Printing Delay",
        config_parameter="report.print_delay",
        default=1000,  # what core takes when nobody has set it
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
    charge_from_date = fields.Date(
        related="company_id.charge_from_date", readonly=False
    )
    reminder_active = fields.Boolean(
        string="Payment Reminders",
        compute="_compute_reminder_active",
        readonly=False,
    )
    reminder_from_date = fields.Date(
        related="company_id.reminder_from_date", readonly=False
    )
    reminder_user_id = fields.Many2one(
        related="company_id.reminder_user_id", readonly=False
    )

    @api.depends("company_id")
    def _compute_reminder_active(self):
        for settings in self:
            settings.reminder_active = bool(settings.company_id.reminder_from_date)

    @api.onchange("reminder_active")
    def _onchange_reminder_active(self):
        """Switched on, it begins today: what is old already is left in peace."""
        if not self.reminder_active:
            self.reminder_from_date = False
        elif not self.reminder_from_date:
            self.reminder_from_date = self.company_id._get_reminder_day()

    accountant_pack_day = fields.Integer(
        related="company_id.accountant_pack_day", readonly=False
    )
    accountant_pack_partner_id = fields.Many2one(
        related="company_id.accountant_pack_partner_id", readonly=False
    )
    accountant_pack_bills = fields.Boolean(
        related="company_id.accountant_pack_bills", readonly=False
    )
    accountant_pack_next_date = fields.Date(
        related="company_id.accountant_pack_next_date"
    )
    recurring_change_growth = fields.Integer(
        related="company_id.recurring_change_growth", readonly=False
    )
    recurring_change_fall = fields.Integer(
        related="company_id.recurring_change_fall", readonly=False
    )
    recurring_change_tax = fields.Boolean(
        related="company_id.recurring_change_tax", readonly=False
    )
    recurring_change_position = fields.Boolean(
        related="company_id.recurring_change_position", readonly=False
    )
    recurring_change_account = fields.Boolean(
        related="company_id.recurring_change_account", readonly=False
    )
    recurring_change_currency = fields.Boolean(
        related="company_id.recurring_change_currency", readonly=False
    )
    recurring_change_address = fields.Boolean(
        related="company_id.recurring_change_address", readonly=False
    )
    recurring_change_vat = fields.Boolean(
        related="company_id.recurring_change_vat", readonly=False
    )
    recurring_change_archived = fields.Boolean(
        related="company_id.recurring_change_archived", readonly=False
    )

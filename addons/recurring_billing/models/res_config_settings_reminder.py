from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

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

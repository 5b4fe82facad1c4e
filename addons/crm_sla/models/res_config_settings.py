from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    task_project_id = fields.Many2one(
        related="company_id.task_project_id", readonly=False
    )
    propose_task_manager = fields.Boolean(
        related="company_id.propose_task_manager", readonly=False
    )
    is_signature_pressure_kept = fields.Boolean(
        related="company_id.is_signature_pressure_kept", readonly=False
    )
    quotation_reminder_days = fields.Integer(
        related="company_id.quotation_reminder_days", readonly=False
    )

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    task_project_id = fields.Many2one(
        "project.project",
        string="Project of New Tasks",
        help="Receives tasks made from quotations and orders whose reason names none.",
    )
    is_signature_pressure_kept = fields.Boolean(
        string="Keep the Pressure of Signatures",
        help="How hard the pen was pressed is recorded with the signature, where the "
        "screen can tell. This is personal data: tell your customers.",
    )

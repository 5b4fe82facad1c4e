from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    task_project_id = fields.Many2one(
        "project.project",
        string="Project of New Tasks",
        help="Receives tasks made from quotations and orders whose reason names none.",
    )
    propose_task_manager = fields.Boolean(
        string="Propose Who Manages a Task",
        help="Where no rule decides and nobody was entered: the available member of "
        "the team with the least open tasks.",
    is_signature_pressure_kept = fields.Boolean(
        string="Keep the Pressure of Signatures",
        help="How hard the pen was pressed is recorded with the signature, where the "
        "screen can tell. This is personal data: tell your customers.",
    )

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    task_project_id = fields.Many2one(
        "project.project",
        string="Project of New Tasks",
        help="Receives tasks made from quotations and orders whose reason names none.",
    )

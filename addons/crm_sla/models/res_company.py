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
    )

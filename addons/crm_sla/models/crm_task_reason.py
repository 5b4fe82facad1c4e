from odoo import fields, models


class CrmTaskReason(models.Model):
    """Why a task exists (breakdown, complaint, installation …): it says which project
    receives the task and who manages it at each stage."""

    _name = "crm.task.reason"
    _description = "Reason of a Task"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Nothing: the reason serves all companies."
    )
    project_id = fields.Many2one(
        "project.project",
        string="Default Project",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Receives the tasks of this reason, if nobody chooses another one.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Proposed from Team",
        help="Where neither a user nor a role is set for a stage, the available member "
        "of this team with the least open work is proposed.",
    )
    rule_ids = fields.One2many("crm.task.reason.rule", "reason_id", string="Managed By")

from odoo import fields, models


class CrmTaskReasonRule(models.Model):
    """Who manages the tasks of a reason while they are at a stage: a user or a role."""

    _name = "crm.task.reason.rule"
    _description = "Who Manages a Reason at a Stage"
    _order = "reason_id, stage_id, id"

    reason_id = fields.Many2one(
        "crm.task.reason", required=True, ondelete="cascade", index=True
    )
    stage_id = fields.Many2one(
        "project.task.type",
        required=True,
        ondelete="cascade",
        domain=[("user_id", "=", False)],
    )
    user_id = fields.Many2one("res.users", domain=[("share", "=", False)])
    role_id = fields.Many2one("project.role", ondelete="restrict")
    company_id = fields.Many2one(related="reason_id.company_id", store=True)

    _one_rule_per_stage = models.Constraint(
        "UNIQUE (reason_id, stage_id)", "This reason has this stage already."
    )
    _user_or_role = models.Constraint(
        "CHECK ((user_id IS NULL) <> (role_id IS NULL))",
        "Choose either a user or a role.",
    )

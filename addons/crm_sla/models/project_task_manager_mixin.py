from odoo import fields, models


class ProjectTaskManagerMixin(models.AbstractModel):
    """Who manages the task: a user or a role by the rule of its reason at its stage,
    otherwise whom somebody entered."""

    _name = "project.task.manager.mixin"
    _description = "Task Managed by a User or Role"

    reason_id = fields.Many2one(
        "crm.task.reason",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    managed_by_user_id = fields.Many2one(
        "res.users",
        string="Managed By",
        domain=[("share", "=", False)],
        index="btree_not_null",
        tracking=True,
    )
    managed_by_role_id = fields.Many2one(
        "project.role",
        string="Managed by Role",
        index="btree_not_null",
        tracking=True,
        copy=False,
        ondelete="restrict",
    )

from odoo import api, fields, models


class RecurringRecipientInfoMixin(models.AbstractModel):
    _inherit = "recurring.recipient.info.mixin"

    # For work orders: what the task says, else the customer's record
    technician_used_ids = fields.Many2many(
        comodel_name="res.users",
        string="Technicians Used",
        context={"active_test": False},  # the ready mark tells of archived ones
        compute="_compute_visit_values_used",
        compute_sudo=True,
    )
    role_used_id = fields.Many2one(
        comodel_name="project.role",
        compute="_compute_visit_values_used",
        compute_sudo=True,
    )
    project_used_id = fields.Many2one(
        comodel_name="project.project",
        compute="_compute_visit_values_used",
        compute_sudo=True,
    )
    visit_address_used_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_visit_values_used",
        compute_sudo=True,
    )

    @api.depends(
        "partner_id",
        "partner_shipping_id",
        "task_id.project_id",
        "task_id.assigned_user_ids",
        "task_id.assigned_role_id",
    )
    def _compute_visit_values_used(self):
        for recipient in self:
            task, partner = recipient.task_id, recipient.partner_id
            users, role = task.assigned_user_ids, task.assigned_role_id
            if not users and not role:
                users = partner._get_visit_preference("visit_user_id")
                role = not users and partner._get_visit_preference("visit_role_id")
            recipient.technician_used_ids = users
            recipient.role_used_id = role
            recipient.project_used_id = (
                task.project_id or partner._get_visit_preference("visit_project_id")
            )
            recipient.visit_address_used_id = recipient.partner_shipping_id or (
                partner and partner._get_visit_address()
            )

    @api.model
    def _get_ready_dependencies(self):
        return [
            *super()._get_ready_dependencies(),
            "task_id.document_type",
            "task_id.project_id",
            "task_id.assigned_user_ids",
        ]

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: Longest time before the visit at which a work order is made.
MOST_DAYS_AHEAD = 365


class RecurringTaskWorkOrderMixin(models.AbstractModel):
    """What a recurring task says about its work orders: where, who, what to check.

    What is empty is as on each customer's record.
    """

    _name = "recurring.task.work.order.mixin"
    _description = "Recurring work orders"

    project_id = fields.Many2one(
        comodel_name="project.project",
        check_company=True,
        ondelete="restrict",
        domain="[('is_postsale', '=', True)]",
        help="Where the work orders stand. Empty: as on the customer's record.",
    )
    stage_id = fields.Many2one(
        comodel_name="project.task.type",
        string="First Stage",
        ondelete="restrict",
        domain="[('project_ids', '=', project_id)]",
        help="Stage of a new work order, e.g. Pending. Empty: the project's first one.",
    )
    assigned_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="recurring_task_technician_rel",
        string="Technicians",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        context={"active_test": False},
        help="Empty: as on the customer's record.",
    )
    assigned_role_id = fields.Many2one(
        comodel_name="project.role",
        string="Role",
        ondelete="restrict",
        help="Nobody in particular: whoever has this role can take the visit. Empty: "
        "as on the customer's record.",
    )
    plan_days_ahead = fields.Integer(
        string="Created Days Ahead",
        help="The work order is created so many days before the visit.",
    )
    checklist_template_ids = fields.One2many(
        comodel_name="postsale.checklist.template.line",
        inverse_name="task_id",
        string="Checklist",
        copy=True,
    )

    @api.constrains("plan_days_ahead")
    def _check_plan_days_ahead(self):
        for task in self:
            if not 0 <= task.plan_days_ahead <= MOST_DAYS_AHEAD:
                raise ValidationError(
                    self.env._(
                        "%(task)s: a work order is created 0 to %(most)s days before "
                        "the visit.",
                        task=task.display_name,
                        most=MOST_DAYS_AHEAD,
                    )
                )

    @api.model
    def _get_schedule_field_names(self):
        names = super()._get_schedule_field_names()
        return [*names, "plan_days_ahead", "document_type"]

    def _get_lead(self):
        days = self.document_type == "work_order" and self.plan_days_ahead
        return super()._get_lead() + timedelta(days=days or 0)

    def action_spread_visits(self):
        """Open the dialogue that proposes first visits over some weeks.

        :raises UserError: when a customer's own first date would have no effect
        """
        self.ensure_one()
        self._check_billing_rights()
        if self.day_rule != "start":
            raise UserError(
                self.env._(
                    "%s: the visits fall on a given day of the month. Choose “Same day "
                    "as the first date” in the tab “When”, then spread them.",
                    self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Spread the Visits"),
            "res_model": "postsale.visit.spread",
            "view_mode": "form",
            "target": "new",
            "context": {"default_task_id": self.id},
        }

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.crm_sla.context_defaults import without_defaults
from odoo.addons.recurring_billing.models.recurring_issued_mixin import PROTECTED

#: The state of core that means that a task is called off.
CANCELLED = "1_canceled"


class ProjectTaskWorkOrderMixin(models.AbstractModel):
    """A task that is a planned visit at a customer's: a work order.

    A recurring task makes it, or a person. Moving ``visit_date`` moves this visit
    alone: the dates of the recurring task and its ledger stay as they are.
    """

    _name = "project.task.work.order.mixin"
    _inherit = [
        "recurring.issued.mixin",
        "document.delivery.mixin",
        "friendly.document.mixin",
    ]
    _description = "Work Order"

    is_work_order = fields.Boolean(string="Work Order", index="btree_not_null")
    visit_date = fields.Date(
        string="Day of the Visit",
        index="btree_not_null",
        tracking=True,
        help="Move it as you like: the dates of the recurring task stay.",
    )
    visit_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Visit Address",
        ondelete="restrict",
        index="btree_not_null",
    )
    visit_warning = fields.Char(
        string="About the Day", compute="_compute_visit_warning", compute_sudo=True
    )
    visit_hours = fields.Char(string="Hours That Suit")
    visit_access_notes = fields.Text(
        string="How to Get In", help="Keys, gate codes, whom to ask for …"
    )
    work_role_id = fields.Many2one(
        comodel_name="project.role",
        string="Role for the Visit",
        ondelete="restrict",
        index="btree_not_null",
        help="Whoever has this role can take the visit.",
    )
    checklist_ids = fields.One2many(
        comodel_name="postsale.checklist.line",
        inverse_name="task_id",
        copy=True,
        groups="postsale_contracts.group_postsale_technician",
    )

    # Given by the customer when the work is done
    work_signature = fields.Image(
        string="Signature", copy=False, attachment=True, max_width=1024, max_height=1024
    )
    work_signed_by = fields.Char(string="Signed By", copy=False)
    work_signed_on = fields.Datetime(string="Signed On", copy=False)

    @api.depends("is_work_order", "visit_date", "partner_id")
    @api.depends_context("lang")
    def _compute_visit_warning(self):
        """Only a hint: whoever plans decides."""
        for task in self:
            day = task.visit_date
            weekdays = task.partner_id._get_visit_weekdays()
            suits = not (task.is_work_order and day) or day.weekday() in weekdays
            task.visit_warning = not suits and self.env._(
                "%(customer)s would rather be visited on: %(days)s.",
                customer=task.partner_id.display_name,
                days=task.partner_id._get_visit_weekdays_text(),
            )

    @api.onchange("partner_id", "is_work_order")
    def _onchange_visit_customer(self):
        """What the customer's record says about visits; nothing else is overwritten."""
        if self.is_work_order and self.partner_id:
            known = self.partner_id._prepare_visit()
            self.update({name: v for name, v in known.items() if not self[name]})

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """A task without a project is private: only who has to do it would see it."""
        values = super().default_get(fields)
        if self.env.context.get("default_is_work_order"):
            usual = self._get_usual_work_order_project
            self._add_default_project(values, fields, usual)
        return values

    @api.model
    def _get_usual_work_order_project(self):
        """Where the latest work order of the user's company belongs."""
        return self.search(
            [
                ("is_work_order", "=", True),
                ("project_id", "!=", False),
                ("company_id", "in", (False, self.env.company.id)),
            ],
            order="id desc",
            limit=1,
        ).project_id

    @api.model_create_multi
    def create(self, vals_list):
        return super(
            ProjectTaskWorkOrderMixin, without_defaults(self, PROTECTED.__contains__)
        ).create(vals_list)

    def write(self, vals):
        """A work order that is called off frees its date in the ledger."""
        was_cancelled = self.filtered(lambda task: task.state == CANCELLED)
        result = super().write(vals)
        if "state" in vals:
            is_cancelled = self.filtered(lambda task: task.state == CANCELLED)
            (is_cancelled - was_cancelled)._void_occurrences(
                self.env._("The work order was cancelled.")
            )
            (was_cancelled - is_cancelled)._revive_occurrences()
        return result

    def unlink(self):
        """Core deletes sub-tasks along with their task: they free their dates, too."""
        tasks = self | self._get_all_subtasks()
        return super(ProjectTaskWorkOrderMixin, tasks).unlink()

    # === PRINT AND MAIL === #

    def _get_document_kind(self):
        self.ensure_one()
        kind = self.env["recurring.document.kind"]
        return kind._get_by_code("work_order") if self.is_work_order else kind

    def _get_friendly_figures(self):
        """When it is, and who comes."""
        figures = []
        if self.visit_date:
            day = format_date(self.env, self.visit_date)
            figures.append((self.env._("Your Visit"), day))
        if names := ", ".join(self.sudo().user_ids.mapped("name")):
            figures.append((self.env._("Who Comes"), names))
        return figures

    def _get_friendly_texts(self):
        return self.intervention_ids.mapped("name")

    def _get_open_activities(self):
        """What is planned and not done yet."""
        return self.intervention_ids.filtered(lambda line: line.state == "open")

    def _get_done_activities(self):
        return self.intervention_ids.filtered(lambda line: line.state == "closed")

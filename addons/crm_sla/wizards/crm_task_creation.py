from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty


class CrmTaskCreation(models.TransientModel):
    """Makes a task from each of some quotations or orders.

    Whoever may change an order may make tasks from it, also without a right in
    *Project*: they are made in his name, in a project that he sees or that the reason
    or the company names. Others need the right to create tasks.
    """

    _name = "crm.task.creation"
    _inherit = ["crm.managed.by.mixin"]
    _description = "Create Tasks from Orders"

    order_ids = fields.Many2many("sale.order", required=True)
    order_count = fields.Integer(compute="_compute_order_count")
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    name = fields.Char(string="Title", required=True)
    project_id = fields.Many2one(
        "project.project",
        compute="_compute_project_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', (company_id, False)),"
        " ('is_template', '=', False)]",
    )
    default_project_id = fields.Many2one(
        "project.project",
        compute="_compute_project_id",
        store=True,
        export_string_translation=False,
    )
    stage_id = fields.Many2one(
        "project.task.type",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        domain="[('project_ids', '=', project_id)]",
    )
    user_ids = fields.Many2many(
        "res.users", string="Assignees", domain=[("share", "=", False)]
    )
    date_deadline = fields.Datetime(string="Deadline")
    description = fields.Html()

    @api.depends("order_ids")
    def _compute_order_count(self):
        for wizard in self:
            wizard.order_count = len(wizard.order_ids)

    @api.depends("order_ids.company_id")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.order_ids.company_id[:1]

    @api.depends("reason_id", "order_ids")
    def _compute_project_id(self):
        """A project that somebody chose stays; a proposed one follows the reason."""
        for wizard in self:
            project = wizard._get_default_project()
            if not wizard.project_id or wizard.project_id == wizard.default_project_id:
                wizard.project_id = project
            wizard.default_project_id = project

    @api.depends("project_id")
    def _compute_stage_id(self):
        for wizard in self:
            project = wizard.project_id.sudo()
            if wizard.stage_id not in project.type_ids:
                stages = project.type_ids.sorted(lambda s: (s.fold, s.sequence, s.id))
                wizard.stage_id = stages[:1].sudo(False)

    @api.onchange("reason_id")
    def _onchange_reason_id(self):
        if not self.name:
            self.name = self.reason_id.name

    def _get_default_project(self):
        """The project that the reason names, otherwise the company's.

        :rtype: project.project
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        project = self.reason_id.sudo().project_id or company.sudo().task_project_id
        return project.filtered("active").sudo(False)

    def _get_managed_by_team(self):
        return super()._get_managed_by_team() or self.order_ids.team_id[:1]

    # === CREATE === #

    def action_create_tasks(self):
        """Create one task for each order and open it, or their list.

        :raises odoo.exceptions.UserError: something is missing, with the way out
        :raises odoo.exceptions.AccessError: the user may neither change the orders nor
            create tasks
        """
        self.ensure_one()
        Task = self._get_task_model()
        self._check_choice()
        orders = self.order_ids.sorted("id")
        tasks = Task.with_company(self.company_id).create(
            [self._prepare_task(order) for order in orders]
        )
        return tasks.sudo(False)._get_tasks_action()

    def _get_task_model(self):
        """Tasks with the rights in which they are made."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only your own people make tasks."))
        self.order_ids.check_access("read")
        if self.order_ids.has_access("write"):
            return self.env["project.task"].sudo()  # his name stays on them
        self.env["project.task"].check_access("create")
        return self.env["project.task"]

    def _check_choice(self):
        if not self.order_ids:
            raise UserError(self.env._("Choose a quotation or order first."))
        if len(self.order_ids.company_id) > 1:
            raise UserError(
                self.env._(
                    "These orders belong to several companies. Create the tasks of one "
                    "company at a time."
                )
            )
        self.reason_id.check_access("read")
        self._check_project()
        if any(self.user_ids.sudo().mapped("share")):
            raise UserError(self.env._("Tasks are assigned to your own people only."))

    def _check_project(self):
        project = self.project_id.sudo()
        if not project:
            raise UserError(
                self.env._(
                    "No project is set for the tasks of %(orders)s. Choose one here, "
                    "give the reason a default project, or set one in Settings → Sales "
                    "→ Tasks and SLA.",
                    orders=", ".join(self.order_ids.mapped("name")),
                )
            )
        if self.project_id != self._get_default_project():
            self.project_id.check_access("read")
        if project.company_id and project.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "The project “%(project)s” belongs to %(other)s, the orders to "
                    "%(company)s. Choose a project of the same company.",
                    project=project.name,
                    other=project.company_id.name,
                    company=self.company_id.name,
                )
            )
        if self.stage_id and self.stage_id not in project.type_ids:
            raise UserError(
                self.env._(
                    "The project “%(project)s” has no stage “%(stage)s”. Choose one of "
                    "its own.",
                    project=project.name,
                    stage=self.stage_id.name,
                )
            )

    def _prepare_task(self, order):
        """Values of the task for an order; who manages it is the server's to say."""
        several = len(self.order_ids) > 1
        entered = (
            self.managed_by_entered_id
            if self.managed_by_locked
            else self.managed_by_user_id
        )
        values = {
            "name": f"{self.name} ({order.name})" if several else self.name,
            "origin_order_id": order.id,
            "partner_id": order.partner_id.id,
            "project_id": self.project_id.id,
            "reason_id": self.reason_id.id,
            "managed_by_entered_id": entered.id,
            "date_deadline": self.date_deadline,
        }
        if self.stage_id:
            values["stage_id"] = self.stage_id.id
        # Without any value core assigns whoever creates it.
        values["user_ids"] = [Command.set(self.user_ids.ids)] if self.user_ids else []
        if not is_html_empty(self.description):
            values["description"] = self.description
        return values

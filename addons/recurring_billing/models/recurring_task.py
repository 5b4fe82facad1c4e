from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

#: Reasons in the banner of a task; customers may each have one of their own.
REASONS_SHOWN = 3


class RecurringTask(models.Model):
    """A series of documents for many customers: what, to whom, when and how.

    What, When, How and the life of a task are mixins of their own. A task issues
    nothing by itself: the engine (``recurring.engine``) asks which dates are due.
    """

    _name = "recurring.task"
    _description = "Recurring Task"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "recurring.task.origin.mixin",
        "recurring.content.mixin",
        "recurring.schedule.mixin",
        "recurring.sending.mixin",
        "recurring.lifecycle.mixin",
        "recurring.forecast.task.mixin",
        "recurring.task.simulation.mixin",
        "recurring.task.run.mixin",
    ]
    _order = "state, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    description = fields.Text()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Receives the report of every run.",
    )
    line_ids = fields.One2many(
        comodel_name="recurring.task.line",
        inverse_name="task_id",
        string="Lines",
        copy=True,
    )
    # To whom
    recipient_ids = fields.One2many(
        comodel_name="recurring.task.recipient",
        inverse_name="task_id",
        string="Customers",
        copy=True,
    )
    recipient_count = fields.Integer(compute="_compute_recipient_figures")
    not_ready_count = fields.Integer(compute="_compute_recipient_figures")
    date_next = fields.Date(
        string="Next Date", compute="_compute_date_next", search="_search_date_next"
    )
    documents_left = fields.Integer(
        compute="_compute_documents_left",
        help="Documents still to come for all customers together; 0 without a limit.",
    )

    # When
    catch_up = fields.Selection(
        selection=[
            ("all", "Issue every one"),
            ("last", "Issue the latest only"),
            ("skip", "Issue none of them"),
        ],
        string="Missed Dates",
        default="all",
        required=True,
        help="What happens to dates on which the programme was not running.",
    )

    # Documents
    occurrence_ids = fields.One2many(
        comodel_name="recurring.occurrence", inverse_name="task_id"
    )
    document_count = fields.Integer(compute="_compute_occurrence_figures")
    problem_count = fields.Integer(compute="_compute_occurrence_figures")
    failed_count = fields.Integer(compute="_compute_occurrence_figures")
    waiting_count = fields.Integer(
        string="Waiting for Release", compute="_compute_waiting"
    )
    waiting_reason = fields.Text(compute="_compute_waiting")
    can_start = fields.Boolean(compute="_compute_can_start")

    # === COMPUTE METHODS === #

    @api.depends("recipient_ids.ready")
    def _compute_recipient_figures(self):
        for task in self:
            task.recipient_count = len(task.recipient_ids)
            task.not_ready_count = len(
                task.recipient_ids.filtered(lambda r: not r.ready)
            )

    @api.depends("recipient_ids.date_next", "recipient_ids.state")
    def _compute_date_next(self):
        dates = dict(
            self.env["recurring.task.recipient"]._read_group(
                [("task_id", "in", self._origin.ids), ("state", "=", "running")],
                ["task_id"],
                ["date_next:min"],
            )
        )
        for task in self:
            task.date_next = dates.get(task._origin, False)

    def _search_date_next(self, operator, value):
        if operator in ("not in", "!="):
            return NotImplemented
        recipients = self.env["recurring.task.recipient"]._search(
            [("date_next", operator, value), ("state", "=", "running")]
        )
        return [("recipient_ids", "in", recipients)]

    @api.depends("recipient_ids.documents_left", "max_documents")
    def _compute_documents_left(self):
        for task in self:
            task.documents_left = sum(task.recipient_ids.mapped("documents_left"))

    def _compute_occurrence_figures(self):
        counts = {
            (task.id, state): count
            for task, state, count in self.env["recurring.occurrence"]._read_group(
                [("task_id", "in", self.ids)], ["task_id", "state"], ["__count"]
            )
        }
        for task in self:
            task.document_count = sum(
                counts.get((task.id, state), 0) for state in ("generated", "sent")
            )
            task.failed_count = counts.get((task.id, "failed"), 0)
            task.problem_count = task.failed_count + counts.get((task.id, "held"), 0)

    def _compute_waiting(self):
        """How many documents wait for a release, and why."""
        Occurrence = self.env["recurring.occurrence"]
        groups = Occurrence._read_group(
            Domain("task_id", "in", self.ids) & Occurrence._get_waiting_domain(),
            ["task_id", "error"],
            ["__count"],
        )
        for task in self:
            own = [(reason, count) for other, reason, count in groups if other == task]
            task.waiting_count = sum(count for _reason, count in own)
            reasons = [reason for reason, _count in own if reason]
            task.waiting_reason = "\n".join(reasons[:REASONS_SHOWN])

    @api.depends("state", "recipient_ids", "line_ids", "document_type")
    def _compute_can_start(self):
        for task in self:
            task.can_start = bool(
                task.state == "draft"
                and task.recipient_ids
                and task._has_enough_lines()
            )

    # === DEFAULTS, CONSTRAINTS AND CRUD === #

    @api.model
    def default_get(self, fields):
        """The company's defaults for new tasks, see the settings."""
        values = super().default_get(fields)
        company = self.env["res.company"].browse(values.get("company_id"))
        defaults = (company or self.env.company)._get_recurring_defaults()
        return values | {name: v for name, v in defaults.items() if name in fields}

    def _check_company_unchanged(self, company_id):
        """The ledger belongs to one company."""
        for task in self:
            if task.company_id.id != company_id and task.sudo().occurrence_ids:
                raise ValidationError(
                    self.env._(
                        "%(task)s has issued documents for another company. Make a "
                        "new task instead.",
                        task=task.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            v.get("state", "draft") != "draft" for v in vals_list
        ):
            raise AccessError(self._get_state_door_message())
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise AccessError(self._get_state_door_message())
        if "company_id" in vals:
            self._check_company_unchanged(vals["company_id"])
        if not set(vals) & {*self._get_schedule_field_names(), "state", "active"}:
            return super().write(vals)
        dates = {member: member.date_next for member in self.recipient_ids}
        result = super().write(vals)
        self.recipient_ids._refresh_next_date()
        if set(vals) & set(self._get_schedule_field_names()):
            members = self.recipient_ids.filtered(
                lambda r: r.task_state == "running" and r.date_next != dates.get(r)
            )
            self._check_first_date(members)
        return result

    @api.model
    def _get_state_door_message(self):
        return self.env._("Use the buttons Start, Pause, Resume and Stop.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for task in self:
            if task.sudo().occurrence_ids:
                raise UserError(
                    self.env._(
                        "%(task)s has already issued documents. Archive it instead: "
                        "the documents keep their history.",
                        task=task.display_name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for task, vals in zip(self, vals_list, strict=True):
            vals.setdefault("name", task.name)
            if not (default or {}).get("name"):
                vals["name"] = self.env._("%s (copy)", task.name)
        return vals_list

    def action_archive(self):
        self.filtered(lambda t: t.state == "running").action_pause()
        return super().action_archive()

    # === SCHEDULE === #

    def _get_schedule_company(self):
        return self.company_id

    def _get_preview_start(self):
        floors = {}
        if len(self.recipient_ids) == 1:
            floors = self.env["recurring.planner"]._get_floors(
                self.recipient_ids._origin
            )
        return next(iter(floors.values()), None) or super()._get_preview_start()

    def _get_preview_left(self):
        if len(self.recipient_ids) == 1 and self.recipient_ids._origin:
            issued = self.recipient_ids._origin.document_count
            return max(self.max_documents - issued, 0) if self.max_documents else None
        return super()._get_preview_left()

    @api.model
    def _check_first_date(self, recipients):
        """Documents are not scheduled for the day on which they are set up.

        :raises UserError: when one of these customers without documents would get
            his first one today or before
        """
        for task, members in recipients.grouped("task_id").items():
            today = task._get_today()
            new = members - members._get_used()
            dates = self.env["recurring.planner"]._get_next_dates(new)
            lead = task._get_lead()
            for recipient, issued in dates.items():
                first = issued and issued + lead
                if first and first <= today:
                    raise UserError(
                        self.env._(
                            "%(task)s: the first date for %(customer)s is %(date)s. It "
                            "must be after today. Choose a later first date, and use "
                            "“Run now” after the start to issue one at once.",
                            task=task.display_name,
                            customer=recipient.partner_id.display_name,
                            date=format_date(self.env, first),
                        )
                    )

    # === OTHER ACTIONS === #

    def action_view_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recurring_billing.recurring_occurrence_action"
        )
        action["domain"] = [("task_id", "=", self.id)]
        action["context"] = {"default_task_id": self.id}
        return action

    def action_view_problems(self):
        action = self.action_view_documents()
        action["context"] = {"search_default_problem": 1}
        return action

    def action_release(self):
        """Issue everything of these tasks that waits for a release.

        :return: action that opens the run
        """
        self._check_billing_rights()
        Occurrence = self.env["recurring.occurrence"]
        domain = Domain("task_id", "in", self.ids) & Occurrence._get_waiting_domain()
        return Occurrence.search(domain).action_release()

    def action_view_not_ready(self):
        self.ensure_one()
        return self.recipient_ids.filtered(lambda r: not r.ready)._get_records_action(
            name=self.env._("Customers That Are Not Ready")
        )

    def action_add_recipients(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Customers"),
            "res_model": "recurring.task.add.recipients",
            "view_mode": "form",
            "target": "new",
            "context": {"default_task_id": self.id},
        }

    def _add_recipients(self, partners):
        """Put customers on the task who are not on it yet.

        :return: the new recipients
        """
        self.ensure_one()
        new = partners - self.recipient_ids.partner_id
        before = self.recipient_ids
        self.write(
            {"recipient_ids": [Command.create({"partner_id": p.id}) for p in new]}
        )
        return self.recipient_ids - before

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

#: How far anybody may look ahead.
MAX_MONTHS = 24
#: What a person chooses; all else is written by the simulator.
CHOICES = {"scope", "task_id", "recipient_id", "partner_id", "company_id", "date_until"}


class RecurringSimulation(models.TransientModel):
    """What would happen until a day, for a task, a customer or the company.

    Each person sees only what he has simulated himself, and only for some days.
    """

    _name = "recurring.simulation"
    _inherit = [
        "recurring.simulation.playing.mixin",
        "recurring.simulation.sheet.mixin",
    ]
    _description = "Simulation"
    _order = "id desc"
    _transient_max_hours = 24 * 7

    name = fields.Char(compute="_compute_name")
    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    scope = fields.Selection(
        selection=[
            ("company", "Everything"),
            ("task", "A recurring task"),
            ("partner", "A customer"),
            ("recipient", "A customer of a task"),
        ],
        string="For",
        required=True,
        default="company",
    )
    task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Recurring Task",
        domain="[('company_id', '=', company_id)]",
        ondelete="cascade",
    )
    recipient_id = fields.Many2one(
        comodel_name="recurring.task.recipient",
        string="Customer of the Task",
        domain="[('company_id', '=', company_id)]",
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", ondelete="cascade"
    )
    date_until = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self._default_date_until(),
        help="The last day that is simulated, at most two years ahead.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "New"),
            ("waiting", "Under Way"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    date_start = fields.Datetime(string="Simulated On", readonly=True)
    error = fields.Text(readonly=True)
    note = fields.Text(readonly=True)
    document_ids = fields.One2many(
        comodel_name="recurring.simulation.document",
        inverse_name="simulation_id",
        string="What Would Happen",
        readonly=True,
    )
    issued_count = fields.Integer(string="Documents", compute="_compute_figures")
    problem_count = fields.Integer(
        string="Would Fail or Wait", compute="_compute_figures"
    )
    event_count = fields.Integer(string="Other Events", compute="_compute_figures")
    totals_text = fields.Text(string="Totals", compute="_compute_figures")
    progress = fields.Float(compute="_compute_progress")

    # === DEFAULTS AND COMPUTE METHODS === #

    def _default_date_until(self):
        today = fields.Date.context_today(self)
        return today + relativedelta(months=2, day=1, days=-1)

    @api.depends("scope", "task_id", "recipient_id", "partner_id", "date_until")
    @api.depends_context("lang")
    def _compute_name(self):
        for simulation in self:
            subject = simulation._get_subject() or simulation.company_id
            simulation.name = self.env._(
                "%(subject)s until %(date)s",
                subject=subject.display_name,
                date=format_date(self.env, simulation.date_until),
            )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Core does not know that `name` depends on the language."""
        return super()._compute_display_name()

    @api.depends("document_ids")
    @api.depends_context("lang")
    def _compute_figures(self):
        groups = self.env["recurring.simulation.document"]._read_group(
            [("simulation_id", "in", self.ids)],
            ["simulation_id", "kind", "state", "currency_id"],
            ["__count", "amount_untaxed:sum", "amount_total:sum"],
        )
        for simulation in self:
            own = [row[1:] for row in groups if row[0] == simulation]
            documents = [row[1:] for row in own if row[0] == "document"]
            issued = [row[1:] for row in documents if row[0] == "issued"]
            simulation.issued_count = sum(row[1] for row in issued)
            simulation.problem_count = sum(
                row[2] for row in documents if row[0] in ("failed", "held")
            )
            simulation.event_count = sum(row[3] for row in own if row[0] != "document")
            simulation.totals_text = simulation._get_totals_text(issued)

    def _get_totals_text(self, issued):
        """A line for each currency; kinds of document without money are left out."""
        return "\n".join(
            self.env._(
                "%(count)s documents: %(untaxed)s without taxes, %(total)s in all",
                count=count,
                untaxed=format_amount(self.env, untaxed, currency),
                total=format_amount(self.env, total, currency),
            )
            for currency, count, untaxed, total in issued
            if currency
        )

    @api.depends("document_ids.date", "date_until")
    def _compute_progress(self):
        """How much of the time was played, in percent."""
        dates = dict(
            self.env["recurring.simulation.document"]._read_group(
                [("simulation_id", "in", self.ids)], ["simulation_id"], ["date:max"]
            )
        )
        for simulation in self:
            start = (simulation.date_start or fields.Datetime.now()).date()
            whole = (simulation.date_until - start).days + 1
            last = dates.get(simulation) or start
            done = min((last - start).days / whole, 1.0) if whole > 0 else 1.0
            simulation.progress = 100.0 * max(done, 0.0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_choices(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_choices(vals)
        return super().write(vals)

    @api.model
    def _check_choices(self, vals):
        """The engine acts for whom it says; only the scope is anybody's choice."""
        forged = (self._fields.keys() & vals.keys()) - CHOICES
        if not self.env.su and any(vals[name] for name in forged):
            raise UserError(
                self.env._("The simulator writes what would happen: press “Simulate”.")
            )

    # === WHOM IT IS ABOUT === #

    def _get_subject(self):
        """The task, line or customer; an empty recordset for the company."""
        self.ensure_one()
        name = f"{self.scope}_id"
        return self[name] if self.scope != "company" else self.env["recurring.task"]

    def _get_recipients(self):
        """The customers' lines that its user may see and that would get documents."""
        self.ensure_one()
        own = self.with_user(self.user_id).with_context(
            allowed_company_ids=self.company_id.ids
        )
        own.env["recurring.task"]._check_billing_rights()
        return own.env["recurring.task.recipient"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "running")
            & Domain("task_id.active", "=", True)
            & self._get_scope_domain(),
            order="task_id, id",
        )

    def _get_scope_domain(self):
        subject = self._get_subject()
        started = Domain("task_state", "=", "running")
        if self.scope == "partner":
            customer = subject.commercial_partner_id
            return started & Domain("commercial_partner_id", "=", customer.id)
        draft_too = Domain("task_state", "in", ("draft", "running"))
        if self.scope == "task":
            return draft_too & Domain("task_id", "=", subject.id)
        if self.scope == "recipient":
            return draft_too & Domain("id", "=", subject.id)
        return started

    def _filter_reminded(self, partners):
        """Customers (commercial entities) whose reminders belong here."""
        if self.scope == "company":
            return partners
        customer = self.partner_id.commercial_partner_id
        if self.scope != "partner":
            recipients = self._get_recipients().sudo()
            customer = (
                recipients.partner_id | recipients.partner_invoice_id
            ).commercial_partner_id
        return partners & customer.with_env(partners.env)

    def _concerns(self, move):
        """Whether an invoice belongs to what is simulated."""
        if self.scope == "task":
            return move.recurring_task_id.id == self.task_id.id
        if self.scope == "recipient":
            row = move.recurring_occurrence_id
            return row.recipient_id.id == self.recipient_id.id
        return True

    # === BUTTONS === #

    def action_simulate(self):
        """Simulate: a few documents at once, many in the background.

        :raises UserError: nothing to simulate, or a task that could not be started
        """
        self._check_rights()
        self.ensure_one()
        self._check_until()
        self._check_startable()
        recipients = self._get_recipients()
        if not recipients:
            raise UserError(self._get_nothing_message())
        simulation = self.sudo()
        simulation.document_ids.unlink()
        simulation.write(
            {
                "state": "waiting",
                "date_start": fields.Datetime.now(),
                "error": False,
                "note": False,
            }
        )
        if self._is_large(recipients):
            self.env.ref("recurring_billing.ir_cron_simulate").sudo()._trigger()
        else:
            simulation._play_to_the_end()
        return True

    def action_cancel(self):
        """Stop a simulation in the background after the batch at hand."""
        self._check_rights()
        self.sudo().filtered(lambda s: s.state == "waiting").state = "cancelled"
        return True

    def action_view_documents(self):
        self._check_rights()
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recurring_billing.recurring_simulation_document_action"
        )
        action["domain"] = [("simulation_id", "=", self.id)]
        context = self.env.context
        action["context"] = {
            name: context[name]
            for name in context
            if name.startswith("search_default_")
        }
        if first := self.document_ids[:1].date:
            action["context"]["initial_date"] = fields.Date.to_string(first)
        return action

    def _check_rights(self):
        """A simulation is read, written and started by its own user alone."""
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("write")

    def _check_until(self):
        today = self.company_id._get_local_date(fields.Datetime.now())
        if not today <= self.date_until <= today + relativedelta(months=MAX_MONTHS):
            raise UserError(
                self.env._(
                    "Choose a day from today to %s.",
                    format_date(self.env, today + relativedelta(months=MAX_MONTHS)),
                )
            )
        if self.scope != "company" and not self._get_subject():
            raise UserError(self.env._("Choose what is to be simulated."))
        self._get_subject().check_access("read")

    def _check_startable(self):
        """What would keep a task from being started is said before."""
        tasks = self._get_recipients().task_id.filtered(lambda t: t.state == "draft")
        for task in tasks:
            task._check_complete()
            task._check_first_date(task.recipient_ids)

    def _get_nothing_message(self):
        if self.scope in ("task", "recipient"):
            return self.env._(
                "%s issues nothing as things stand: it is paused, finished, or has no "
                "customers.",
                self._get_subject().display_name,
            )
        return self.env._("There is no running task with customers here.")

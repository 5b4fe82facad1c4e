from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .recurring_planner import Slot


class RecurringTaskRecipient(models.Model):
    """One customer on a recurring task.

    ``date_next`` is a convenience for searching, rewritten together with the
    ledger; the truth is ``recurring.occurrence``.
    """

    _name = "recurring.task.recipient"
    _description = "Customer of a Recurring Task"
    _inherit = [
        "recurring.recipient.info.mixin",
        "recurring.recipient.sending.mixin",
        "recurring.forecast.recipient.mixin",
        "recurring.task.simulation.mixin",
    ]
    _order = "task_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Recurring Task",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(related="task_id.company_id", store=True, index=True)
    task_state = fields.Selection(
        related="task_id.state", store=True, string="State of the Task"
    )
    document_type = fields.Selection(related="task_id.document_type")
    tz = fields.Selection(related="task_id.tz", store=True)
    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("paused", "Paused"),
            ("stopped", "Stopped"),
            ("done", "Finished"),
        ],
        default="running",
        required=True,
        readonly=True,
        copy=False,
    )
    stop_reason = fields.Char(string="Why It Stopped", readonly=True, copy=False)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
    )
    partner_invoice_id = fields.Many2one(
        comodel_name="res.partner",
        string="Invoice Address",
        compute="_compute_partner_invoice_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id")
    email = fields.Char(compute="_compute_email")

    # When
    date_start = fields.Date(
        string="Own First Date",
        help="For this customer alone. Empty: the first date of the task.",
    )
    date_from = fields.Date(
        string="Added From",
        readonly=True,
        copy=False,
        help="Added when the task was under way: dates of the task before this day "
        "are not his.",
    )
    date_next = fields.Date(
        string="Next Date",
        readonly=True,
        copy=False,
        help="The next document is issued on this day.",
    )
    date_retry = fields.Date(
        string="Tried Again On",
        readonly=True,
        copy=False,
        help="After a failure: not tried again before this day.",
    )
    requested_run_id = fields.Many2one(
        comodel_name="recurring.run",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Somebody pressed “Run now”: to be issued in this run.",
    )
    requested_date = fields.Date(readonly=True, copy=False)
    document_count = fields.Integer(
        string="Documents", compute="_compute_document_figures"
    )
    documents_left = fields.Integer(
        compute="_compute_document_figures",
        help="Documents still to come; 0 without a limit.",
    )

    # "IS TRUE" as the ORM writes it: PostgreSQL does not take "active" for the same
    _due_idx = models.Index(
        "(date_next) WHERE state = 'running' AND task_state = 'running'"
        " AND active IS TRUE"
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_partner_invoice_id(self):
        for recipient in self:
            address = recipient.partner_id.address_get(["invoice"])["invoice"]
            recipient.partner_invoice_id = recipient.partner_id and address

    @api.depends("partner_invoice_id.email", "partner_id.email")
    def _compute_email(self):
        for recipient in self:
            address = recipient.partner_invoice_id or recipient.partner_id
            recipient.email = address.email or recipient.partner_id.email

    def _compute_document_figures(self):
        counts = self.env["recurring.planner"]._get_issued_counts(self._origin)
        for recipient in self:
            count = counts.get(recipient._origin.id, 0)
            limit = recipient.task_id.max_documents
            is_over = recipient.state in ("stopped", "done")
            recipient.document_count = count
            recipient.documents_left = 0 if is_over else max(limit - count, 0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_protected(*vals_list)
        recipients = super().create(vals_list)
        recipients._join_task()
        recipients._refresh_next_date()
        recipients._check_first_date()
        return recipients

    def write(self, vals):
        self._check_protected(vals)
        self._check_history(vals)
        result = super().write(vals)
        if {"date_start", "active", "task_id"} & set(vals):
            self._refresh_next_date()
            self._check_first_date()
        return result

    def _check_first_date(self):
        running = self.filtered(lambda r: r.task_state == "running")
        self.env["recurring.task"]._check_first_date(running)

    def _join_task(self):
        """Whoever joins a task under way keeps its days, from tomorrow on."""
        late = self.filtered(lambda r: r.task_state != "draft" and not r.date_start)
        for task, members in late.grouped("task_id").items():
            members.sudo().date_from = fields.Date.add(task._get_today(), days=1)

    def _get_used(self):
        """Those whom the ledger knows: their lines are history."""
        rows = (
            self.env["recurring.occurrence"]
            .sudo()
            ._read_group([("recipient_id", "in", self.ids)], ["recipient_id"])
        )
        known = {recipient.id for (recipient,) in rows}
        return self.filtered(lambda recipient: recipient.id in known)

    @api.model
    def _check_protected(self, *vals_list):
        """Dates and states belong to the engine and to the buttons."""
        protected = {
            "company_id",
            "task_state",
            "tz",
            "state",
            "stop_reason",
            "date_from",
            "date_next",
            "date_retry",
            "requested_run_id",
            "requested_date",
        }
        if not self.env.su and any(protected & set(vals) for vals in vals_list):
            raise AccessError(self.env["recurring.task"]._get_state_door_message())

    def _check_history(self, vals):
        """The ledger says who got what from which task: that is not rewritten.

        :raises UserError: when customer or task of a used line would change
        """
        for name in {"partner_id", "task_id"} & set(vals):
            changed = self.filtered(lambda r, name=name: r[name].id != vals[name])
            if changed := changed._get_used():
                raise UserError(
                    self.env._(
                        "%s has documents of this task. Stop this customer and add "
                        "a new line instead.",
                        changed[0].partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for recipient in self._get_used():
            raise UserError(
                self.env._(
                    "%(customer)s has already received documents of “%(task)s”. "
                    "Stop this customer instead of deleting the line.",
                    customer=recipient.partner_id.display_name,
                    task=recipient.task_id.display_name,
                )
            )

    @api.depends("partner_id", "task_id")
    def _compute_display_name(self):
        for recipient in self:
            names = (recipient.task_id.name, recipient.partner_id.display_name)
            recipient.display_name = " – ".join(name for name in names if name)

    # === DATES === #

    def _get_start(self):
        """First day on which this customer may get a document."""
        self.ensure_one()
        return self.date_start or self.task_id.date_start

    def _prepare_first_row(self, document_date, **values):
        """Values of the ledger row of the first period."""
        self.ensure_one()
        period = self.task_id._get_schedule(self._get_start()).period(0)
        slot = Slot(self, period, period.start, document_date)
        return slot._prepare_row("generated", document_date=document_date, **values)

    def _refresh_next_date(self):
        """Rewrite the next date after the ledger or the schedule changed.

        A recipient without a date left is finished; one that gets dates again (a
        later end, a voided document) goes on.
        """
        recipients = self.sudo().filtered("task_id").exists()
        recipients.task_id._check_schedule()  # a wrong one has no dates
        dates = self.env["recurring.planner"]._get_next_dates(recipients)
        for recipient in recipients:
            recipient._set_next_date(dates[recipient])

    def _set_next_date(self, date_next):
        self.ensure_one()
        values = {"date_next": date_next}
        if self.state == "running" and not date_next:
            limit = self.task_id.max_documents
            is_all = limit and self.document_count >= limit
            values |= {
                "state": "done",
                "stop_reason": self.env._("All %s documents are issued.", limit)
                if is_all
                else self.env._("The last date has passed."),
            }
        elif self.state == "done" and date_next:
            values |= {"state": "running", "stop_reason": False}
        changed = {name: v for name, v in values.items() if self[name] != v}
        if changed:
            self.write(changed)

    def _skip_passed(self, reason):
        """Record dates up to today as skipped, so that they are never billed later."""
        now = fields.Datetime.now()
        members = self.filtered(lambda r: r.state != "stopped")
        slots = self.env["recurring.planner"]._get_due_slots(members, now)
        self.env["recurring.occurrence"].sudo().create(
            [
                slot._prepare_row("skipped", error=reason)
                for slot in slots
                if not slot.occurrence and slot.is_missed
            ]
        )
        self._refresh_next_date()

    # === STATE === #

    def _update_state(self, allowed, target, reason=False):
        """The one door of a customer's own state; see ``recurring.task``."""
        self.task_id._check_billing_rights()
        changed = self.filtered(lambda r: r.state in allowed)
        changed.sudo().write({"state": target, "stop_reason": reason})
        return changed

    def action_pause(self):
        """Issue nothing to this customer until he is resumed."""
        self._update_state(("running",), "paused")
        return True

    def action_resume(self):
        """Go on with this customer; dates that passed stay skipped."""
        changed = self._update_state(("paused",), "running")
        changed.sudo()._skip_passed(self.env._("The customer was paused on this date."))
        return True

    def action_stop(self):
        """End the series for this customer; issued documents stay."""
        self._update_state(
            ("running", "paused"),
            "stopped",
            self.env._("Stopped by %s.", self.env.user.name),
        )
        self.task_id.sudo()._finish_if_over()
        return True

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_task(self):
        self.ensure_one()
        return self.task_id._get_records_action()

    # === RUN NOW === #

    def _request_run_now(self):
        """Note for each recipient which date is to be issued at once.

        :return: the runs that will issue them, one for each company
        :raises UserError: when there is nothing to issue, or nobody may get another
            document today
        """
        recipients = self.filtered(lambda r: not r.requested_run_id)
        slots = self.env["recurring.planner"].sudo()._get_next_slots(recipients)
        if not slots:
            raise UserError(self._get_nothing_to_run_message())
        self.env["recurring.runaway"].sudo()._check_day(slots)
        companies = self.env["res.company"].union(
            *(slot.recipient.company_id for slot in slots)
        )
        Run = self.env["recurring.run"].sudo()
        runs = Run._open("manual", companies, self.env.user)
        Run._note_requested(runs, [slot.recipient.company_id for slot in slots])
        for slot in slots:
            slot.recipient.sudo().write(
                {
                    "requested_run_id": runs[slot.recipient.company_id].id,
                    "requested_date": slot.period.start,
                }
            )
        return Run.union(*runs.values())

    def _get_nothing_to_run_message(self):
        return self.env._(
            "There is nothing to issue now: these customers have no date left, are "
            "paused, are being served, or have already received a document ahead of "
            "its date today."
        )

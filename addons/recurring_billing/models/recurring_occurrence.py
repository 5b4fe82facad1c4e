from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rehearsal import get_now
from ..schedule import Period
from .recurring_planner import ISSUED


class RecurringOccurrence(models.Model):
    """The ledger: one row per customer and scheduled date, and what became of it.

    The database itself refuses two documents of one customer of a task whose
    periods overlap. The engine does not run when these guards are missing.
    """

    _name = "recurring.occurrence"
    _inherit = [
        "ledger.guard.mixin",
        "recurring.change.mixin",
        "recurring.occurrence.action",
    ]
    _description = "Recurring Document"
    _order = "scheduled_date desc, id desc"
    _rec_name = "document_name"

    _guards = (
        "recurring_occurrence_scheduled_date_uniq",
        "recurring_occurrence_no_overlap",
        "recurring_occurrence_period_order",
    )

    recipient_id = fields.Many2one(
        comodel_name="recurring.task.recipient",
        string="Customer of the Task",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    task_id = fields.Many2one(
        related="recipient_id.task_id", store=True, index=True, string="Recurring Task"
    )
    partner_id = fields.Many2one(
        related="recipient_id.partner_id", store=True, index=True, string="Customer"
    )
    company_id = fields.Many2one(
        related="recipient_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(related="task_id.user_id", store=True)
    document_type = fields.Selection(
        selection=lambda self: self._get_document_types(),
        string="Kind",
        compute="_compute_document_type",
        store=True,
        precompute=True,
        help="As it was when the document was issued.",
    )
    scheduled_date = fields.Date(
        required=True,
        readonly=True,
        help="The date of the schedule, before it is moved to a working day.",
    )
    issue_date = fields.Date(
        string="Date of Issue",
        required=True,
        readonly=True,
        help="The day on which the document falls due to be issued.",
    )
    document_date = fields.Date(
        readonly=True,
        help="The date that the document carries.",
    )
    period_start = fields.Date(string="Period From", required=True, readonly=True)
    period_end = fields.Date(
        string="Next Period From",
        required=True,
        readonly=True,
        help="First day that no longer belongs to the period.",
    )
    state = fields.Selection(
        selection=[
            ("held", "Waiting for Release"),
            ("generated", "Issued"),
            ("sent", "Issued and Mailed"),
            ("failed", "Failed"),
            ("skipped", "Skipped"),
            ("void", "Voided"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True, copy=False
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        compute="_compute_document",
        store=True,
        index="btree_not_null",
    )
    sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Order",
        compute="_compute_document",
        store=True,
        index="btree_not_null",
    )
    document_name = fields.Char(string="Number", readonly=True)
    amount_untaxed = fields.Monetary(readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    error = fields.Text(string="Reason", readonly=True)
    attempts = fields.Integer(readonly=True, default=0)
    attempt_date = fields.Datetime(
        string="Last Attempt",
        readonly=True,
        help="When it was issued, or when it was found that it could not be.",
    )
    run_id = fields.Many2one(
        comodel_name="recurring.run",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    release_run_id = fields.Many2one(
        comodel_name="recurring.run",
        string="Released In",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Somebody pressed “Release”: issued in this run, or about to be.",
    )
    delivery_ids = fields.One2many(
        comodel_name="document.delivery", inverse_name="occurrence_id"
    )
    delivery_state = fields.Selection(
        selection=lambda self: self._get_delivery_states(),
        string="E-mail",
        compute="_compute_delivery_state",
        store=True,
    )

    _scheduled_date_uniq = models.UniqueIndex(
        "(recipient_id, scheduled_date) WHERE state != 'void'",
        "This customer already has a document for this date.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(recipient_id, recipient_id, '[]') WITH &&, "
        "daterange(period_start, period_end) WITH &&"
        ") WHERE (state IN ('generated', 'sent'))",
        "This customer already has a document for this period.",
    )
    _period_order = models.Constraint(
        "CHECK (period_start < period_end)",
        "A period ends after it starts.",
    )
    _partner_date_idx = models.Index("(company_id, issue_date)")

    # === COMPUTE METHODS === #

    @api.depends("recipient_id")
    def _compute_document_type(self):
        # not of the task: history stays when the task changes its kind
        for row in self:
            row.document_type = row.recipient_id.task_id.document_type

    @api.depends("res_model", "res_id")
    def _compute_document(self):
        for row in self:
            row.move_id = row.res_model == "account.move" and row.res_id
            row.sale_order_id = row.res_model == "sale.order" and row.res_id

    @api.model
    def _get_document_types(self):
        return (
            self.env["recurring.task"]
            ._fields["document_type"]
            ._description_selection(self.env)
        )

    @api.model
    def _get_delivery_states(self):
        return (
            self.env["document.delivery"]
            ._fields["state"]
            ._description_selection(self.env)
        )

    @api.depends("delivery_ids.state", "delivery_ids.attempt_of_id")
    def _compute_delivery_state(self):
        ranks = self.env["document.delivery"]._get_state_ranks()
        for row in self:
            # what was sent again is judged by the later mail
            last = row.delivery_ids - row.delivery_ids.attempt_of_id
            states = last.mapped("state")
            row.delivery_state = max(states, key=ranks.index, default=False)

    @api.depends("document_name", "partner_id", "scheduled_date")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.document_name or (
                f"{row.partner_id.display_name} {row.scheduled_date}"
            )

    # === CRUD === #

    @api.model_create_multi
    @api.private
    def create(self, vals_list):
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The list of documents is the proof of what was issued: rows cannot "
                "be deleted."
            )
        )

    # === LEDGER === #

    @api.model
    def _get_missing_guards_message(self, names):
        return self.env._(
            "Recurring billing is stopped: the database lacks %s, which keeps "
            "documents from being issued twice. Update the app; if that does not help, "
            "ask your administrator to read the server's log.",
            names,
        )

    @api.model
    def _record(self, slots, run, state, error=False):
        """Write the ledger rows of these slots, in their order."""
        noted = {"run_id": run.id, "error": error}
        noted["attempt_date"] = get_now(self.env)
        values = [slot._prepare_row(state, **noted) for slot in slots]
        created = iter(
            self.sudo().create(
                [
                    {**vals, "attempts": 1}
                    for slot, vals in zip(slots, values, strict=True)
                    if not slot.occurrence
                ]
            )
        )
        rows = self.sudo().browse()
        for slot, vals in zip(slots, values, strict=True):
            row = slot.occurrence or next(created)
            if slot.occurrence:
                row.sudo().write({**vals, "attempts": row.attempts + 1})
            rows += row.sudo()
        self.env.flush_all()
        return rows

    @api.model
    def _adopt(self, recipients, invoices):
        """Write rows for invoices that stand for the first periods of these customers.

        Such a period is never billed again, its invoice is counted, and cancelling it
        voids the row. No run issued it: run and time of the attempt stay empty.

        :param recipients: ``recurring.task.recipient``, without rows so far
        :param invoices: dated ``account.move``, in the same order
        :return: the rows, in the same order
        """
        pairs = list(zip(recipients, invoices, strict=True))
        rows = self.sudo().create(
            [
                recipient._prepare_first_row(
                    invoice.invoice_date,
                    **recipient.task_id._get_handler()._prepare_outcome(invoice),
                )
                for recipient, invoice in pairs
            ]
        )
        for row, (recipient, invoice) in zip(rows, pairs, strict=True):
            # the links change nothing that core would have to work out again
            invoice.sudo().with_context(
                skip_invoice_sync=True, skip_is_manually_modified=True
            ).write(
                {
                    "recurring_task_id": recipient.task_id.id,
                    "recurring_occurrence_id": row.id,
                }
            )
        rows.flush_recordset()
        recipients._refresh_next_date()
        return rows

    def _get_period(self):
        self.ensure_one()
        return Period(0, self.period_start, self.period_end)

    def _get_document(self):
        """The document, or an empty recordset."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return self.env["account.move"]
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_numbers(self):
        """Which document of its customer each row is, counted from 1."""
        issued = self._read_group(
            [
                ("recipient_id", "in", self.recipient_id.ids),
                ("state", "in", ISSUED),
            ],
            ["recipient_id"],
            ["scheduled_date:array_agg"],
        )
        dates = dict(issued)
        return {
            row: 1
            + sum(day < row.scheduled_date for day in dates.get(row.recipient_id, ()))
            for row in self
        }

    def _void(self, reason):
        """The document was cancelled or deleted: its period is free again.

        A new document for it is a person's decision, see :meth:`action_reissue`.
        """
        rows = self.sudo().filtered(lambda row: row.state in ISSUED)
        rows.write({"state": "void", "error": reason})
        # before anything is created for the freed period
        rows.flush_recordset(["state"])
        rows.delivery_ids._cancel_waiting(reason)
        rows.recipient_id._refresh_next_date()

    def _revive(self):
        """The cancelled document is valid again.

        :raises IntegrityError: if another document was issued for the period
        """
        rows = self.sudo().filtered(lambda row: row.state == "void")
        rows.write({"state": "generated", "error": False})
        rows.flush_recordset(["state"])
        rows.recipient_id._refresh_next_date()

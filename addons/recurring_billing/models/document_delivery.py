import logging
import secrets
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

#: Documents that are rendered and queued together, between two commits.
BATCH_SIZE = 50
#: From the best to the worst news.
STATE_RANKS = (
    "cancelled",
    "sent",
    "sending",
    "queued",
    "held",
    "deferred",
    "unknown",
    "blocked",
    "no_address",
    "refused",
)


class DocumentDelivery(models.Model):
    """One mail about one document, and what became of it.

    A row is written in the transaction that makes the document; the mail is rendered
    and queued later by :meth:`_cron_send`; ``mail.mail`` reports the outcome. "Sent"
    means that a mail server took the mail. Nobody can know more than that.
    """

    _name = "document.delivery"
    _inherit = [
        "engine.rows.mixin",
        "document.delivery.creation",
        "document.delivery.outcome",
        "document.delivery.action",
    ]
    _description = "Delivery of a Document"
    _order = "id desc"
    _rec_name = "document_name"

    res_model = fields.Char(string="Kind of Document", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(readonly=True)
    purpose = fields.Selection(
        selection=[
            ("document", "Document"),
            ("acknowledgement", "Request to Confirm Receipt"),
        ],
        default="document",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    task_id = fields.Many2one(
        "recurring.task",
        string="Recurring Task",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    occurrence_id = fields.Many2one(
        "recurring.occurrence",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    run_id = fields.Many2one(related="occurrence_id.run_id")

    # To whom
    partner_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        readonly=True,
        ondelete="set null",
        index=True,
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Everybody Addressed", readonly=True
    )
    partner_cc_ids = fields.Many2many(
        "res.partner",
        relation="document_delivery_partner_cc_rel",
        string="People in Copy",
        readonly=True,
    )
    extra_to = fields.Char(string="Other Addresses", readonly=True)
    extra_cc = fields.Char(string="Other Addresses in Copy", readonly=True)
    email_to = fields.Char(string="To", readonly=True)
    email_cc = fields.Char(string="Cc", readonly=True)
    address_key = fields.Char(readonly=True, required=True)

    # What it says
    subject = fields.Char(readonly=True)
    mail_text = fields.Text(string="Personal Text", readonly=True)
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail Template",
        readonly=True,
        ondelete="set null",
        help="Empty: as on the task, else the usual one of the document.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        relation="document_delivery_attachment_rel",
        string="Further Files",
        readonly=True,
        help="Sent along with the printed document.",
    )
    mail_mail_id = fields.Many2one(
        "mail.mail", readonly=True, ondelete="set null", index="btree_not_null"
    )
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, ondelete="set null", index="btree_not_null"
    )

    # What became of it
    state = fields.Selection(
        selection=[
            ("held", "Held for approval"),
            ("queued", "Waiting"),
            ("sending", "Being sent"),
            ("sent", "Accepted by the mail server"),
            ("deferred", "Will be tried again"),
            ("refused", "Refused"),
            ("unknown", "Not known whether it arrived"),
            ("no_address", "No address"),
            ("blocked", "No PDF or e-invoice"),
            ("cancelled", "Cancelled"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    state_date = fields.Datetime(string="Since", readonly=True)
    reason = fields.Text(readonly=True)
    attempts = fields.Integer(readonly=True, default=0)
    next_attempt = fields.Datetime(readonly=True)
    sent_date = fields.Datetime(string="Accepted On", readonly=True)
    address_replies = fields.Json(string="Answers by Address", readonly=True)
    author_id = fields.Many2one(
        "res.users", string="Caused By", readonly=True, ondelete="set null"
    )
    attempt_of_id = fields.Many2one(
        "document.delivery",
        string="Sent Again After",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    later_ids = fields.One2many(
        "document.delivery", inverse_name="attempt_of_id", string="Sent Again By"
    )

    # Acknowledgement of receipt
    ask_acknowledgement = fields.Boolean(string="Asked to Confirm", readonly=True)
    access_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    acknowledged_date = fields.Datetime(string="Receipt Confirmed On", readonly=True)
    acknowledged_by = fields.Char(string="Receipt Confirmed By", readonly=True)

    unacknowledged_days = fields.Integer(
        string="Days Without Confirmation",
        compute="_compute_unacknowledged_days",
        search="_search_unacknowledged_days",
        help="Full days since the mail was accepted, while nobody confirms receipt.",
    )

    _document_idx = models.Index("(res_model, res_id)")
    _due_idx = models.Index(
        "(next_attempt) WHERE state IN ('queued', 'deferred') AND mail_mail_id IS NULL"
    )
    _token_idx = models.UniqueIndex("(access_token) WHERE access_token IS NOT NULL")
    _once = models.UniqueIndex(
        "(res_model, res_id, purpose, address_key, COALESCE(attempt_of_id, 0))",
        "This document is already being sent to these addresses.",
    )

    # === COMPUTE METHODS === #

    @api.depends("sent_date", "acknowledged_date", "ask_acknowledgement")
    def _compute_unacknowledged_days(self):
        now = fields.Datetime.now()
        for row in self:
            is_open = row.ask_acknowledgement and not row.acknowledged_date
            passed = is_open and row.sent_date and now - row.sent_date
            row.unacknowledged_days = passed.days if passed else 0

    def _search_unacknowledged_days(self, operator, value):
        """At least so many days; the only question that people ask here."""
        if operator not in (">", ">="):
            return NotImplemented
        days = value + 1 if operator == ">" else value
        return [
            ("ask_acknowledgement", "=", True),
            ("acknowledged_date", "=", False),
            ("sent_date", "<=", fields.Datetime.now() - timedelta(days=days)),
        ]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            vals.setdefault("state_date", now)
            if vals.get("ask_acknowledgement"):
                vals["access_token"] = secrets.token_hex(24)
        return super().create(vals_list)

    @api.model
    def _get_engine_message(self):
        return self.env._(
            "Deliveries are written by the sending itself. "
            "Use the buttons on the delivery or “Send Again”."
        )

    def _update_state(self, allowed, target, **values):
        """The one door of the state.

        :return: the rows that changed; others are left as they are and logged
        """
        changed = self.filtered(lambda row: row.state in allowed)
        if len(changed) < len(self):
            _logger.info("%s may not become %s, left alone", self - changed, target)
        if changed:
            changed.write(
                {"state": target, "state_date": fields.Datetime.now(), **values}
            )
            for res_model, rows in changed.grouped("res_model").items():
                sender = self.env["document.sender"]._get_sender(res_model)
                sender._note_state(rows, target)
        return changed

    @api.model
    def _get_state_ranks(self):
        """States from the best to the worst news."""
        return STATE_RANKS

    @api.model
    def _search_documents(self, res_model, states=None):
        """Ids of the documents with a mail to the customer, in one of the states.

        Only the last mail counts: a refused one that was sent again is settled.
        """
        rows = self._read_group(
            [("res_model", "=", res_model), ("purpose", "=", "document")],
            ["res_id"],
            ["id:max"],
        )
        if states is None:
            return [res_id for res_id, _last in rows]
        last = self.search(
            [("id", "in", [last for _id, last in rows]), ("state", "in", states)]
        )
        return last.mapped("res_id")

    def _get_document(self):
        """The document, or an empty recordset where it is gone."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    # === SENDING === #

    def _wake_sender(self):
        """Have the rows sent as soon as this transaction is committed, or in time."""
        due = self.filtered(lambda row: row.state == "queued")
        now = fields.Datetime.now()
        if due:
            self._wake_sender_at(sorted({row.next_attempt or now for row in due}))

    @api.model
    def _wake_sender_at(self, at):
        cron = self.env.ref("recurring_billing.ir_cron_send", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at=at)

    @api.model
    def _get_due_domain(self):
        """Rows whose mail is to be made now."""
        return (
            Domain("state", "in", ("queued", "deferred"))
            & Domain("mail_mail_id", "=", False)
            & (
                Domain("next_attempt", "=", False)
                | Domain("next_attempt", "<=", fields.Datetime.now())
            )
        )

    @api.model
    def _cron_send(self):
        """Scheduled action: queue the mails that are due, then report the runs."""
        if self.env["recurring.copy.guard"]._is_held():
            return
        domain = self._get_due_domain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        self._recover_interrupted()
        ids = self.search(domain, order="id").ids
        batches = (
            partial(self._send_batch, part) for part in split_every(BATCH_SIZE, ids)
        )
        done = self.env["recurring.engine"]._dispatch_batches(batches)
        if ids and not done:
            # Another runner holds them all: look again in a minute, quietly.
            self._wake_sender_at(fields.Datetime.now() + timedelta(minutes=1))
            cron._commit_progress(remaining=0)
        self.env["recurring.run"]._send_due_reports()

    @api.model
    def _send_batch(self, ids):
        """Queue the mails of these rows; the caller commits.

        :return: the number of rows that are done with, one way or the other
        """
        try:
            return self.browse(ids)._run_batch()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not self.env.context.get("cron_id"):
                raise  # whoever called begins again
            # Somebody else changed the same rows: the next pass takes them again.
            self.env.cr.rollback()
            return 0

    def _run_batch(self):
        mine = self.try_lock_for_update(allow_referencing=True)
        mine = mine.filtered_domain(self._get_due_domain())
        self.env["document.sender"]._queue_all(mine)
        return len(mine)

    @api.model
    def _recover_interrupted(self):
        """Rows that a dead process left behind while it talked to the mail server.

        A living one holds a lock on its row; so whatever can be locked is dead.
        """
        rows = self.search([("state", "=", "sending")])
        try:
            rows.try_lock_for_update(allow_referencing=True)._record_interrupted()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # One of them was just finished by its living sender: next time.
            self.env.cr.rollback()

import logging
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import email_normalize, formataddr, split_every
from odoo.tools.mail import email_normalize_all, email_split_and_format_normalize

from ..local_hour import next_local_hour

_logger = logging.getLogger(__name__)

#: Documents that are rendered and queued together, between two commits.
BATCH_SIZE = 20
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
FINAL_STATES = ("sent", "refused", "unknown", "no_address", "blocked", "cancelled")
#: Nobody has got these yet; a person may call them back.
WAITING_STATES = ("held", "queued", "deferred")


class DocumentDelivery(models.Model):
    """One mail about one document, and what became of it.

    A row is written in the transaction that makes the document; the mail is rendered
    and queued later by :meth:`_cron_send`; ``mail.mail`` reports the outcome. "Sent"
    means that a mail server took the mail. Nobody can know more than that.
    """

    _name = "document.delivery"
    _description = "Delivery of a Document"
    _order = "id desc"
    _rec_name = "document_name"

    res_model = fields.Char(string="Kind of Document", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(string="Document Name", readonly=True)
    purpose = fields.Selection(
        selection=[
            ("document", "Document"),
            ("acknowledgement", "Request to Confirm Receipt"),
        ],
        default="document",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    task_id = fields.Many2one(
        "recurring.task", readonly=True, ondelete="set null", index="btree_not_null"
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
        "res.partner", string="Addressee", readonly=True, ondelete="set null", index=True
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

    # Acknowledgement of receipt
    ask_acknowledgement = fields.Boolean(string="Asked to Confirm", readonly=True)
    access_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    acknowledged_date = fields.Datetime(string="Receipt Confirmed On", readonly=True)
    acknowledged_by = fields.Char(string="Receipt Confirmed By", readonly=True)

    _document_idx = models.Index("(res_model, res_id)")
    _due_idx = models.Index(
        "(next_attempt) WHERE state IN ('queued', 'deferred') AND mail_mail_id IS NULL"
    )
    _token_idx = models.UniqueIndex("(access_token) WHERE access_token IS NOT NULL")
    _once = models.UniqueIndex(
        "(res_model, res_id, purpose, address_key, COALESCE(attempt_of_id, 0))",
        "This document is already being sent to these addresses.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        now = fields.Datetime.now()
        for vals in vals_list:
            vals.setdefault("state_date", now)
            if vals.get("ask_acknowledgement"):
                vals["access_token"] = secrets.token_urlsafe(32)
        return super().create(vals_list)

    def write(self, vals):
        self._check_engine()
        return super().write(vals)

    def _check_engine(self):
        """Rows are facts: people change them through buttons only."""
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Deliveries are written by the sending itself. "
                    "Use the buttons on the delivery or “Send Again”."
                )
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
        return changed

    @api.model
    def _get_final_states(self):
        """Nothing will happen to these by itself."""
        return FINAL_STATES

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

    # === CREATING === #

    @api.model
    def _create_for_occurrences(self, occurrences):
        """Rows for freshly issued documents: one for the customer and all in copy, one
        for each person who is asked to confirm receipt.

        Called in the transaction that makes the documents; sends nothing.

        :param occurrences: ``recurring.occurrence`` with a document
        """
        occurrences = occurrences.sudo().filtered(
            lambda o: o.res_id and o.task_id.completion == "send"
        )
        names = self._get_document_names(occurrences)
        vals_list = []
        for occurrence in occurrences:
            base = self._prepare_base(occurrence)
            base["document_name"] = names[occurrence.res_model, occurrence.res_id]
            vals_list += self._prepare_rows(occurrence.recipient_id, base)
        rows = self.sudo().create(vals_list)
        rows._wake_sender()
        return rows

    @api.model
    def _get_document_names(self, occurrences):
        names = {}
        for res_model, rows in occurrences.grouped("res_model").items():
            for document in self.env[res_model].sudo().browse(rows.mapped("res_id")):
                names[res_model, document.id] = document.display_name
        return names

    @api.model
    def _prepare_base(self, occurrence):
        """Values that all rows of one document share."""
        task = occurrence.task_id
        values = {
            "res_model": occurrence.res_model,
            "res_id": occurrence.res_id,
            "company_id": occurrence.company_id.id,
            "task_id": task.id,
            "occurrence_id": occurrence.id,
            "author_id": task.user_id.id,
            "mail_text": occurrence.recipient_id._get_greeting(),
            "state": "held" if task.send_when == "held" else "queued",
        }
        if task.send_when == "at_hour":
            values["next_attempt"] = next_local_hour(
                fields.Datetime.now(), task.send_hour, task.tz
            )
        return values

    @api.model
    def _prepare_rows(self, recipient, base):
        """Values of the rows of one document."""
        address = recipient.partner_invoice_id
        if not email_normalize_all(address.email or ""):
            address = recipient.partner_id  # as recipient.email does
        asked = recipient._get_ack_partners()
        main = {
            **base,
            "partner_id": address.id,
            "ask_acknowledgement": (
                recipient.task_id.ask_acknowledgement or address in asked
            ),
        }
        self._set_addresses(main, address, recipient._get_copy_partners())
        rows = [main]
        for person in asked - address:
            row = {
                **base,
                "purpose": "acknowledgement",
                "partner_id": person.id,
                "ask_acknowledgement": True,
            }
            self._set_addresses(row, person)
            rows.append(row)
        return rows

    @api.model
    def _set_addresses(self, values, to, cc=None, extra_to="", extra_cc=""):
        """Fill in To, Cc, the key of the set of addresses, and what is missing.

        :param dict values: of a row; changed
        """
        cc = (cc or self.env["res.partner"]) - to
        seen = set()
        email_to = self._join_addresses(to, extra_to, seen)
        email_cc = self._join_addresses(cc, extra_cc, seen)
        people = to | cc
        values.update(
            partner_ids=[fields.Command.set(people.ids)],
            partner_cc_ids=[fields.Command.set(cc.ids)],
            extra_to=extra_to or False,
            extra_cc=extra_cc or False,
            email_to=email_to,
            email_cc=email_cc,
            address_key=",".join(sorted(seen)) or f"none-{people.ids}",
            reason=self._get_missing_text(people) if email_to else False,
        )
        if not email_to:
            values["state"] = "no_address"
            values["reason"] = self._get_no_address_text(to)

    @api.model
    def _join_addresses(self, partners, extra, seen):
        """Addresses as a mail header; each address once in the whole mail."""
        found = []
        for partner in partners:
            for email in email_normalize_all(partner.email or ""):
                found.append((email, formataddr((partner.name or "", email))))
        for address in email_split_and_format_normalize(extra or ""):
            found.append((email_normalize(address), address))
        fresh = []
        for key, address in found:
            if key and key not in seen:
                seen.add(key)
                fresh.append(address)
        return ", ".join(fresh)

    @api.model
    def _get_no_address_text(self, to):
        return self.env._(
            "%(customer)s has no valid e-mail address. Add one, then press “Try Again”.",
            customer=", ".join(to.mapped("display_name")) or self.env._("Nobody"),
        )

    @api.model
    def _get_missing_text(self, people):
        missing = people.filtered(lambda p: not email_normalize_all(p.email or ""))
        if not missing:
            return False
        return self.env._(
            "Left out, no valid e-mail address: %s",
            ", ".join(missing.mapped("display_name")),
        )

    def _wake_sender(self):
        """Have the rows sent as soon as this transaction is committed, or in time."""
        due = self.filtered(lambda row: row.state == "queued")
        cron = self.env.ref("recurring_billing.ir_cron_send", raise_if_not_found=False)
        if not due or not cron:
            return
        now = fields.Datetime.now()
        cron.sudo()._trigger(at=sorted({row.next_attempt or now for row in due}))

    # === SENDING === #

    @api.model
    def _get_due_domain(self):
        """Rows whose mail is to be made now."""
        return Domain("state", "in", ("queued", "deferred")) & Domain(
            "mail_mail_id", "=", False
        ) & (
            Domain("next_attempt", "=", False)
            | Domain("next_attempt", "<=", fields.Datetime.now())
        )

    @api.model
    def _cron_send(self):
        """Scheduled action: queue the mails that are due, then report the runs."""
        self._recover_interrupted()
        domain = self._get_due_domain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for ids in split_every(BATCH_SIZE, self.search(domain, order="id").ids):
            if not cron._commit_progress(self.browse(ids)._run_batch()):
                break
        self.env["recurring.run"]._send_due_reports()

    def _run_batch(self):
        """Queue the mails of some rows; the caller commits.

        :return: the number of rows that are done with, one way or the other
        """
        try:
            mine = self.try_lock_for_update(allow_referencing=True)
            mine = mine.filtered_domain(self._get_due_domain())
            self.env["document.sender"]._queue_all(mine)
            return len(mine)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody else changed the same rows: the next pass takes them again.
            self.env.cr.rollback()
            return 0

    @api.model
    def _recover_interrupted(self):
        """Rows that a dead process left behind while it talked to the mail server.

        A living one holds a lock on its row; so whatever can be locked is dead.
        """
        rows = self.search([("state", "=", "sending")])
        rows.try_lock_for_update(allow_referencing=True)._record_interrupted()

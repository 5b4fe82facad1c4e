import logging

from odoo import Command, api, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.mail import email_normalize_all

from ..envelope import ENVELOPE
from ..failpoint import failpoint

_logger = logging.getLogger(__name__)

LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class DocumentSender(models.AbstractModel):
    """How a document is mailed: template, format, one mail with real To and Cc.

    Works for every document with a chatter. A kind that has its own way of sending
    inherits this model and is named in :meth:`_get_sender_name`.
    """

    _name = "document.sender"
    _inherit = "document.sender.envelope"
    _description = "Way of sending a document"

    @api.model
    def _get_sender(self, res_model):
        return self.env[self._get_sender_name(res_model)]

    @api.model
    def _get_sender_name(self, res_model):
        return self._get_sender_names().get(res_model, "document.sender")

    @api.model
    def _get_sender_names(self):
        """Models of documents that have their own way of being sent."""
        return {
            "account.move": "document.sender.invoice",
            "sale.order": "document.sender.sale",
            "payment.reminder.letter": "document.sender.reminder",
        }

    # === TO OVERRIDE === #

    @api.model
    def _is_alive(self, document):
        """Whether the document still stands; a cancelled one is not sent."""
        return "state" not in document._fields or document.state != "cancel"

    @api.model
    def _is_ready(self, document):
        """Whether the document may leave the house."""
        return True

    @api.model
    def _get_objection(self, delivery):
        """What speaks against a mail right before it is handed to the mail server.

        :return: None, or what to do (``cancel`` it for good, or ``renew``: make the
            mail anew with what is true now) and the reason
        :rtype: tuple[str, str] | None
        """
        return None

    @api.model
    def _note_state(self, deliveries, state):
        """Told whenever deliveries of these documents get another state."""

    @api.model
    def _get_default_template(self, document):
        """Template where neither the task nor its kind names one."""
        if hasattr(document, "_find_mail_template"):
            return document._find_mail_template()
        return self.env["mail.template"]

    @api.model
    def _post(self, documents, envelopes):
        """Make one mail for each document.

        :param dict envelopes: by id of the document; get a message or an error
        """
        self._print_all(documents, envelopes)
        by_template = {}
        for document in documents:
            template = envelopes[document.id].template
            by_template.setdefault(template, documents.browse())
            by_template[template] += document
        for template, members in by_template.items():
            rendered = self._render_template(template, members, envelopes)
            for document in members:
                self._post_one(document, envelopes[document.id], rendered[document.id])

    # === QUEUE === #

    @api.model
    def _queue_all(self, deliveries):
        """Make the mails of some deliveries, of any kind and company."""
        by_kind = deliveries._cancel_dead().grouped(
            lambda row: (row.company_id, row.res_model)
        )
        for (company, res_model), rows in by_kind.items():
            # A scheduled action knows no company and no language.
            rows = rows.with_context(
                allowed_company_ids=company.ids,
                lang=company.partner_id.lang or self.env.lang,
                mail_notify_force_send=False,
            ).with_company(company)
            sender = rows.env["document.sender"]._get_sender(res_model)
            for turn in self._split_turns(rows):
                sender._queue_or_halve(turn)
        if by_kind:
            deliveries._wake_mail_queue()

    @api.model
    def _split_turns(self, deliveries):
        """Each document at most once in a turn: first the main mails, then others."""
        turns = []
        seen = {}
        for row in deliveries.sorted(lambda r: (r.purpose != "document", r.id)):
            number = seen[row.res_id] = seen.get(row.res_id, -1) + 1
            if number == len(turns):
                turns.append(deliveries.browse())
            turns[number] += row
        return turns

    @api.model
    def _queue_or_halve(self, deliveries):
        """Queue a batch; where it fails, find the guilty document, send the others."""
        try:
            with self.env.cr.savepoint():
                self._queue(deliveries)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # a savepoint cannot cure a stale snapshot
        except Exception as error:
            if len(deliveries) == 1:
                self._record_failure(deliveries, error)
                return
            half = len(deliveries) // 2
            self._queue_or_halve(deliveries[:half])
            self._queue_or_halve(deliveries[half:])

    @api.model
    def _queue(self, deliveries):
        documents = self.env[deliveries[0].res_model].browse(
            deliveries.mapped("res_id")
        )
        envelopes = {
            document.id: self._prepare_envelope(row, document)
            for row, document in zip(deliveries, documents, strict=True)
        }
        self._post(documents, envelopes)
        self._adopt_mails(envelopes)
        failpoint("delivery:mail_queued")

    @api.model
    def _record_failure(self, delivery, error):
        if isinstance(error, UserError | ValidationError):
            reason = str(error)
        else:
            _logger.exception("%s could not be sent", delivery)
            reason = self.env._(
                "Something unexpected went wrong: %(error)s. "
                "Press “Try Again”, or ask your administrator.",
                error=error,
            )
        self._block(delivery, reason)

    @api.model
    def _block(self, delivery, reason):
        delivery._update_state(("queued", "deferred"), "blocked", reason=reason)

    @api.model
    def _adopt_mails(self, envelopes):
        """Give the mails their addresses and tie them to their deliveries."""
        messages = self.env["mail.message"].union(
            *(env.message for env in envelopes.values() if env.message)
        )
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search([("mail_message_id", "in", messages.ids)])
        )
        by_message = {mail.mail_message_id: mail for mail in mails}
        sent = self.env["recurring.occurrence"]
        notifications = []
        for envelope in envelopes.values():
            row, mail = envelope.delivery, by_message.get(envelope.message)
            if not mail:
                error = envelope.error or self.env._("No e-mail could be made.")
                self._block(row, error)
                continue
            mail.write(self._prepare_mail(envelope))
            row.write(
                {
                    "mail_mail_id": mail.id,
                    "mail_message_id": envelope.message.id,
                    "subject": mail.subject,
                }
            )
            notifications += self._prepare_notifications(envelope, mail)
            if row.purpose == "document":
                sent += row.occurrence_id
        self.env["mail.notification"].sudo().create(notifications)
        sent.sudo().filtered(lambda o: o.state == "generated").write({"state": "sent"})

    @api.model
    def _prepare_mail(self, envelope):
        """One mail for everybody: real To, real Cc, kept after it was sent."""
        values = {
            "email_to": envelope.delivery.email_to,
            "email_cc": envelope.delivery.email_cc,
            "recipient_ids": [Command.clear()],
            "auto_delete": False,
        }
        if envelope.reply_to:
            values["reply_to"] = envelope.reply_to
        return values

    @api.model
    def _prepare_notifications(self, envelope, mail):
        """A line in the chatter's envelope for each addressee; Odoo made the first."""
        row = envelope.delivery
        base = {
            "author_id": mail.author_id.id,
            "is_read": True,
            "mail_mail_id": mail.id,
            "mail_message_id": mail.mail_message_id.id,
            "notification_type": "email",
            "notification_status": "ready",
        }
        others = row.partner_ids.filtered(
            lambda p: (
                p.id != envelope.anchor["id"] and email_normalize_all(p.email or "")
            )
        )
        known = {
            *others.mapped("email_normalized"),
            envelope.anchor["email_normalized"],
        }
        extra = email_normalize_all(f"{row.extra_to or ''}, {row.extra_cc or ''}")
        return [{**base, "res_partner_id": person.id} for person in others] + [
            {**base, "mail_email_address": email}
            for email in extra
            if email not in known
        ]

    # === POSTING === #

    @api.model
    def _render_template(self, template, documents, envelopes):
        """Rendered fields by id, each in its customer's language."""
        rendered = {}
        for lang, members in documents.grouped(lambda d: envelopes[d.id].lang).items():
            localised = template.with_context(lang=lang)
            for name in ("subject", "email_from", "reply_to"):
                for res_id, value in localised._render_field(name, members.ids).items():
                    rendered.setdefault(res_id, {})[name] = value
            bodies = localised._render_field(
                "body_html", members.ids, options={"post_process": True}
            )
            for res_id, body in bodies.items():
                rendered[res_id]["body"] = body
        return rendered

    @api.model
    def _post_one(self, document, envelope, rendered):
        document.with_context(
            **self._get_post_context(document, envelope)
        ).message_post(
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            body=envelope.compose(rendered["body"]),
            subject=envelope.subject or rendered["subject"],
            partner_ids=envelope.partner_ids,
            email_from=envelope.email_from or rendered["email_from"] or None,
            attachments=self._prepare_attachments(envelope),
            email_layout_xmlid=LAYOUT,
            email_add_signature=False,
            mail_auto_delete=False,
            mail_server_id=envelope.template.mail_server_id.id,
            reply_to_force_new=False,
            notify_author_mention=True,
        )
        envelope.reply_to = envelope.reply_to or rendered["reply_to"] or ""

    @api.model
    def _get_post_context(self, document, envelope):
        """What core shall know while it makes the mail of this document."""
        return {
            ENVELOPE: envelope,
            "lang": envelope.lang,
            "mark_so_as_sent": True,
            "email_notification_allow_footer": True,
        }

    @api.model
    def _print_all(self, documents, envelopes):
        """Put the printed documents into their envelopes, many in one call."""
        groups = {}
        for document in documents:
            envelope = envelopes[document.id]
            if not envelope.attach_pdf:
                continue
            for report, record in self._get_prints(document, envelope):
                members = groups.setdefault((report, envelope.lang, record._name), {})
                members[record.id] = envelope
        for (report, lang, model), members in groups.items():
            records = self.env[model].browse(members).with_context(lang=lang)
            printer = self.env["document.printer"].with_context(lang=lang)
            for res_id, file in printer._print(report, records).items():
                members[res_id].printed.append(file)

    @api.model
    def _get_prints(self, document, envelope):
        """What is printed for a document: pairs of a format and a record."""
        reports = envelope.report or self._get_default_report(envelope)
        return [(report, document) for report in reports]

    @api.model
    def _prepare_attachments(self, envelope):
        template = envelope.template
        files = [(file.name, file.raw) for file in template.attachment_ids]
        return envelope.printed + envelope.files + files

    @api.model
    def _get_default_report(self, envelope):
        task = envelope.delivery.task_id
        report = task._get_handler()._get_default_report() if task else None
        return report or envelope.template.report_template_ids

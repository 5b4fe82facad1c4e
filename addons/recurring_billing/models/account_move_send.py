from odoo import api, models

from ..envelope import ENVELOPE, ENVELOPES

#: Contacts ticked in Odoo's dialogue for many invoices: key in the context (ids by id
#: of the invoice) and, while an invoice waits for Odoo's queue, in its sending data.
CONTACTS = "document_contact_ids"


class AccountMoveSend(models.AbstractModel):
    """Lets each invoice of one call have its own addresses, text and options.

    Odoo's own settings hold for all invoices of a call. Without our envelopes in the
    context nothing here changes anything.
    """

    _inherit = "account.move.send"

    @api.model
    def _get_envelope(self, move):
        return self.env.context.get(ENVELOPES, {}).get(move.id)

    @api.model
    def _send_printed_invoices(self, moves):
        """Mail invoices whose PDF exists: no new e-invoice, no second web service."""
        self._check_sending_data(moves)
        moves_data = {
            move.sudo(): self._get_default_sending_settings(
                move, sending_methods={"email"}
            )
            for move in moves
        }
        self._send_mails(moves_data)

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        settings = super()._get_default_sending_settings(
            move, from_cron=from_cron, **custom_settings
        )
        if "mail_partner_ids" in settings:
            contacts = self._get_ticked_contacts(move, from_cron)
            known = settings["mail_partner_ids"]
            settings["mail_partner_ids"] = [
                *known,
                *(id_ for id_ in contacts.ids if id_ not in known),
            ]
        return settings

    @api.model
    def _get_ticked_contacts(self, move, from_cron):
        """Contacts whom somebody ticked for this invoice among many others.

        What was noted on the invoice is asked again: only offered contacts count.
        """
        noted = move.sending_data or {} if from_cron else {}
        ids = noted.get(CONTACTS) or self.env.context.get(CONTACTS, {}).get(move.id)
        if not ids:
            return self.env["res.partner"]
        return move._get_offered_contacts()[move].filtered(lambda p: p.id in ids)

    @api.model
    def _get_default_pdf_report_id(self, move):
        envelope = self._get_envelope(move)
        if envelope and envelope.report:
            return envelope.report
        return super()._get_default_pdf_report_id(move)

    @api.model
    def _get_default_mail_template_id(self, move):
        envelope = self._get_envelope(move)
        return (
            envelope.template
            if envelope
            else super()._get_default_mail_template_id(move)
        )

    @api.model
    def _get_default_mail_lang(self, move, mail_template):
        envelope = self._get_envelope(move)
        return (
            envelope.lang
            if envelope
            else super()._get_default_mail_lang(move, mail_template)
        )

    @api.model
    def _get_default_mail_subject(self, move, mail_template, mail_lang):
        envelope = self._get_envelope(move)
        if envelope and envelope.subject:
            return envelope.subject
        return super()._get_default_mail_subject(move, mail_template, mail_lang)

    @api.model
    def _get_default_mail_body(self, move, mail_template, mail_lang):
        body = super()._get_default_mail_body(move, mail_template, mail_lang)
        envelope = self._get_envelope(move)
        return envelope.compose(body) if envelope else body

    @api.model
    def _get_default_mail_partner_ids(self, move, mail_template, mail_lang):
        envelope = self._get_envelope(move)
        if not envelope:
            return super()._get_default_mail_partner_ids(move, mail_template, mail_lang)
        # Only asks "is there anybody?"; the envelope's addresses are used.
        return self.env["res.partner"].browse(envelope.partner_ids) or move.partner_id

    @api.model
    def _get_mail_params(self, move, move_data):
        params = super()._get_mail_params(move, move_data)
        envelope = self._get_envelope(move)
        if not envelope or not params:
            return params
        pdf = move.invoice_pdf_report_id
        e_invoices = self._get_invoice_extra_attachments(move) - pdf
        left_out = set()
        if not envelope.attach_pdf:
            left_out |= set(pdf.mapped("name"))
        if not envelope.attach_xml:
            left_out |= set(e_invoices.mapped("name"))
        params["attachments"] = [
            file for file in params["attachments"] if file[0] not in left_out
        ] + envelope.files
        return params

    @api.model
    def _send_mail(self, move, mail_template, **kwargs):
        envelope = self._get_envelope(move)
        if envelope:
            move = move.with_context(
                **{ENVELOPE: envelope}, mail_notify_force_send=False
            )
            kwargs["partner_ids"] = envelope.partner_ids
            if envelope.email_from:
                kwargs["author_id"], kwargs["email_from"] = (
                    move._message_compute_author(email_from=envelope.email_from)
                )
            self._set_reply_to(move, mail_template, envelope)
        return super()._send_mail(move, mail_template, **kwargs)

    @api.model
    def _set_reply_to(self, move, mail_template, envelope):
        """Odoo leaves the template's "reply to" out for invoices."""
        envelope.reply_to = envelope.reply_to or (
            self._get_mail_default_field_value_from_template(
                mail_template, envelope.lang, move, "reply_to"
            )
            or ""
        )

    @api.model
    def _hook_if_errors(self, moves_data, allow_raising=True):
        """Odoo only writes a note on the invoice; the delivery has to know, too."""
        for move, move_data in moves_data.items():
            if envelope := self._get_envelope(move):
                envelope.error = self._format_error_text(move_data["error"])
        return super()._hook_if_errors(moves_data, allow_raising=allow_raising)

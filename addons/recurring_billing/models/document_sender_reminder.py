from odoo import api, models

#: What the ledger says when the delivery of a letter gets a state; others say nothing.
LEDGER_STATES = {
    "queued": "queued",
    "deferred": "queued",
    "sent": "sent",
    "refused": "failed",
    "no_address": "failed",
    "blocked": "failed",
    "unknown": "unknown",
    "cancelled": "void",
}


class DocumentSenderReminder(models.AbstractModel):
    """Reminders are looked at again when their mail is made, and when it leaves."""

    _name = "document.sender.reminder"
    _inherit = "document.sender"
    _description = "Way of sending a payment reminder"

    @api.model
    def _is_alive(self, document):
        return document._is_alive()

    @api.model
    def _get_default_template(self, document):
        return document.level_id.mail_template_id

    @api.model
    def _queue(self, deliveries):
        """The mails of what is still owed, with the figures of this moment."""
        Letter = self.env["payment.reminder.letter"]
        letters = Letter.browse(deliveries.mapped("res_id"))
        letters._refresh()
        wanted = letters.filtered("content")
        rows = deliveries.filtered(lambda row: row.res_id in wanted.ids)
        (deliveries - rows)._cancel_waiting(self._get_settled_text())
        return super()._queue(rows) if rows else None

    @api.model
    def _get_objection(self, delivery):
        letter = delivery._get_document().with_context(
            lang=delivery.company_id.partner_id.lang
        )
        changed = letter._refresh()
        if not letter.content:
            return "cancel", self._get_settled_text()
        if changed:
            return "renew", self.env._("What the customer owes has changed meanwhile.")
        return None

    @api.model
    def _get_settled_text(self):
        return self.env._("Nothing of it is to be reminded of any more.")

    @api.model
    def _note_state(self, deliveries, state):
        """Tell the ledger, and the responsible where nothing arrives."""
        target = LEDGER_STATES.get(state)
        if not target:
            return
        for row in deliveries:
            letter = row._get_document()
            reminders = letter.reminder_ids
            if row.attempt_of_id:  # whoever has got it once was reminded
                reminders = reminders.filtered(lambda r: r.state != "sent")
            reminders._update_state(target, row.reason)
            if letter and target in ("failed", "unknown"):
                self.env["payment.reminder.call"]._tell_undelivered(letter, row)

    @api.model
    def _get_default_report(self, envelope):
        return envelope.template.report_template_ids

    @api.model
    def _get_prints(self, document, envelope):
        """The letter, and the invoices that have no PDF yet."""
        prints = super()._get_prints(document, envelope)
        if document.level_id.attach_invoices:
            sender = self.env["account.move.send"]
            prints += [
                (sender._get_default_pdf_report_id(move), move)
                for move in document._get_moves()
                if not move.invoice_pdf_report_id
            ]
        return prints

    @api.model
    def _prepare_attachments(self, envelope):
        files = super()._prepare_attachments(envelope)
        letter = envelope.delivery._get_document()
        if not letter.level_id.attach_invoices:
            return files
        stored = letter._get_moves().invoice_pdf_report_id
        return files + [(file.name, file.raw) for file in stored.sudo()]

from odoo import models

from ..envelope import ENVELOPE


class MailThread(models.AbstractModel):
    """One mail with real To and Cc, for any document, under our envelope only."""

    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Only whom the envelope names: no followers, no inbox.

        One stands for all, so that Odoo makes one mail; the sender then writes the
        addresses of all into it.
        """
        envelope = self.env.context.get(ENVELOPE)
        if envelope is None:
            return super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        envelope.message = message
        return [envelope.anchor]

    def _notify_get_recipients_classify(
        self, message, recipients_data, model_description, msg_vals=False
    ):
        groups = super()._notify_get_recipients_classify(
            message, recipients_data, model_description, msg_vals=msg_vals
        )
        envelope = self.env.context.get(ENVELOPE)
        if (
            envelope
            and len(envelope.partner_ids) > 1
            and "access_token" in self._fields
        ):
            self._set_shared_link(groups)
        return groups

    def _set_shared_link(self, groups):
        """Show the document to everybody in the mail, but let nobody sign as another.

        Odoo's link for a customer also lets him write and open an account in his name:
        not in a mail that others get, too.
        """
        url = self._notify_get_action_link(
            "view",
            model=self._name,
            res_id=self.id,
            access_token=self.sudo()._portal_ensure_token(),
        )
        for group in groups:
            if group["has_button_access"]:
                group["button_access"] = {**group["button_access"], "url": url}

    def _notify_by_email_get_headers(self, headers=None):
        headers = super()._notify_by_email_get_headers(headers=headers)
        if self.env.context.get(ENVELOPE) and headers:
            # It would print addresses a second time, in To.
            headers.pop("X-Msg-To-Add", None)
        return headers

    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        if message := message_dict.get("bounced_message"):
            self.env["document.delivery"].sudo()._record_bounce(
                message, message_dict.get("bounced_email"), message_dict.get("body")
            )
        return result

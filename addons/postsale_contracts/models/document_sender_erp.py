from odoo import api, models

#: States of a mail after which nobody tries again by himself.
GIVEN_UP = ("refused", "no_address", "blocked", "unknown", "cancelled")


class DocumentSenderErp(models.AbstractModel):
    """The mail is the transmission: what becomes of it is written there, too."""

    _name = "document.sender.erp"
    _inherit = "document.sender"
    _description = "Way of e-mailing an order to the ERP"

    @api.model
    def _is_alive(self, document):
        return document.state == "sending"

    @api.model
    def _get_default_template(self, document):
        return self.env.ref("postsale_contracts.mail_template_erp")

    @api.model
    def _note_state(self, deliveries, state):
        """Only the last mail of a transmission counts."""
        for delivery in deliveries:
            row = delivery._get_document()
            if row.delivery_id != delivery:
                continue
            if state == "sent":
                row._set_sent()
            elif state in GIVEN_UP:
                row.may_have_arrived |= state == "unknown"
                row._set_failed(
                    delivery.reason or self.env._("The e-mail was not sent.")
                )

from odoo import api, models

from .postsale_renewal_notice import UNDELIVERED


class DocumentSenderRenewal(models.AbstractModel):
    """Notices of renewals are looked at again when they leave."""

    _name = "document.sender.renewal"
    _inherit = "document.sender"
    _description = "Way of sending a notice of a renewal"

    @api.model
    def _is_alive(self, document):
        return document._is_true()

    @api.model
    def _get_objection(self, delivery):
        if delivery._get_document()._is_true():
            return None
        return "cancel", self.env._("The contract does not go on by itself any more.")

    @api.model
    def _get_default_template(self, document):
        return self.env.ref("postsale_contracts.mail_template_renewal_notice")

    @api.model
    def _note_state(self, deliveries, state):
        """Tell the responsible where nothing arrives; what never left may be told
        anew."""
        for row in deliveries:
            notice = row._get_document()
            if state in UNDELIVERED:
                notice._note_delivery(row)
            elif state == "cancelled" and notice and not notice.accepted_date:
                notice.sudo().is_void = not notice._is_true()

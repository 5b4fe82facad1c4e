from odoo import api, models
from odoo.tools import email_normalize


class DocumentSendAgain(models.TransientModel):
    _inherit = "document.send.again"

    @api.model
    def _get_customer(self, document):
        """A delivery address often has no e-mail address of its own."""
        partner = super()._get_customer(document)
        if document._name == "stock.picking" and not email_normalize(
            partner.email or ""
        ):
            return document.sale_id.partner_id or partner.commercial_partner_id
        return partner

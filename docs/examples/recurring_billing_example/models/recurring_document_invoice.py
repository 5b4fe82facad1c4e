from odoo import api, models


class RecurringDocumentInvoice(models.AbstractModel):
    """The customer's own reference on each invoice, where he wants it."""

    _inherit = "recurring.document.invoice"

    @api.model
    def _prepare_document(self, row, lines):
        values = super()._prepare_document(row, lines)
        partner = row.recipient_id.partner_id
        if partner.is_reference_required:
            values["ref"] = partner.ref
        return values

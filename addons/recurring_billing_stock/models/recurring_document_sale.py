from odoo import api, models


class RecurringDocumentSale(models.AbstractModel):
    _inherit = "recurring.document.sale"

    @api.model
    def _prepare_document(self, row, lines):
        values = super()._prepare_document(row, lines)
        values["warehouse_id"] = row.recipient_id.warehouse_used_id.id
        return values

from odoo import models


class RecurringDocumentQuotation(models.AbstractModel):
    """Quotations."""

    _name = "recurring.document.quotation"
    _inherit = "recurring.document.sale"
    _description = "Recurring quotation"

from odoo import api, models


class RecurringDocumentOrder(models.AbstractModel):
    """Confirmed sales orders."""

    _name = "recurring.document.order"
    _inherit = "recurring.document.sale"
    _description = "Recurring sales order"

    @api.model
    def _confirm_documents(self, documents):
        dates = {document: document.date_order for document in documents}
        documents.action_confirm()
        # confirming writes the moment of the click over the order's date
        for document, date in dates.items():
            document.date_order = date

    @api.model
    def _get_default_mail_template(self):
        return self.env.ref("sale.mail_template_sale_confirmation")

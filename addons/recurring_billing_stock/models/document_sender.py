from odoo import api, models


class DocumentSender(models.AbstractModel):
    _inherit = "document.sender"

    @api.model
    def _get_prints(self, document, envelope):
        """An order that is mailed as a delivery note: each of its delivery notes."""
        task = envelope.delivery.task_id
        if task.document_type != "delivery" or envelope.report:
            return super()._get_prints(document, envelope)
        if document._name != "sale.order":
            return super()._get_prints(document, envelope)
        return document._get_delivery_note_prints()

    @api.model
    def _get_default_template(self, document):
        if document._name == "stock.picking":
            return self.env.ref("recurring_billing_stock.mail_template_transfer")
        return super()._get_default_template(document)

from odoo import api, models


class DocumentSenderSale(models.AbstractModel):
    """Quotations, orders and pro-formas: core must know when it is a pro-forma."""

    _name = "document.sender.sale"
    _inherit = "document.sender"
    _description = "Way of sending a quotation or an order"

    @api.model
    def _get_post_context(self, document, envelope):
        context = super()._get_post_context(document, envelope)
        reports = envelope.report or self._get_default_report(envelope)
        if reports & self._get_proforma_reports():
            context["proforma"] = True
        return context

    @api.model
    def _get_proforma_reports(self):
        """Formats that make a pro-forma of an order."""
        friendly = self.env.ref("recurring_billing.action_report_friendly_proforma")
        return self.env.ref("sale.action_report_pro_forma_invoice") | friendly

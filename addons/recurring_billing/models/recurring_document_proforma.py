from odoo import api, models


class RecurringDocumentProforma(models.AbstractModel):
    """Pro-formas: quotations on the pro-forma form, which accounting ignores."""

    _name = "recurring.document.proforma"
    _inherit = "recurring.document.sale"
    _description = "Recurring pro-forma"

    @api.model
    def _confirm_documents(self, documents):
        """A pro-forma is valid as soon as it has its number."""
        documents._issue_proforma()

    @api.model
    def _get_default_report(self):
        return self.env.ref("sale.action_report_pro_forma_invoice")

    @api.model
    def _get_default_mail_template(self):
        return self.env["sale.order"]._get_proforma_template()

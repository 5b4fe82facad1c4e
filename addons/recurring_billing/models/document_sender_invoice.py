from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..envelope import ENVELOPES


class DocumentSenderInvoice(models.AbstractModel):
    """Invoices go through Odoo's own sending: PDF, e-invoice, customer's format."""

    _name = "document.sender.invoice"
    _inherit = "document.sender"
    _description = "Way of sending an invoice"

    @api.model
    def _is_alive(self, document):
        return document.state != "cancel"

    @api.model
    def _is_ready(self, document):
        return document.state == "posted"

    @api.model
    def _get_default_template(self, document):
        return document._get_mail_template()

    @api.model
    def _post(self, documents, envelopes):
        sender = self.env["account.move.send"].with_context(**{ENVELOPES: envelopes})
        has_pdf = documents.filtered("invoice_pdf_report_id")
        fresh = documents - has_pdf
        size = len(fresh) if _wkhtml().is_patched_qt else 1
        for start in range(0, len(fresh), size or 1):
            # Debian's wkhtmltopdf prints one document at a time only.
            sender._generate_and_send_invoices(
                fresh[start : start + size],
                allow_raising=False,
                sending_methods={"email"},
            )
        if has_pdf:
            sender._send_printed_invoices(has_pdf)

from odoo import api, models
from odoo.tools import split_every

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
        for ids in split_every(
            self.env["document.printer"]._get_batch_size(), fresh.ids
        ):
            sender._generate_and_send_invoices(
                fresh.browse(ids),
                allow_raising=False,
                sending_methods={"email"},
            )
        if has_pdf:
            sender._send_printed_invoices(has_pdf)

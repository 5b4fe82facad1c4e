from odoo import api, models


class RecurringDocumentLetter(models.AbstractModel):
    """A kind of document: the engine finds it by its name."""

    _name = "recurring.document.letter"
    _inherit = "recurring.document"
    _description = "Recurring letter"

    @api.model
    def _get_document_model(self):
        return "example.letter"

    @api.model
    def _has_amount(self):
        return False

    @api.model
    def _prepare_document(self, row, lines):
        return {
            "name": row.task_id.name,
            "partner_id": row.recipient_id.partner_id.id,
            "company_id": row.company_id.id,
            "date": row.document_date,
            "text": "\n\n".join(line["name"] for line in lines),
            "recurring_task_id": row.task_id.id,
            "recurring_occurrence_id": row.id,
        }

    @api.model
    def _prepare_line(self, line, price):
        """Only the text counts, which the engine adds as ``name``."""
        return {}

    @api.model
    def _confirm_documents(self, documents):
        documents.write({"state": "ready"})

    @api.model
    def _prepare_outcome(self, document):
        return {
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.name,
            "amount_untaxed": 0.0,
            "amount_total": 0.0,
            "currency_id": document.company_id.currency_id.id,
        }

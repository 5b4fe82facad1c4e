from odoo import fields, models

from ..rehearsal import get_rehearsal


class InvoiceRehearsalMixin(models.AbstractModel):
    """Where core takes the server's today, a rehearsal puts its own."""

    _name = "invoice.rehearsal.mixin"
    _description = "Invoice in a simulation"

    def _compute_invoice_date_due(self):
        """Without payment terms, core's due date is the day on which it is made."""
        result = super()._compute_invoice_date_due()
        if rehearsal := get_rehearsal(self.env):
            today = fields.Date.context_today(self)
            wrong = self.filtered(lambda move: move.invoice_date_due == today)
            wrong.invoice_date_due = fields.Date.context_today(self, rehearsal.now)
        return result

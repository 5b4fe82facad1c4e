from odoo import models
from odoo.tools import format_amount, format_date


class FriendlyInvoiceMixin(models.AbstractModel):
    """Invoices and credit notes in the friendly layout."""

    _name = "friendly.invoice.mixin"
    _inherit = "friendly.document.mixin"
    _description = "Invoice with a friendly layout"

    def _get_friendly_figures(self):
        """What is to be paid and until when; nothing of it once it is paid."""
        total = format_amount(self.env, self.amount_total, self.currency_id)
        if self.move_type == "out_refund":
            return [(self.env._("In Your Favour"), total)]
        if not self._is_friendly_debt():
            is_paid = self.state == "posted" and self.payment_state == "paid"
            thanks = (self.env._("Paid"), self.env._("Thank you!"))
            return [(self.env._("Total"), total), *([thanks] if is_paid else [])]
        due = format_amount(self.env, self.amount_residual, self.currency_id)
        figures = [(self.env._("To Pay"), due)]
        if self.invoice_date_due:
            day = format_date(self.env, self.invoice_date_due)
            figures.append((self.env._("Until"), day))
        if self.currency_id.compare_amounts(self.amount_residual, self.amount_total):
            figures.append((self.env._("Total"), total))
        return figures

    def _is_friendly_debt(self):
        """Whether the customer owes something on this invoice."""
        return (
            self.state == "posted"
            and self.move_type in ("out_invoice", "out_receipt")
            and not self.currency_id.is_zero(self.amount_residual)
        )

    def _get_friendly_link(self):
        """To the customer's page of the invoice, where it can be paid online."""
        if not (self._is_friendly_debt() and self._can_be_paid_online()):
            return {}
        return {
            "url": self.get_base_url() + self.get_portal_url(),
            "label": self.env._("Pay online"),
            "has_qr_code": self.display_link_qr_code,
        }

    def _can_be_paid_online(self):
        company = self.company_id.sudo()
        return company.has_online_payment and self.sudo()._has_to_be_paid()

    def _get_friendly_texts(self):
        return self.invoice_line_ids.mapped("name")

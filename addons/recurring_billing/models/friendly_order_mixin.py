from odoo import models
from odoo.tools import format_amount, format_date


class FriendlyOrderMixin(models.AbstractModel):
    """Quotations, orders and pro-formas in the friendly layout."""

    _name = "friendly.order.mixin"
    _inherit = "friendly.document.mixin"
    _description = "Order with a friendly layout"

    def _get_friendly_figures(self):
        """What it costs, and the day that matters next."""
        total = format_amount(self.env, self.amount_total, self.currency_id)
        figures = [(self.env._("Total"), total)]
        if self._is_friendly_proforma():
            return self._get_proforma_figures() or figures
        if self.state in ("draft", "sent") and self.validity_date:
            day = format_date(self.env, self.validity_date)
            figures.append((self.env._("Valid Until"), day))
        if self.state == "sale" and self.commitment_date:
            day = format_date(self.env, self.commitment_date)
            figures.append((self.env._("Delivery"), day))
        return figures

    def _is_friendly_proforma(self):
        return self._get_document_kind().code == "proforma"

    def _get_proforma_figures(self):
        """What is still to be paid of what was asked; nothing more once it is paid."""
        asked = self.proforma_amount
        if self.proforma_number:
            asked = self.proforma_missing_amount
        if self.currency_id.is_zero(asked):
            return []
        due = format_amount(self.env, asked, self.currency_id)
        figures = [(self.env._("To Pay"), due)]
        if self.proforma_due_date:
            day = format_date(self.env, self.proforma_due_date)
            figures.append((self.env._("Until"), day))
        return figures

    def _get_friendly_link(self):
        """To where the order is paid or accepted online."""
        if self._is_friendly_proforma():
            url = self._get_online_payment_url()
            return {"url": url, "label": self.env._("Pay online")} if url else {}
        if label := self._get_friendly_link_label():
            url = self.get_base_url() + self.get_portal_url()
            return {"url": url, "label": label}
        return {}

    def _get_friendly_link_label(self):
        if self.company_id.sudo().has_online_payment and self._has_to_be_paid():
            return self.env._("Pay online")
        return self.env._("Accept online") if self._has_to_be_signed() else ""

    def _get_friendly_texts(self):
        return self.order_line.mapped("name")

from odoo import models
from odoo.tools import format_amount, format_date


class FriendlyOrderMixin(models.AbstractModel):
    """Quotations, orders and pro-formas in the friendly layout."""

    _name = "friendly.order.mixin"
    _inherit = "friendly.document.mixin"
    _description = "Order with a friendly layout"

    def _get_friendly_figures(self):
        """What it costs, and the day that matters next."""
        if self._is_friendly_proforma():
            asked = format_amount(self.env, self._get_asked_amount(), self.currency_id)
            return [(self.env._("To Pay"), asked)]
        total = format_amount(self.env, self.amount_total, self.currency_id)
        figures = [(self.env._("Total"), total)]
        if self.state in ("draft", "sent") and self.validity_date:
            day = format_date(self.env, self.validity_date)
            figures.append((self.env._("Valid Until"), day))
        if self.state == "sale" and self.commitment_date:
            day = format_date(self.env, self.commitment_date)
            figures.append((self.env._("Delivery"), day))
        return figures

    def _is_friendly_proforma(self):
        return self._get_document_kind().code == "proforma"

    def _get_asked_amount(self):
        """What the pro-forma asks for, in the order's currency."""
        return self.amount_total

    def _get_friendly_link(self):
        """To the customer's page of the order, where it is accepted or paid."""
        if label := self._get_friendly_link_label():
            url = self.get_base_url() + self.get_portal_url()
            return {"url": url, "label": label}
        return {}

    def _get_friendly_link_label(self):
        if self.state == "cancel":
            return ""
        pays = self.company_id.sudo().has_online_payment
        if pays and (self._is_friendly_proforma() or self._has_to_be_paid()):
            return self.env._("Pay online")
        return self.env._("Accept online") if self._has_to_be_signed() else ""

    def _get_friendly_texts(self):
        return self.order_line.mapped("name")

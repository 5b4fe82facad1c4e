from odoo import models
from odoo.exceptions import UserError


class SaleOrderErpInvoiceMixin(models.AbstractModel):
    """An order that the ERP has is invoiced there, so nobody invoices it here."""

    _name = "sale.order.erp.invoice.mixin"
    _description = "Order that is invoiced in the ERP"

    def _check_invoiced_here(self):
        """:raises UserError: when the ERP has one of these orders"""
        for order in self:
            if order.is_handed_over:
                raise UserError(
                    self.env._(
                        "%s was handed over to the ERP and is invoiced there. To "
                        "invoice it here, cancel it first, so that the ERP gets "
                        "the cancellation.",
                        order.name,
                    )
                )

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Whoever asks gets a message; what runs by itself leaves them out."""
        here = self.filtered(lambda order: not order.is_handed_over)
        if here != self and self.env.context.get("raise_if_nothing_to_invoice", True):
            self._check_invoiced_here()
        if self and not here:
            return self.env["account.move"]
        return super(SaleOrderErpInvoiceMixin, here)._create_invoices(
            grouped=grouped, final=final, date=date
        )

    def _prepare_invoice(self):
        """The last gate, for whatever makes invoices in another way."""
        self._check_invoiced_here()
        return super()._prepare_invoice()

    def _force_lines_to_invoice_policy_order(self):
        result = super()._force_lines_to_invoice_policy_order()
        self.filtered("is_handed_over").order_line.qty_to_invoice = 0.0
        return result

    # === OVER TIME, AND WHAT IS PAID === #

    def _create_first_invoice(self, date=None):
        """A payment is booked, the invoice comes from the ERP."""
        if self.is_handed_over:
            return self.env["account.move"]
        return super()._create_first_invoice(date)

    def _bill_first_instalment(self):
        self._check_invoiced_here()
        return super()._bill_first_instalment()

    def _start_billing(self, first_invoice=None):
        if self.is_handed_over:
            return self.env["recurring.task"]
        return super()._start_billing(first_invoice)

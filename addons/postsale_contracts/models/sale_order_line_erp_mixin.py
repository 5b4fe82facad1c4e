from odoo import api, models


class SaleOrderLineErpMixin(models.AbstractModel):
    """Nothing is left to invoice of an order that the ERP has.

    Around all that core and other add-ons count: listed before core's model.
    """

    _name = "sale.order.line.erp.mixin"
    _description = "Line of an order that is invoiced in the ERP"

    @api.depends("order_id.is_handed_over")
    def _compute_qty_to_invoice(self):
        result = super()._compute_qty_to_invoice()
        self._get_lines_with_erp().qty_to_invoice = 0.0
        return result

    @api.depends("order_id.is_handed_over")
    def _compute_invoice_status(self):
        result = super()._compute_invoice_status()
        self._get_lines_with_erp().invoice_status = "no"
        return result

    @api.depends("order_id.is_handed_over")
    def _compute_untaxed_amount_to_invoice(self):
        result = super()._compute_untaxed_amount_to_invoice()
        self._get_lines_with_erp().untaxed_amount_to_invoice = 0.0
        return result

    @api.depends("order_id.is_handed_over")
    def _compute_amount_to_invoice(self):
        result = super()._compute_amount_to_invoice()
        self._get_lines_with_erp().amount_to_invoice = 0.0
        return result

    def _get_lines_with_erp(self):
        """Confirmed lines of handed-over orders; core counts combos by their parts."""
        confirmed = self.filtered(lambda line: line.state == "sale")
        return (confirmed | confirmed.linked_line_id).filtered(
            "order_id.is_handed_over"
        )

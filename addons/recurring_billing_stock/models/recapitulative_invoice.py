from odoo import api, models
from odoo.tools import format_date


class RecapitulativeInvoice(models.AbstractModel):
    """Delivery notes as blocks: what is invoiced as delivered belongs to the month of
    its delivery, not to that of the order.

    Core does not note which delivery an invoice was for: the oldest deliveries count as
    invoiced first. Transfers are read whatever the clerk's rights in the warehouse.
    """

    _inherit = "recapitulative.invoice"

    @api.model
    def _get_parts(self, line, also_invoiced=False):
        if not self._is_billed_as_delivered(line):
            return super()._get_parts(line, also_invoiced)
        left = None if also_invoiced else line.qty_to_invoice
        if left is not None and left < 0:  # returned after it was invoiced
            return super()._get_parts(line, also_invoiced)
        invoiced = 0 if also_invoiced else line.qty_invoiced
        parts = []
        for move, quantity in self._get_deliveries(line):
            skipped = min(invoiced, quantity)
            invoiced -= skipped
            quantity -= skipped
            if left is not None:
                quantity = min(quantity, left)
                left -= quantity
            if not line.product_uom_id.is_zero(quantity):
                source = move.picking_id or line.order_id
                day = self._get_local_day(move.date, line.company_id)
                parts.append((source, day, quantity))
        return parts

    @api.model
    def _is_billed_as_delivered(self, line):
        return (
            line.qty_delivered_method == "stock_move"
            and line.product_id.invoice_policy == "delivery"
        )

    @api.model
    def _get_deliveries(self, line):
        """Moves that brought goods of a line to the customer, oldest first, and how
        much, in the unit of the line."""
        outgoing, _incoming = line.sudo()._get_outgoing_incoming_moves()
        done = outgoing.filtered(lambda move: move.state == "done")
        return [
            (
                move,
                move.product_uom._compute_quantity(
                    move.quantity, line.product_uom_id, rounding_method="HALF-UP"
                ),
            )
            for move in done.sorted(lambda move: (move.date, move.id))
        ]

    @api.model
    def _get_source_order(self, source):
        if source._name == "stock.picking":
            return source.sudo().sale_id.with_env(self.env)
        return super()._get_source_order(source)

    @api.model
    def _get_source_title(self, source, day):
        if source._name != "stock.picking":
            return super()._get_source_title(source, day)
        source = source.sudo()
        return self.env._(
            "Delivery note %(number)s of %(date)s (order %(order)s)",
            number=source.name,
            date=format_date(self.env, day),
            order=source.sale_id.name,
        )

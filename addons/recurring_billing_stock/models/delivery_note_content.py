from odoo import api, models


class DeliveryNoteContent(models.AbstractModel):
    """What stands on a delivery note with prices: of a transfer, or of an order.

    A transfer shows what it brings. Services, notes and kits stand on the first one of
    the order, so that all of them together show the whole order, and each line once.
    """

    _name = "delivery.note.content"
    _description = "Content of a delivery note"

    @api.model
    def _get_content(self, order, transfer=None):
        """Everything that the template prints.

        :param transfer: ``stock.picking``, or None for the whole order
        :rtype: dict
        """
        quantities = self._get_quantities(order, transfer)
        taxed = self._get_taxed_lines(order, quantities)
        is_valued = transfer or order._has_valued_delivery_note()
        return {
            "order": order,
            "number": (transfer or order).name,
            "date": self._get_date(order, transfer),
            "address": transfer.partner_id if transfer else order.partner_shipping_id,
            "is_valued": bool(order and is_valued),
            "has_discount": any(line.discount for line in quantities),
            "rows": self._get_rows(order, quantities, taxed, transfer),
            "tax_totals": order and self._get_tax_totals(order, taxed),
        }

    @api.model
    def _get_date(self, order, transfer):
        if not transfer:
            return order.date_order
        return transfer.date_done or transfer.scheduled_date

    # === QUANTITIES === #

    @api.model
    def _get_quantities(self, order, transfer):
        """``{order line: quantity}`` in the unit of the line, in the order's order."""
        lines = order._get_priced_lines()
        if not transfer:
            return {line: line.product_uom_qty for line in lines}
        moves = self._get_moves(transfer).grouped("sale_line_id")
        is_first = transfer == order.delivery_note_ids[:1]
        result = {}
        for line in lines:
            own = moves.get(line, self.env["stock.move"])
            if own and own.product_id == line.product_id:
                result[line] = sum(self._get_quantity(move, line) for move in own)
            elif is_first and (own or not line.move_ids):
                result[line] = line.product_uom_qty
        return result

    @api.model
    def _get_moves(self, transfer):
        return transfer.move_ids.filtered(lambda move: move.state != "cancel")

    @api.model
    def _get_quantity(self, move, line):
        """What left; before that, what is to leave."""
        quantity = move.quantity if move.state == "done" else move.product_uom_qty
        return move.product_uom._compute_quantity(quantity, line.product_uom_id)

    # === AMOUNTS === #

    @api.model
    def _get_taxed_lines(self, order, quantities):
        """Core's tax details of these quantities: ``{order line: base line}``."""
        taxed = {
            line: line._prepare_base_line_for_taxes_computation(quantity=quantity)
            for line, quantity in quantities.items()
        }
        Tax, company = self.env["account.tax"], order.company_id
        Tax._add_tax_details_in_base_lines(list(taxed.values()), company)
        Tax._round_base_lines_tax_details(list(taxed.values()), company)
        return taxed

    @api.model
    def _get_tax_totals(self, order, taxed):
        return self.env["account.tax"]._get_tax_totals_summary(
            base_lines=list(taxed.values()),
            currency=order.currency_id,
            company=order.company_id,
        )

    # === ROWS === #

    @api.model
    def _get_rows(self, order, quantities, taxed, transfer):
        """Rows as they are printed; a section only where something of it follows."""
        notes = not transfer or transfer == order.delivery_note_ids[:1]
        rows, sections = [], []
        for line in order.order_line:
            if line in quantities:
                rows += [*sections, self._get_row(line, quantities, taxed, transfer)]
                sections = []
            elif line.display_type == "line_section":
                sections = [self._get_text_row(line)]
            elif line.display_type == "line_subsection":
                above = [row for row in sections if row["kind"] == "line_section"]
                sections = [*above, self._get_text_row(line)]
            elif line.display_type and notes:
                rows += [*sections, self._get_text_row(line)]
                sections = []
        return rows + self._get_foreign_rows(order, transfer)

    @api.model
    def _get_text_row(self, line):
        return {"kind": line.display_type, "name": line.name}

    @api.model
    def _get_row(self, line, quantities, taxed, transfer):
        details = taxed[line]["tax_details"]
        moves = transfer and self._get_moves(transfer).filtered(
            lambda move: move.sale_line_id == line
        )
        return {
            "kind": "product",
            "name": line.name,
            "lots": ", ".join(moves.lot_ids.mapped("name")) if moves else "",
            "quantity": quantities[line],
            "unit": line.product_uom_id.name,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "taxes": ", ".join(filter(None, line.tax_ids.mapped("tax_label"))),
            "subtotal": details["total_excluded_currency"],
        }

    @api.model
    def _get_foreign_rows(self, order, transfer):
        """Goods that nobody ordered: without a price."""
        if not transfer:
            return []
        moves = self._get_moves(transfer).filtered(
            lambda move: move.sale_line_id not in order.order_line
        )
        return [
            {
                "kind": "extra",
                "name": move.product_id.display_name,
                "lots": ", ".join(move.lot_ids.mapped("name")),
                "quantity": move.quantity
                if move.state == "done"
                else move.product_uom_qty,
                "unit": move.product_uom.name,
            }
            for move in moves
        ]

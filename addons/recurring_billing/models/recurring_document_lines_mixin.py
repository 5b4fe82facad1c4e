from odoo import api, models


class RecurringDocumentLinesMixin(models.AbstractModel):
    """The lines of a document as people read them: ``recurring.simulation.line``."""

    _name = "recurring.document.lines.mixin"
    _description = "Lines of a recurring document"

    @api.model
    def _describe_lines(self, document):
        """Values of the lines, in their order.

        :rtype: list[dict]
        """
        return [self._describe_line(line) for line in self._get_lines(document)]

    @api.model
    def _get_lines(self, document):
        """TO OVERRIDE: the lines, however this kind calls them."""
        names = ("invoice_line_ids", "order_line")
        name = next((name for name in names if name in document._fields), None)
        return document[name].sorted(lambda x: (x.sequence, x.id)) if name else ()

    @api.model
    def _describe_line(self, line):
        quantity = "quantity" if "quantity" in line._fields else "product_uom_qty"
        display_type = line.display_type
        return {
            "display_type": display_type if display_type != "product" else False,
            "product_id": line.product_id.id,
            "name": line.name,
            "quantity": line[quantity],
            "price_unit": line.price_unit,
            "discount": line.discount,
            "taxes": ", ".join(line.tax_ids.mapped("name")),
            "price_subtotal": line.price_subtotal,
        }

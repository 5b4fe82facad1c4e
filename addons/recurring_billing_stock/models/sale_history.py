from odoo import api, fields, models


class SaleHistory(models.Model):
    """The customer's sales history shows the delivery notes of each operation."""

    _inherit = "sale.history"

    picking_ids = fields.Many2many(
        comodel_name="stock.picking",
        string="Delivery Notes",
        compute="_compute_picking_ids",
        help="Transfers that bring goods to the customer.",
    )

    @api.depends("order_id")
    def _compute_picking_ids(self):
        Transfer = self.env["stock.picking"]
        notes = Transfer._get_delivery_notes(self.order_id)
        for row in self:
            row.picking_ids = notes.get(row.order_id, Transfer)

    def _get_counters(self):
        counters = super()._get_counters()
        number = len(self.picking_ids)
        return self._put_after(
            counters, "order", delivery=(self.env._("Delivery notes"), number)
        )

    def _get_columns(self):
        label = self.fields_get(["picking_ids"], ["string"])["picking_ids"]["string"]
        return self._put_after(
            super()._get_columns(), "sale_order_ids", picking_ids=label
        )

    @api.model
    def _put_after(self, values, name, **new):
        """The same dictionary with something behind one of its keys."""
        names = list(values)
        place = names.index(name) + 1
        head = {key: values[key] for key in names[:place]}
        return head | new | {key: values[key] for key in names[place:]}

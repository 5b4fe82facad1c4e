from odoo import fields, models


class RecurringSimulationLine(models.TransientModel):
    """A line of a simulated document."""

    _name = "recurring.simulation.line"
    _description = "Line of a Simulated Document"
    _order = "id"
    _transient_max_hours = 24 * 7

    document_id = fields.Many2one(
        comodel_name="recurring.simulation.document",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    display_type = fields.Char(readonly=True)
    product_id = fields.Many2one(
        comodel_name="product.product", readonly=True, ondelete="cascade"
    )
    name = fields.Text(string="Description", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    price_unit = fields.Float(
        string="Unit Price", digits="Product Price", readonly=True
    )
    discount = fields.Float(string="Discount (%)", digits="Discount", readonly=True)
    taxes = fields.Char(readonly=True)
    currency_id = fields.Many2one(related="document_id.currency_id")
    price_subtotal = fields.Monetary(string="Amount", readonly=True)

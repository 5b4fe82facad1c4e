from odoo import fields, models


class RecurringSendingMixin(models.AbstractModel):
    _inherit = "recurring.sending.mixin"

    delivery_slip_valued = fields.Boolean(
        string="Prices on the Delivery Note",
        help="The customer gets the delivery note with prices, taxes and totals. "
        "Without goods he always does.",
    )

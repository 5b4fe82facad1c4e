from odoo import fields, models


class PaymentChargeCompanyMixin(models.AbstractModel):
    """The switch of charging cards on the due date."""

    _name = "payment.charge.company.mixin"
    _description = "Company that may charge cards"

    charge_from_date = fields.Date(
        string="Charge Invoices Due From",
        help="Nothing is charged while this is empty. Then, on its due date, each "
        "invoice due on this day or later is charged to the card of a customer who has "
        "agreed to it.",
    )

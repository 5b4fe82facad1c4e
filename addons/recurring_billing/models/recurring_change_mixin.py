from odoo import fields, models


class RecurringChangeMixin(models.AbstractModel):
    """What a row of the ledger keeps for the next comparison, and what the last one
    found."""

    _name = "recurring.change.mixin"
    _description = "Changes since the last document"

    facts = fields.Json(
        readonly=True,
        copy=False,
        help="What the next document of this customer is compared with.",
    )
    changes_text = fields.Text(
        string="Changed Since Last Time",
        readonly=True,
        copy=False,
        help="What differs from the last document of this customer.",
    )

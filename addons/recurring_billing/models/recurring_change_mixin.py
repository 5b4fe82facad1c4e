from odoo import api, fields, models


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
    remark = fields.Char(
        string="What to Know",
        compute="_compute_remark",
        help="Why it was not issued, or what differs from the last document.",
    )

    @api.depends("error", "changes_text", "state")
    def _compute_remark(self):
        """One line for lists: of what waits since it changed, what changed."""
        for row in self:
            waits = row.state == "held" and row.changes_text
            text = waits or row.error or row.changes_text or ""
            row.remark = " · ".join(text.splitlines())

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
    remark = fields.Text(
        string="What to Know",
        compute="_compute_remark",
        help="Why it was not issued, or what differs from the last document.",
    )

    @api.depends("error", "changes_text")
    @api.depends_context("lang")
    def _compute_remark(self):
        """For lists: the reason, or the change that counts most."""
        for row in self:
            text, error = row.changes_text or "", row.error or ""
            is_reason = error and not (text and text in error)
            first, *others = text.splitlines() or [""]
            if others:
                first = self.env._(
                    "%(change)s (and %(count)s more)", change=first, count=len(others)
                )
            row.remark = error if is_reason else first

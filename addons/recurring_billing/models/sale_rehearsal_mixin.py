from odoo import fields, models

from ..rehearsal import get_rehearsal


class SaleRehearsalMixin(models.AbstractModel):
    """Where core takes the server's today, a rehearsal puts its own."""

    _name = "sale.rehearsal.mixin"
    _description = "Order in a simulation"

    def _compute_validity_date(self):
        """So many days after the day on which it is made."""
        result = super()._compute_validity_date()
        if rehearsal := get_rehearsal(self.env):
            today = fields.Date.context_today(self)
            ahead = fields.Date.context_today(self, rehearsal.now) - today
            for order in self.filtered("validity_date"):
                order.validity_date += ahead
        return result

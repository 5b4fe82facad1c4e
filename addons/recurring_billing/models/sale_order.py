from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "document.delivery.mixin", "recurring.issued.mixin"]

    def _action_cancel(self):
        result = super()._action_cancel()
        self._void_occurrences(self.env._("The order was cancelled."))
        return result

    def action_draft(self):
        result = super().action_draft()
        self._revive_occurrences()
        return result

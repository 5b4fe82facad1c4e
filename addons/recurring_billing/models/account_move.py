from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "document.delivery.mixin", "recurring.issued.mixin"]

    def button_cancel(self):
        result = super().button_cancel()
        self._void_occurrences(self.env._("The invoice was cancelled."))
        return result

    def button_draft(self):
        result = super().button_draft()
        self._revive_occurrences()
        return result

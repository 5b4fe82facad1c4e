from odoo import models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def action_undo_reconciliation(self):
        """Core calls this with nothing to undo on every write of a journal item, and
        walks through the deletion of no payment: a fifth of the time of an invoice."""
        if not self:
            return None
        return super().action_undo_reconciliation()

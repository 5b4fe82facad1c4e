from odoo import models


class PaymentLedgerMixin(models.AbstractModel):
    """A ledger of what was done to get invoices paid: rows are facts.

    Nobody has the right to write any; the engines do it as superuser, and the state
    has one door.
    """

    _name = "payment.ledger.mixin"
    _inherit = "ledger.guard.mixin"
    _description = "Ledger of reminders and charges"

    #: From which states each state may be reached.
    _allowed_states = {}

    def _update_state(self, target, reason=False):
        """The one door of the state.

        :return: the rows that changed; others are left as they are
        """
        allowed = self._allowed_states[target]
        changed = self.filtered(lambda row: row.state in allowed)
        if changed:
            changed.sudo().write({"state": target, "reason": reason})
        return changed

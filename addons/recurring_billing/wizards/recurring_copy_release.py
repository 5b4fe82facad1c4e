from odoo import fields, models
from odoo.exceptions import AccessError


class RecurringCopyRelease(models.TransientModel):
    """Asks whether this is the production database, see ``recurring.copy.guard``."""

    _name = "recurring.copy.release"
    _description = "Restored or Copied Database"

    waiting = fields.Text(string="What Waits Here", compute="_compute_waiting")

    def _compute_waiting(self):
        texts = self.env["recurring.copy.guard"].sudo()._get_waiting_texts()
        self.waiting = "\n".join(texts)

    def action_release(self):
        """Let everything go on.

        :raises AccessError: for people who do not manage recurring billing
        """
        if not self.env.user.has_group("recurring_billing.group_manager"):
            raise AccessError(
                self.env._("Only managers of recurring billing may decide this.")
            )
        self.env["recurring.copy.guard"].sudo()._release()
        return {"type": "ir.actions.act_window_close"}

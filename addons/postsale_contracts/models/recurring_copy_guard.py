from odoo import api, models


class RecurringCopyGuard(models.AbstractModel):
    """Contracts that end or renew and messages to the ERP wait as well."""

    _inherit = "recurring.copy.guard"

    @api.model
    def _get_waiting_texts(self):
        engine = self.env["postsale.erp.engine"]
        messages = self.env["postsale.erp.transmission"].search_count(
            engine._get_due_domain()
        )
        return [
            *super()._get_waiting_texts(),
            self.env._("Messages for the ERP that wait: %s", messages),
        ]

    @api.model
    def _wake_up(self):
        for name in ("contracts", "erp"):
            self.env.ref(f"postsale_contracts.ir_cron_{name}")._trigger()
        return super()._wake_up()

from odoo import api, models


class RecurringWatchdog(models.AbstractModel):
    _inherit = "recurring.watchdog"

    @api.model
    def _get_watched_modules(self):
        return super()._get_watched_modules() + ["crm_sla", "postsale_contracts"]

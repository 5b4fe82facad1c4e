from odoo import api, models


class RecurringDocument(models.AbstractModel):
    _inherit = "recurring.document"

    @api.model
    def _get_price_key(self, row):
        """Periods of a contract may cost different amounts."""
        key = super()._get_price_key(row)
        return (*key, row.period_start) if row.task_id.postsale_contract_id else key

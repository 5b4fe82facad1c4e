from dataclasses import replace

from odoo import api, models


class RecurringPricing(models.AbstractModel):
    _inherit = "recurring.pricing"

    @api.model
    def _get_prices(self, row):
        """The periods of a renewal cost what the renewal costs."""
        prices = super()._get_prices(row)
        if not row.task_id.postsale_contract_id:
            return prices
        factor = row.task_id._get_renewal_factor(row.period_start)
        return {
            line: replace(price, price_unit=price.price_unit * factor)
            for line, price in prices.items()
        }

from odoo import models


class RecurringForecastTaskLineMixin(models.AbstractModel):
    _name = "recurring.forecast.task.line.mixin"
    _inherit = "recurring.forecast.source.mixin"
    _description = "Line that the billing forecast depends on"

    _forecast_fields = frozenset(
        {
            *("product_id", "product_uom_id", "quantity", "price_unit", "discount"),
            *("tax_ids", "tax_is_final", "task_id"),
        }
    )

    def _get_forecast_records(self):
        return self.task_id._get_forecast_records()

from odoo import models


class RecurringForecastTaskMixin(models.AbstractModel):
    _name = "recurring.forecast.task.mixin"
    _inherit = "recurring.forecast.source.mixin"
    _description = "Task that the billing forecast depends on"

    _forecast_fields = frozenset(
        {
            *("state", "active", "document_type", "price_mode", "pricelist_id"),
            *("currency_id", "fiscal_position_id"),
        }
    )

    def _get_forecast_records(self):
        running = self.filtered(lambda task: task.state == "running")
        return running, self.env["recurring.task.recipient"]

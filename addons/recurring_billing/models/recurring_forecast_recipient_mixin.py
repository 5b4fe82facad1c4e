from odoo import models


class RecurringForecastRecipientMixin(models.AbstractModel):
    _name = "recurring.forecast.recipient.mixin"
    _inherit = "recurring.forecast.source.mixin"
    _description = "Customer that the billing forecast depends on"

    _forecast_fields = frozenset(
        {
            *("partner_id", "partner_invoice_id", "partner_shipping_id"),
            *("task_id", "state", "active"),
        }
    )

    def _get_forecast_records(self):
        running = self.filtered(
            lambda r: r.state == "running" and r.task_state == "running"
        )
        return self.env["recurring.task"], running

from odoo import fields, models


class RecurringForecastCompanyMixin(models.AbstractModel):
    """A company whose expectations are kept, month by month."""

    _name = "recurring.forecast.company.mixin"
    _description = "Company with a billing forecast"

    recurring_forecast_month = fields.Date(
        string="Forecast Kept Until",
        readonly=True,
        copy=False,
        help="First day of the last month of which it was kept what is expected.",
    )

from odoo import api, fields, models
from odoo.tools import SQL


class RecurringForecastLine(models.Model):
    """The forecast by product: a row for each line of each coming document."""

    _name = "recurring.forecast.line"
    _inherit = "recurring.forecast"
    _description = "Billing Forecast by Product"
    _auto = False
    _depends = {"recurring.forecast.price": ["product_id", "quantity", "line_id"]}

    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)

    @api.model
    def _get_columns(self):
        return {**super()._get_columns(), "product_id": "int4", "quantity": "float8"}

    @api.model
    def _prepare_task_columns(self):
        return {
            **super()._prepare_task_columns(),
            "product_id": SQL("coming.product_id"),
            "quantity": SQL("coming.quantity"),
        }

    @api.model
    def _get_prices_sql(self):
        """Each line by itself; who is not priced yet has one row without a product."""
        return SQL(
            """
            SELECT recipient_id, id, product_id, quantity::float8 AS quantity,
                   amount_untaxed::float8 AS amount_untaxed, priced_on
              FROM recurring_forecast_price
            """
        )

    @api.model
    def _get_key_sql(self):
        return SQL("COALESCE(price.id, -recipient.id)")

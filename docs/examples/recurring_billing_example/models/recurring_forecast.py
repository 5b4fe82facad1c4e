from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Last digit of our ids: 0 to 2 belong to the suite, 3 to 9 are free.
NUMBER = 9


class RecurringForecast(models.Model):
    """Open quotations, on the day until which they are valid."""

    _inherit = "recurring.forecast"
    _depends = {
        "sale.order": [
            *("state", "validity_date", "partner_id", "user_id", "company_id"),
            *("amount_untaxed", "currency_rate", "write_date"),
        ]
    }

    source = fields.Selection(selection_add=[("quotation", "Open Quotation")])
    sale_order_id = fields.Many2one("sale.order", string="Quotation", readonly=True)

    @api.model
    def _get_columns(self):
        return {**super()._get_columns(), "sale_order_id": "int4"}

    @api.model
    def _get_selects(self):
        selects = super()._get_selects()
        if self.env["sale.order"].has_access("read"):
            selects.append(self._get_quotation_select())
        return selects

    def _get_origin(self):
        return self.sale_order_id or super()._get_origin()

    @api.model
    def _get_quotation_select(self):
        """What whoever looks may see: the search asks the record rules."""
        quotations = self.env["sale.order"]._search(
            Domain("state", "=", "sent")
            & Domain("validity_date", ">=", fields.Date.today())
        )
        date = SQL("quotation.validity_date")
        return SQL(
            """
            SELECT %(columns)s
              FROM sale_order quotation
              JOIN res_company company ON company.id = quotation.company_id
             WHERE quotation.id IN %(quotations)s
            """,
            columns=self._get_columns_sql(
                id=self._get_id_sql(NUMBER, SQL("quotation.id"), date),
                date=date,
                source=SQL("'quotation'"),
                status=SQL("'coming'"),
                sale_order_id=SQL("quotation.id"),
                partner_id=SQL("quotation.partner_id"),
                user_id=SQL("quotation.user_id"),
                company_id=SQL("quotation.company_id"),
                currency_id=SQL("company.currency_id"),
                amount_untaxed=SQL(
                    "quotation.amount_untaxed / COALESCE(quotation.currency_rate, 1)"
                ),
                priced_on=SQL("quotation.write_date::date"),
            ),
            quotations=quotations.subselect(),
        )

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.recurring_billing.models.recurring_forecast_schedule import (
    MONTHS_AHEAD,
)


class RecurringForecast(models.Model):
    """The pipeline: open opportunities on the day of their expected closing.

    What they would bring times their probability, as core prorates it. Those whose
    closing lies before this month are left out: nobody believes in them any more.
    Everybody sees those opportunities that he may open.
    """

    _inherit = "recurring.forecast"
    _depends = {
        "crm.lead": [
            *("active", "type", "won_status", "date_deadline", "prorated_revenue"),
            *("partner_id", "user_id", "company_id"),
        ]
    }

    source = fields.Selection(selection_add=[("pipeline", "Opportunity")])
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)

    @api.model
    def _get_columns(self):
        return {**super()._get_columns(), "lead_id": "int4"}

    @api.model
    def _get_selects(self):
        selects = super()._get_selects()
        if self.env["crm.lead"].has_access("read"):
            selects.append(self._get_pipeline_select())
        return selects

    def _get_origin(self):
        return self.lead_id or super()._get_origin()

    @api.model
    def _get_pipeline_select(self):
        """An opportunity without a company counts for the one that is open."""
        own = self.env.company.sudo()
        today = own._get_local_date(fields.Datetime.now())
        first, currency = today.replace(day=1), own.currency_id
        leads = self.env["crm.lead"]._search(
            Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
            & Domain("prorated_revenue", ">", 0)
            & Domain("date_deadline", ">=", first)
            & Domain("date_deadline", "<", first + relativedelta(months=MONTHS_AHEAD))
        )
        return SQL(
            """
            SELECT %(columns)s
              FROM crm_lead lead
              LEFT JOIN res_company company ON company.id = lead.company_id
             WHERE lead.id IN %(leads)s
            """,
            columns=self._get_columns_sql(
                id=self._get_id_sql(2, SQL("lead.id"), SQL("lead.date_deadline")),
                date=SQL("lead.date_deadline"),
                source=SQL("'pipeline'"),
                status=SQL(
                    "CASE WHEN lead.date_deadline < %s THEN 'overdue'"
                    " ELSE 'coming' END",
                    today,
                ),
                lead_id=SQL("lead.id"),
                partner_id=SQL("lead.partner_id"),
                user_id=SQL("lead.user_id"),
                company_id=SQL("COALESCE(lead.company_id, %s)", own.id),
                currency_id=SQL("COALESCE(company.currency_id, %s)", currency.id),
                amount_untaxed=SQL("lead.prorated_revenue"),
                priced_on=SQL("%s::date", today),
            ),
            leads=leads.subselect(),
        )

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.recurring_billing.models.recurring_forecast_schedule import (
    MONTHS_AHEAD,
)

from .postsale_contract_renewal_mixin import RUNNING

#: Terms that are looked ahead, also of a contract whose renewal is overdue.
TERMS = 2 * MONTHS_AHEAD

#: The next terms, each counted from the end of the first one.
TERM_ROWS = """
    SELECT contract.id AS contract_id, contract.partner_id, contract.user_id,
           contract.company_id, rule.own_currency_id AS currency_id, rule.today,
           product.id AS product_id,
           (
               COALESCE(standing.anchor, contract.date_end + 1)
               + make_interval(
                   months => standing.months + term * contract.renewal_months
               )
           )::date AS date,
           COALESCE(
               CASE WHEN rule.is_last_cost
                    THEN COALESCE(
                        NULLIF(standing.cost, 0),
                        NULLIF(contract.customer_cost, 0)
                    ) * rule.rate
                END,
               template.list_price, 0
           ) AS amount_untaxed
      FROM postsale_contract contract
      JOIN (%(rules)s) rule ON rule.company_id = contract.company_id
       AND rule.currency_id = contract.currency_id
      JOIN LATERAL (
               SELECT min(date_start) AS anchor,
                      COALESCE(sum(months), 0)::int AS months,
                      (array_agg(cost ORDER BY date_start DESC))[1] AS cost
                 FROM postsale_renewal
                WHERE contract_id = contract.id AND state != 'cancelled'
           ) standing ON TRUE
      JOIN generate_series(0, %(terms)s) term
           ON term = 0 OR contract.auto_renew
      LEFT JOIN product_product product
           ON product.id = COALESCE(contract.product_id, rule.product_id)
      LEFT JOIN product_template template
           ON template.id = product.product_tmpl_id
     WHERE contract.id IN %(contracts)s
"""


class RecurringForecast(models.Model):
    """Coming renewals: each bills a term, at the cost that it would have today.

    Of contracts that renew automatically all terms of the coming 24 months, of those
    that wait for a decision the next one. Periodic billing is forecast by its task;
    contracts that were given notice end. Who may not see contracts sees none here.
    """

    _inherit = "recurring.forecast"
    _depends = {
        "postsale.contract": [
            *("active", "state", "partner_id", "company_id", "user_id", "product_id"),
            *("date_end", "renewal_months", "auto_renew", "notice_given_date"),
            *("billing_task_id", "currency_id", "customer_cost"),
        ],
        "postsale.renewal": ["contract_id", "state", "date_start", "months", "cost"],
    }

    source = fields.Selection(selection_add=[("contract", "Contract Renewal")])
    contract_id = fields.Many2one("postsale.contract", readonly=True)

    @api.model
    def _get_columns(self):
        return {**super()._get_columns(), "contract_id": "int4"}

    @api.model
    def _get_selects(self):
        selects = super()._get_selects()
        if self.env["postsale.contract"].has_access("read"):
            selects.append(self._get_contract_select())
        return selects

    def _get_origin(self):
        return self.contract_id or super()._get_origin()

    @api.model
    def _get_contract_select(self):
        coming = SQL("coming.date")
        same = ("date", "contract_id", "partner_id", "user_id", "company_id")
        same += ("currency_id", "amount_untaxed", "product_id")
        return SQL(
            """
            SELECT %(columns)s
              FROM (%(terms)s) coming
             WHERE coming.date < date_trunc('month', coming.today::timestamp)
                                 + %(months)s * INTERVAL '1 month'
            """,
            columns=self._get_columns_sql(
                **{name: SQL.identifier("coming", name) for name in same},
                id=self._get_id_sql(1, SQL("coming.contract_id"), coming),
                source=SQL("'contract'"),
                status=SQL(
                    "CASE WHEN coming.date < coming.today THEN 'overdue'"
                    " ELSE 'coming' END"
                ),
                quantity=SQL("1"),
                priced_on=SQL("coming.today"),
            ),
            terms=self._get_terms_sql(),
            months=MONTHS_AHEAD,
        )

    @api.model
    def _get_terms_sql(self):
        """The next terms of the contracts that whoever looks may see."""
        contracts = self.env["postsale.contract"]._search(
            Domain("state", "in", RUNNING)
            & Domain("billing_task_id", "=", False)
            & Domain("notice_given_date", "=", False)
            & (Domain("auto_renew", "=", True) | Domain("state", "=", "to_renew"))
        )
        return SQL(
            TERM_ROWS,
            rules=self._get_rules_sql(),
            terms=TERMS,
            contracts=contracts.subselect(),
        )

    @api.model
    def _get_rules_sql(self):
        """How each company prices a renewal, and its rate for each currency."""
        groups = (
            self.env["postsale.contract"]
            .sudo()
            ._read_group(
                [("state", "in", RUNNING), ("billing_task_id", "=", False)],
                ["company_id", "currency_id"],
            )
        )
        now, rows = fields.Datetime.now(), []
        for company, currency in groups:
            config = self.env["postsale.config"]._get_for_company(company)
            today, own = company._get_local_date(now), company.currency_id
            settings = config._get_renewal_settings(company)
            rate = currency._get_conversion_rate(currency, own, company, today)
            product = config.renewal_product_id
            rows.append(
                (
                    *(company.id, currency.id, own.id, settings.price == "last_cost"),
                    *(product.id or None, today, rate),
                )
            )
        columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 7
        names = ("companies", "currencies", "owns", "lasts", "products", "days")
        return SQL(
            """
            SELECT * FROM unnest(
                %(companies)s::int4[], %(currencies)s::int4[], %(owns)s::int4[],
                %(lasts)s::bool[], %(products)s::int4[], %(days)s::date[],
                %(rates)s::numeric[]
            ) AS rule (
                company_id, currency_id, own_currency_id, is_last_cost, product_id,
                today, rate
            )
            """,
            **dict(zip((*names, "rates"), columns, strict=True)),
        )

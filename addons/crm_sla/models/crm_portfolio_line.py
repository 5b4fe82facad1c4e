import operator

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_portfolio import INVOICE_TYPES

AMOUNTS = (
    "billing_initial",
    "value_recommended",
    "billing_final",
    "billing_difference",
)
#: Worked out by the database at the moment of reading.
LIVE = ("billing_invoiced", "billing_final", "billing_difference")
COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class CrmPortfolioLine(models.Model):
    """A customer of a portfolio. His agent sees and follows the line as his own.

    What was invoiced is asked when it is read, so an invoice counts at once; lists,
    filters, groups and pivots use the same expression. The agent is stored, since he
    decides who may see the line: record rules need an index. He changes in the
    transaction that changes the customer's salesperson.
    """

    _name = "crm.portfolio.line"
    _description = "Customer of a Portfolio"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    # Whoever sees a line follows it with notes and activities.
    _mail_post_access = "read"
    _order = "portfolio_id, partner_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    portfolio_id = fields.Many2one(
        "crm.portfolio", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="portfolio_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(
        related="portfolio_id.currency_id", store=True, precompute=True
    )
    date_from = fields.Date(
        related="portfolio_id.date_from", store=True, precompute=True
    )
    state = fields.Selection(related="portfolio_id.state", string="Portfolio State")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    billing_initial = fields.Monetary(string="Initial Billing")
    value_recommended = fields.Monetary(string="Recommended Value")
    billing_uploaded = fields.Monetary(
        string="Uploaded Billing",
        help="Final billing from a file or by hand; counts instead of the invoices.",
    )
    is_billing_uploaded = fields.Boolean(
        string="Final Billing Is Given",
        help="The uploaded billing counts, also when it is 0. Otherwise what was "
        "invoiced counts.",
    )
    billing_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_billing",
        search=lambda self, *terms: self._search_live("billing_invoiced", *terms),
        aggregator="sum",
        help="Posted invoices less credit notes of the period, without taxes.",
    )
    billing_final = fields.Monetary(
        string="Final Billing",
        compute="_compute_billing",
        search=lambda self, *terms: self._search_live("billing_final", *terms),
        aggregator="sum",
        help="The uploaded billing; without one, what was invoiced in the period.",
    )
    billing_difference = fields.Monetary(
        compute="_compute_billing",
        search=lambda self, *terms: self._search_live("billing_difference", *terms),
        aggregator="sum",
        help="Final billing less initial billing.",
    )
    agent_custom_id = fields.Many2one(
        "res.users",
        string="Custom Agent",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Nobody: the customer's salesperson.",
    )
    agent_id = fields.Many2one(
        "res.users",
        compute="_compute_agent_id",
        store=True,
        precompute=True,
        index=True,
        help="Sees and follows this line as his own.",
    )

    _customer_once = models.Constraint(
        "UNIQUE (portfolio_id, partner_id)",
        "A customer stands in a portfolio only once.",
    )
    _recommended_is_positive = models.Constraint(
        "CHECK (value_recommended >= 0)", "A recommended value cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("agent_custom_id", "partner_id.user_id", "portfolio_id.state")
    def _compute_agent_id(self):
        for line in self:
            # Who was responsible stays so once a portfolio is closed.
            if line.portfolio_id.state != "closed" or not line.agent_id:
                line.agent_id = line.agent_custom_id or line.partner_id.user_id

    @api.depends(
        "partner_id",
        "billing_initial",
        "billing_uploaded",
        "is_billing_uploaded",
        "portfolio_id.date_from",
        "portfolio_id.date_to",
        "portfolio_id.company_id",
    )
    def _compute_billing(self):
        for portfolio, lines in self.grouped("portfolio_id").items():
            billed = {}
            if portfolio.date_from and portfolio.date_to:
                billed = portfolio._get_billed(
                    portfolio.date_from, portfolio.date_to, lines.partner_id
                )
            for line in lines:
                invoiced = billed.get(line.partner_id._origin.id, 0.0)
                given = line.is_billing_uploaded
                line.billing_invoiced = invoiced
                line.billing_final = line.billing_uploaded if given else invoiced
                line.billing_difference = line.billing_final - line.billing_initial

    @api.model
    def _get_amount_names(self):
        return AMOUNTS

    # === THE SAME IN SQL === #

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in LIVE or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        invoiced = SQL("COALESCE(%s, 0)", self._join_invoiced(alias, query))
        if field_expr == "billing_invoiced":
            return invoiced
        final = SQL(
            "CASE WHEN %s THEN COALESCE(%s, 0) ELSE %s END",
            SQL.identifier(alias, "is_billing_uploaded"),
            SQL.identifier(alias, "billing_uploaded"),
            invoiced,
        )
        if field_expr == "billing_final":
            return final
        initial = SQL.identifier(alias, "billing_initial")
        return SQL("(%s - COALESCE(%s, 0))", final, initial)

    def _join_invoiced(self, alias, query):
        """Join what was invoiced by portfolio and customer; the column with the sum."""
        self.env["account.move"].flush_model(
            [
                "company_id",
                "commercial_partner_id",
                "move_type",
                "state",
                "invoice_date",
                "amount_untaxed_signed",
            ]
        )
        self.env["crm.portfolio"].flush_model(["company_id", "date_from", "date_to"])
        joined = query.make_alias(alias, "invoiced")
        query.add_join(
            "LEFT JOIN",
            joined,
            SQL(
                "(SELECT p.id AS portfolio_id, m.commercial_partner_id AS partner_id,"
                " SUM(m.amount_untaxed_signed) AS amount"
                " FROM crm_portfolio p JOIN account_move m"
                " ON m.company_id = p.company_id"
                " AND m.invoice_date BETWEEN p.date_from AND p.date_to"
                " AND m.state = 'posted' AND m.move_type IN %s"
                " GROUP BY p.id, m.commercial_partner_id)",
                INVOICE_TYPES,
            ),
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(joined, "portfolio_id"),
                SQL.identifier(alias, "portfolio_id"),
                SQL.identifier(joined, "partner_id"),
                SQL.identifier(alias, "partner_id"),
            ),
        )
        return SQL.identifier(joined, "amount")

    @api.model
    def _search_live(self, name, operation, value):
        if operation == "in":
            amounts = [float(amount) for amount in value if not isinstance(amount, str)]
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s = ANY(%s::numeric[])",
                    model._field_to_sql(alias, name, query),
                    amounts,
                )
            )
        if operation not in COMPARISONS or not isinstance(value, (int, float)):
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                f"%s {operation} %s", model._field_to_sql(alias, name, query), value
            ),
            predicate=lambda line: COMPARISONS[operation](line[name], value),
        )

    # === CRUD === #

    @api.constrains("partner_id")
    def _check_partner(self):
        for line in self:
            if line.partner_id != line.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s: put the customer "
                        "into the portfolio.",
                        contact=line.partner_id.display_name,
                        customer=line.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("agent_custom_id", "portfolio_id")
    def _check_agent(self):
        for line in self.filtered("agent_custom_id").sudo():
            agent = line.agent_custom_id
            if (
                agent.share
                or not agent.active
                or line.company_id not in agent.company_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(agent)s cannot be an agent of %(customer)s: choose an "
                        "internal user of %(company)s.",
                        agent=agent.display_name,
                        customer=line.partner_id.display_name,
                        company=line.company_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._complete_uploaded(vals) for vals in vals_list]
        lines = super().create(vals_list)
        lines.portfolio_id._check_open()
        return lines

    def write(self, vals):
        if self._get_guarded() & vals.keys():
            self.portfolio_id._check_open()
        if any(
            line.portfolio_id.id != vals.get("portfolio_id", line.portfolio_id.id)
            for line in self
        ):
            raise UserError(
                self.env._("A line stays in its portfolio: delete it and add it there.")
            )
        return super().write(self._complete_uploaded(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self.portfolio_id._check_open()

    def _get_changes(self, vals):
        """Of values that were read from a file, those that differ from the line's."""
        self.ensure_one()
        changes = {}
        for name, value in vals.items():
            field, current = self._fields[name], self[name]
            if field.type == "monetary":
                is_same = not self.currency_id.compare_amounts(current, value)
            elif field.type == "many2one":
                is_same = current.id == value
            else:
                is_same = current == value
            if not is_same:
                changes[name] = value
        return changes

    @api.model
    def _get_guarded(self):
        """Fields that stand still once the portfolio is closed."""
        return {
            "partner_id",
            "billing_initial",
            "value_recommended",
            "billing_uploaded",
            "is_billing_uploaded",
            "agent_custom_id",
        }

    @api.model
    def _complete_uploaded(self, vals):
        """A final billing that is given counts, also when it is 0; ``False`` clears."""
        if "billing_uploaded" not in vals or "is_billing_uploaded" in vals:
            return vals
        given = vals["billing_uploaded"]
        return {**vals, "is_billing_uploaded": given is not False and given is not None}

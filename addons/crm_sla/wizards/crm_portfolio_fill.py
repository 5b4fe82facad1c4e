import ast

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..portfolio_value import get_recommended_value


class CrmPortfolioFill(models.TransientModel):
    """Puts customers into a portfolio, with what they brought and should bring."""

    _name = "crm.portfolio.fill"
    _description = "Fill In a Portfolio"

    portfolio_id = fields.Many2one("crm.portfolio", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="portfolio_id.company_id")
    source = fields.Selection(
        [
            ("invoiced", "All with invoices in the reference period"),
            ("salesperson", "Of salespeople"),
            ("tag", "With tags"),
            ("filter", "By a filter"),
            ("chosen", "One by one"),
        ],
        string="Customers",
        required=True,
        default="invoiced",
    )
    user_ids = fields.Many2many(
        "res.users", string="Salespeople", domain="[('share', '=', False)]"
    )
    category_ids = fields.Many2many("res.partner.category", string="Tags")
    partner_domain = fields.Char(string="Filter", default="[('customer_rank', '>', 0)]")
    partner_ids = fields.Many2many(
        "res.partner",
        string="Chosen Customers",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False), "
        "('company_id', 'in', [company_id, False])]",
    )
    is_anew = fields.Boolean(
        string="Also Those Already in the List",
        help="Their initial billing and, with a rule, their recommended value are "
        "worked out anew.",
    )
    customer_count = fields.Integer(
        string="Customers Found", compute="_compute_customer_count"
    )

    @api.depends(
        "source", "user_ids", "category_ids", "partner_domain", "partner_ids", "is_anew"
    )
    def _compute_customer_count(self):
        for wizard in self:
            wizard.customer_count = len(wizard._get_customers())

    def _get_customers(self):
        """Customers that would be put into the list or worked out anew."""
        self.ensure_one()
        portfolio = self.portfolio_id
        domain = self._get_customer_domain() if portfolio else None
        if domain is None:
            return self.env["res.partner"]
        domain &= Domain("company_id", "in", [False, portfolio.company_id.id])
        customers = self.env["res.partner"].search(domain).commercial_partner_id
        if self.is_anew:
            return customers
        return customers - portfolio.line_ids.partner_id

    def _get_customer_domain(self):
        """None while nothing is chosen."""
        if self.source == "invoiced":
            portfolio = self.portfolio_id
            billed = portfolio._get_billed(
                portfolio.reference_from, portfolio.reference_to
            )
            return Domain("id", "in", list(billed))
        if self.source == "salesperson" and self.user_ids:
            return Domain("user_id", "in", self.user_ids.ids)
        if self.source == "tag" and self.category_ids:
            return Domain("category_id", "in", self.category_ids.ids)
        if self.source == "chosen" and self.partner_ids:
            return Domain("id", "in", self.partner_ids.ids)
        if self.source == "filter" and self.partner_domain:
            return self._parse_filter()
        return None

    def _parse_filter(self):
        try:
            domain = Domain(ast.literal_eval(self.partner_domain))
            domain.validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(
                self.env._("The filter cannot be understood. Please set it again.")
            ) from error
        return domain

    def action_fill(self):
        self.ensure_one()
        portfolio = self.portfolio_id
        portfolio._check_portfolio_rights()
        portfolio._check_open()
        customers = self._get_customers()
        if not customers:
            raise UserError(
                self.env._("No further customers were found. Choose others.")
            )
        values = self._prepare_values(customers)
        Line = self.env["crm.portfolio.line"].with_context(tracking_disable=True)
        lines = Line.search(
            [
                ("portfolio_id", "=", portfolio.id),
                ("partner_id", "in", customers.ids),
            ]
        )
        for line in lines:
            line.write(values[line.partner_id])
        Line.create(
            [
                {"portfolio_id": portfolio.id, "partner_id": customer.id, **vals}
                for customer, vals in values.items()
                if customer not in lines.partner_id
            ]
        )
        return portfolio.action_view_lines()

    def _prepare_values(self, customers):
        """What is worked out for each customer."""
        portfolio = self.portfolio_id
        start, end = portfolio.reference_from, portfolio.reference_to
        billed = portfolio._get_billed(start, end)
        before = {}
        if portfolio.value_rule == "trend":
            before = portfolio._get_billed(*portfolio._get_period_before(start, end))
        values = {}
        for customer in customers:
            initial = portfolio.currency_id.round(billed.get(customer.id, 0.0))
            values[customer] = vals = {"billing_initial": initial}
            if portfolio.value_rule != "none":
                vals["value_recommended"] = get_recommended_value(
                    portfolio.value_rule,
                    initial,
                    portfolio.value_percent,
                    before.get(customer.id, 0.0),
                    portfolio.currency_id.decimal_places,
                )
        return values

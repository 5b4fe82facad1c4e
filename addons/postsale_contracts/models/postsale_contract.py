from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class PostsaleContract(models.Model):
    """A service contract with a customer, from its first term on.

    ``date_end`` is the last day of the current term, inclusive; each renewal moves it.
    Amounts are untaxed, in ``currency_id``.
    """

    _name = "postsale.contract"
    _description = "Post-Sale Contract"
    _inherit = [
        "postsale.contract.renewal.mixin",
        "postsale.contract.state.mixin",
        "postsale.contract.billing.mixin",
        "postsale.order.link.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_end, id"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, copy=False, default="/", tracking=True
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        check_company=True,
        ondelete="restrict",
        help="What the customer buys. Empty: the product of the settings.",
    )
    description = fields.Html(groups="base.group_user")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("active", "Active"),
            ("to_renew", "To Renew"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    # Terms
    date_start = fields.Date(
        string="Start",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_end = fields.Date(
        string="End",
        required=True,
        tracking=True,
        help="Last day of the current term.",
    )
    renewal_months = fields.Integer(
        string="Renewed for (Months)", default=12, required=True
    )
    notice_days = fields.Integer(
        string="Notice Period (Days)",
        default=30,
        required=True,
        help="Whoever wants to end the contract says so as many days before its end.",
    )
    auto_renew = fields.Boolean(
        string="Renews Automatically",
        tracking=True,
        help="Without notice the contract goes on for another term.",
    )
    renewal_ids = fields.One2many(
        comodel_name="postsale.renewal", inverse_name="contract_id", string="Renewals"
    )

    # Money
    sale_order_id = fields.Many2one(tracking=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    customer_cost = fields.Monetary(
        string="Cost to Customer",
        tracking=True,
        help="Of one term, without taxes. Zero: the list price of the product.",
    )
    last_renewal_cost = fields.Monetary(
        compute="_compute_last_renewal_cost",
        help="What the last renewal came to, without taxes.",
    )
    billing_task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Periodic Billing",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The recurring task that bills the contract period by period.",
    )

    # What is covered, and how fast
    asset_ids = fields.Many2many(
        comodel_name="maintenance.equipment",
        relation="postsale_contract_asset_rel",
        column1="contract_id",
        column2="asset_id",
        string="Assets",
        check_company=True,
        domain="[('customer_id', 'child_of', partner_commercial_id)]",
    )
    sla_policy_id = fields.Many2one(
        comodel_name="crm.sla.policy",
        string="SLA Policy",
        check_company=True,
        ondelete="restrict",
        help="Counts for the tickets of this contract, before any other policy.",
    )

    _name_uniq = models.Constraint(
        "UNIQUE (company_id, name)", "Another contract has this number."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_start <= date_end)", "A contract ends after it starts."
    )
    _term_is_positive = models.Constraint(
        "CHECK (renewal_months > 0 AND notice_days >= 0)",
        "A contract is renewed for one month or more, and its notice period is not "
        "negative.",
    )
    _billed_in_one_way = models.Constraint(
        "CHECK (sale_order_id IS NULL OR billing_task_id IS NULL)",
        "A term is billed by an order or by periodic billing, not by both.",
    )

    @api.depends("renewal_ids.cost", "renewal_ids.date_start", "renewal_ids.state")
    def _compute_last_renewal_cost(self):
        for contract in self:
            renewals = contract.renewal_ids.filtered(lambda r: r.state != "cancelled")
            contract.last_renewal_cost = renewals.sorted("date_start")[-1:].cost

    @api.onchange("date_start", "renewal_months")
    def _onchange_term(self):
        """The first term is usually as long as the others."""
        if self.date_start and not self._origin and self.renewal_months > 0:
            later = self.date_start + relativedelta(months=self.renewal_months)
            self.date_end = later - relativedelta(days=1)

    # === NUMBER === #

    @api.model_create_multi
    def create(self, vals_list):
        usual = self.default_get(["company_id"])["company_id"]
        draw = {}
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company_id = vals.get("company_id") or usual
                if company_id not in draw:
                    company = self.env["res.company"].browse(company_id)
                    draw[company_id] = company._get_number_source("postsale.contract")
                vals["name"] = draw[company_id]()
        return super().create(vals_list)

    # === ORDER === #

    def _check_new_order(self):
        result = super()._check_new_order()
        if self.state in ("cancelled", "expired"):
            raise UserError(
                self.env._(
                    "%s has ended: it gets no new order. Renew it, or make a new "
                    "contract.",
                    self.display_name,
                )
            )
        if self.billing_task_id:
            raise UserError(
                self.env._(
                    "%(contract)s is billed periodically by “%(task)s”: an order "
                    "would bill the same term again.",
                    contract=self.display_name,
                    task=self.sudo().billing_task_id.display_name,
                )
            )
        return result

    def _prepare_order_request(self, settings):
        return replace(
            super()._prepare_order_request(settings), assets=self.sudo().asset_ids
        )

    def _get_order_product(self, settings):
        return self.product_id or super()._get_order_product(settings)

    def _get_order_cost(self):
        return self.customer_cost if self.customer_cost > 0 else None

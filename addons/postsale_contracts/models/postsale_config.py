from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Products that may be put on orders.
SOLD = "[('sale_ok', '=', True)]"
ORDER_KINDS = [("quotation", "Quotation"), ("order", "Confirmed order")]


@dataclass(frozen=True, slots=True)
class CaseSettings:
    """What an order of one case looks like unless somebody changes it."""

    order_kind: str
    template: models.Model
    team: models.Model
    subject: str
    product: models.Model


class PostsaleConfig(models.Model):
    """How orders are made for contracts, renewals and tickets: one page per company.

    A model of its own, because core lets only administrators save its settings page.
    """

    _name = "postsale.config"
    _description = "Post-Sale Billing Configuration"
    _inherit = ["postsale.config.renewal.mixin"]
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )

    new_order_kind = fields.Selection(
        selection=ORDER_KINDS,
        string="Order for a New Contract",
        default="quotation",
        required=True,
    )
    new_template_id = fields.Many2one(
        comodel_name="sale.order.template",
        string="Template for a New Contract",
        check_company=True,
    )
    new_team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team for a New Contract",
        check_company=True,
    )
    new_subject = fields.Char(string="Deal Subject for a New Contract", translate=True)
    new_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product for a New Contract",
        domain=SOLD,
        check_company=True,
    )

    renewal_order_kind = fields.Selection(
        selection=ORDER_KINDS,
        string="Order for a Renewal",
        default="quotation",
        required=True,
    )
    renewal_template_id = fields.Many2one(
        comodel_name="sale.order.template",
        string="Template for a Renewal",
        check_company=True,
    )
    renewal_team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team for a Renewal", check_company=True
    )
    renewal_subject = fields.Char(string="Deal Subject for a Renewal", translate=True)
    renewal_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product for a Renewal",
        domain=SOLD,
        check_company=True,
    )
    renewal_price = fields.Selection(
        selection=[
            ("last_cost", "Last renewal cost"),
            ("list_price", "List price of the product"),
        ],
        string="Price of a Renewal",
        default="last_cost",
        required=True,
    )

    activity_order_kind = fields.Selection(
        selection=ORDER_KINDS,
        string="Order for Ticket Activities",
        default="quotation",
        required=True,
    )
    activity_template_id = fields.Many2one(
        comodel_name="sale.order.template",
        string="Template for Ticket Activities",
        check_company=True,
    )
    activity_team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team for Ticket Activities",
        check_company=True,
    )
    activity_subject = fields.Char(
        string="Deal Subject for Ticket Activities", translate=True
    )
    activity_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product for Ticket Activities",
        domain=SOLD,
        check_company=True,
    )

    _company_uniq = models.Constraint(
        "UNIQUE (company_id)", "This company has its post-sale settings already."
    )

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for config in self:
            config.display_name = self.env._(
                "Post-sale billing of %s", config.company_id.name
            )

    @api.model
    def action_open_settings(self):
        """Open the settings of the user's company; they are made when first opened.

        :raises AccessError: without the function "Post-sale billing configuration"
        """
        self.check_access("create")
        config = self.search([("company_id", "=", self.env.company.id)], limit=1)
        if not config:
            config = self.create({"company_id": self.env.company.id})
        return config._get_records_action(
            name=self.env._("Billing of Contracts and Tickets"), context={}
        )

    # === FOR THE ORDERS === #

    @api.model
    def _get_for_company(self, company):
        """The settings of ``company`` for whoever makes an order; may be empty."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def _get_case(self, case):
        """The settings of a case.

        :param str case: ``new``, ``renewal`` or ``activity``
        :rtype: CaseSettings
        """
        return CaseSettings(
            order_kind=self[f"{case}_order_kind"] or "quotation",
            subject=self[f"{case}_subject"] or "",
            template=self[f"{case}_template_id"],
            team=self[f"{case}_team_id"],
            product=self[f"{case}_product_id"],
        )

    @api.model
    def _get_required_product(self, company, case):
        """The default product of a case.

        :raises UserError: when there is none, with the place to set it
        """
        product = self._get_for_company(company)._get_case(case).product
        if not product:
            label = self._fields[f"{case}_product_id"]._description_string(self.env)
            raise UserError(
                self.env._(
                    "“%(field)s” is empty for %(company)s. Whoever has the function "
                    "“Post-sale billing configuration” can enter it under "
                    "Post-Sale → Configuration → Billing.",
                    field=label,
                    company=company.name,
                )
            )
        return product

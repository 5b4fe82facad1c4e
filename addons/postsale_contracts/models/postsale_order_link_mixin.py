from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.recurring_billing.row_lock import wait_for_others

from ..order_request import LineRequest, OrderRequest


class PostsaleOrderLinkMixin(models.AbstractModel):
    """A contract or a renewal that belongs to an order: one that exists or a new one.

    A record that uses it has ``currency_id``, ``date_start`` and ``date_end``.
    """

    _name = "postsale.order.link.mixin"
    _description = "Record linked to an order of its customer"

    #: Block of the settings that new orders follow: ``new`` or ``renewal``.
    _order_case = "new"

    company_id = fields.Many2one("res.company")
    partner_id = fields.Many2one("res.partner", string="Customer")
    sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Order No.",
        copy=False,
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        domain="[('partner_id', 'child_of', partner_commercial_id),"
        " ('company_id', '=', company_id), ('state', '!=', 'cancel')]",
        help="A quotation or order of this customer. “New Order” makes one.",
    )
    order_state = fields.Selection(
        related="sale_order_id.state", string="State of the Order"
    )
    partner_commercial_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer's Company"
    )

    # === CONSTRAINTS AND CRUD === #

    @api.constrains("sale_order_id", "partner_id")
    def _check_order_customer(self):
        for record in self.sudo():
            order, customer = record.sale_order_id, record.partner_commercial_id
            if order and order.partner_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "“%(record)s” is of %(customer)s, its order is not. Choose an "
                        "order of the same customer.",
                        record=record.display_name,
                        customer=customer.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        # afterwards: a link may also come from a default in the context
        records._check_order_access()
        return records

    def write(self, vals):
        result = super().write(vals)
        if vals.get("sale_order_id"):
            self._check_order_access()
        return result

    def _check_order_access(self):
        """Nobody links an order that he may not see: its number would be told."""
        if not self.env.su and self.sale_order_id:
            self.sale_order_id.check_access("read")

    # === NEW ORDER === #

    def action_new_order(self):
        """Make the order of each of these records with the default settings.

        Works for members of *Post-Sale: User* who may write the records, also without
        a right in *Sales*. Two clicks make one order: the second one waits for the
        first and finds its order.

        :return: action that tells so, see ``postsale.order.maker._get_notice``
        :raises AccessError: not for this user
        :raises UserError: no product set, no exchange rate, or an order exists already
        """
        self._check_order_rights()
        wait_for_others(self)
        for record in self:
            record._check_new_order()
        maker = self.env["postsale.order.maker"]
        orders = maker._create_orders(self._prepare_order_requests())
        for record, order in zip(self, orders, strict=True):
            record.sudo().sale_order_id = order
        return maker._get_notice(orders)

    def action_open_order(self):
        """Open the order, for whoever may see it."""
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    def _check_order_rights(self):
        """Called first by each button."""
        if not self.env.su and not self.env.user.has_group(
            "postsale_contracts.group_postsale_user"
        ):
            raise AccessError(
                self.env._(
                    "Only people with the right “Post-Sale: User” may do this. Ask "
                    "your administrator."
                )
            )
        self.check_access("write")

    def _check_new_order(self):
        """TO EXTEND: why this record gets no new order now.

        :raises UserError: with the way out
        """
        self.ensure_one()
        order = self.sudo().sale_order_id
        if order and order.state != "cancel":
            raise UserError(
                self.env._(
                    "“%(record)s” has the order %(order)s already. Cancel that one "
                    "first, or take it out of the field “%(field)s”.",
                    record=self.display_name,
                    order=order.name,
                    field=self._fields["sale_order_id"]._description_string(self.env),
                )
            )

    def _prepare_order_requests(self):
        """What is asked for each of these records.

        :rtype: list[OrderRequest]
        """
        Config = self.env["postsale.config"]
        settings, requests = {}, []
        for record in self:
            # the subject and the text of the line are in the customer's language
            record = record.with_context(lang=record.partner_id.lang or self.env.lang)
            key = (record.company_id, record.env.context["lang"])
            if key not in settings:
                config = Config._get_for_company(record.company_id)
                config = config.with_context(lang=key[1])
                settings[key] = config._get_case(self._order_case)
            requests.append(record._prepare_order_request(settings[key]))
        return requests

    def _prepare_order_request(self, settings):
        """TO EXTEND: assets, further lines.

        :param CaseSettings settings: of the case, in the language of the customer
        """
        self.ensure_one()
        return OrderRequest(
            source=self,
            settings=settings,
            partner=self.partner_id,
            company=self.company_id,
            currency=self.currency_id,
            lines=[self._prepare_order_line(self._get_order_product(settings))],
        )

    def _prepare_order_line(self, product):
        text = product.get_product_multiline_description_sale()
        return LineRequest(
            product=product,
            price_unit=self._get_order_cost(),
            name=f"{text}\n{self._describe_term()}",
        )

    def _get_order_product(self, settings):
        """TO EXTEND: the product that is sold.

        :raises UserError: when none is set, with the place to set it
        """
        product = settings.product or self.env["postsale.config"]._get_required_product(
            self.company_id, self._order_case
        )
        return product.sudo(False).with_env(self.env)

    def _get_order_cost(self):
        """TO OVERRIDE: untaxed amount in ``currency_id``; None for the list price."""
        return None

    def _describe_term(self):
        """What is printed below the product."""
        return self.env._(
            "%(record)s: %(start)s – %(end)s",
            record=self.display_name,
            start=format_date(self.env, self.date_start),
            end=format_date(self.env, self.date_end),
        )

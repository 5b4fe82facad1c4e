from collections import defaultdict

from odoo import Command, api, models
from odoo.exceptions import UserError

#: Who may look after quotations and orders.
ORDER_GROUP = "sales_team.group_sale_salesman"
#: People whom a message names before it says "and others".
NAMES_SHOWN = 3


class PostsaleOrderMaker(models.AbstractModel):
    """Quotations and orders for contracts, renewals and tickets.

    Whoever may write the source may cause its order, also without a right in *Sales*:
    callers check that first. The order carries his name.
    """

    _name = "postsale.order.maker"
    _description = "Maker of post-sale orders"

    # === ORDERS === #

    @api.model
    def _create_orders(self, requests):
        """One order for each request, in their order, confirmed where the settings say
        so.

        Customer, salesperson, terms, pricelist and whatever a request leaves open are
        what core gives a new order of this customer made by this user. A quotation
        template lends its terms, validity, journal and texts; its lines stay out,
        since the request says what is sold and at which price.

        The lines of an order stand in the order of the request.

        :param list[OrderRequest] requests:
        :return: ``sale.order`` with the rights of the user
        :raises UserError: no exchange rate from the currency of a request
        """
        made = {}
        by_company = defaultdict(list)
        for index, request in enumerate(requests):
            by_company[request.company].append(index)
        for company, indexes in by_company.items():
            maker = self.sudo().with_company(company)  # sudo: no default of the caller
            orders = maker._create_for_company([requests[i] for i in indexes])
            made |= dict(zip(indexes, orders, strict=True))
        orders = self.env["sale.order"].union(*(made[i] for i in sorted(made)))
        confirmed = [
            made[index].id
            for index, request in enumerate(requests)
            if request.settings.order_kind == "order"
        ]
        orders.sudo().browse(confirmed).action_confirm()
        return orders.sudo(False)

    @api.model
    def _create_for_company(self, requests):
        """Headers first: they decide on the currency of the lines."""
        orders = self.env["sale.order"].create(
            [self._prepare_order(request) for request in requests]
        )
        pairs = list(zip(requests, orders, strict=True))
        self._check_rates(pairs)
        lines = orders.order_line.create(
            [
                self._prepare_line(request, order, line)
                for request, order in pairs
                for line in request.lines
            ]
        )
        wanted = [line for request in requests for line in request.lines]
        self._keep_untaxed_prices(lines, wanted)
        return orders

    @api.model
    def _prepare_order(self, request):
        settings = request.settings
        values = {
            "company_id": request.company.id,
            "partner_id": request.partner.id,
            "origin": request.source.display_name,
            "deal_subject": settings.subject,
        }
        if settings.template:
            values["sale_order_template_id"] = settings.template.id
        if settings.team:
            values["team_id"] = settings.team.id
        if request.assets:
            values["asset_ids"] = [Command.set(request.assets.ids)]
        return values

    @api.model
    def _prepare_line(self, request, order, line):
        values = {
            "order_id": order.id,
            "product_id": line.product.id,
            "product_uom_qty": line.quantity,
        }
        if line.name:
            values["name"] = line.name
        if line.uom:
            values["product_uom_id"] = line.uom.id
        if line.price_unit is not None:
            price = request.currency._convert(
                line.price_unit,
                order.currency_id,
                order.company_id,
                order.date_order.date(),
                round=False,
            )
            # core takes a price for the catalogue's, and replaces it at the next
            # change of the quantity, unless the two fields differ
            values |= {
                "price_unit": price,
                "technical_price_unit": price - 1.0,
                "discount": 0.0,
            }
        return values

    @api.model
    def _check_rates(self, pairs):
        """Core takes 1 for a currency without rates."""
        for company, currency in {
            (order.company_id, currency)
            for request, order in pairs
            for currency in request.currency | order.currency_id
            if request.currency != order.currency_id
            and currency != order.company_id.currency_id
        }:
            if not company._has_rates(currency):
                raise UserError(
                    self.env._(
                        "There is no exchange rate for %s. Enter one under Invoicing → "
                        "Configuration → Currencies.",
                        currency.name,
                    )
                )

    @api.model
    def _keep_untaxed_prices(self, lines, wanted):
        """Prices of requests are untaxed."""
        for line, request in zip(lines, wanted, strict=True):
            if request.price_unit is None:
                continue
            price = self._include_taxes(
                line.price_unit, line.product_id, line.tax_ids, line.product_uom_id
            )
            if price != line.price_unit:
                line.price_unit = price

    @api.model
    def _include_taxes(self, price, product, taxes, uom):
        """The unit price whose untaxed amount is ``price``: some taxes are part of a
        unit price."""
        none = taxes.browse()
        return taxes._adapt_price_unit_to_another_taxes(
            price, product, none, taxes, product_uom=uom
        )

    # === TOLD AFTERWARDS === #

    @api.model
    def _can_open(self, orders):
        """Whether the user may look after these orders."""
        return self.env.user.has_group(ORDER_GROUP) and orders.has_access("write")

    @api.model
    def _get_notice(self, orders, next_action=None):
        """What tells the user of new orders: that defaults were used, and where they
        are; without the right to manage orders, whom to ask.

        :param sale.order orders: one or more that the user has just caused
        :param dict next_action: what follows; default: the screen is read again. A
            dialogue gives ``{"type": "ir.actions.act_window_close"}``
        :return: a client action
        """
        orders = orders.sudo(False)
        may_open = self._can_open(orders)
        told = [self._describe_orders(orders.sudo())]
        params = {
            "type": "success" if may_open else "warning",
            "next": next_action or {"type": "ir.actions.client", "tag": "soft_reload"},
        }
        if may_open:
            told.append(self.env._("Open what should be changed."))
            params |= {
                "button": self.env._("Open %s", orders.name)
                if len(orders) == 1
                else self.env._("Open the orders"),
                "open": self._get_open_action(orders),
            }
        else:
            told.append(self._describe_whom_to_ask(orders.sudo()))
        return {
            "type": "ir.actions.client",
            "tag": "postsale_contracts.order_notice",
            "params": params | {"message": " ".join(told)},
        }

    @api.model
    def _describe_orders(self, orders):
        if len(orders) > 1:
            return self.env._(
                "%(count)s orders were made with the default settings of the customers "
                "and of yourself.",
                count=len(orders),
            )
        return self.env._(
            "%(order)s was made with the default settings of %(customer)s and of "
            "yourself.",
            order=orders.name,
            customer=orders.partner_id.display_name,
        )

    @api.model
    def _describe_whom_to_ask(self, orders):
        """The salespeople of the orders, else the leaders of their sales teams."""
        people = self.env["res.users"].sudo()
        for order in orders:
            people |= order.user_id or order.team_id.user_id
        people -= self.env.user
        if not people:
            return self.env._(
                "You may not manage orders: ask somebody in Sales to look at it."
            )
        names = people[:NAMES_SHOWN].mapped("name")
        if len(people) > NAMES_SHOWN:
            names.append("…")
        return self.env._(
            "You may not manage orders: ask %s to look at it.", ", ".join(names)
        )

    @api.model
    def _get_open_action(self, orders):
        """One order on its page, several as a list."""
        name = orders.name if len(orders) == 1 else self.env._("New Orders")
        return orders._get_records_action(name=name, context={})

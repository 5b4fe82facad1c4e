from collections import defaultdict

from odoo import Command, api, models

#: Who may look after quotations and orders.
ORDER_GROUP = "sales_team.group_sale_salesman"


class PostsaleOrderMaker(models.AbstractModel):
    """Quotations and orders for contracts, renewals and tickets.

    Whoever may write the source may cause its order, also without a right in *Sales*:
    callers check that first. The order carries his name.
    """

    _name = "postsale.order.maker"
    _description = "Maker of post-sale orders"

    @api.model
    def _create_orders(self, requests):
        """One order for each request, in their order, confirmed where the settings say
        so.

        :param list[OrderRequest] requests:
        :return: ``sale.order`` with the rights of the user
        """
        made = {}
        by_company = defaultdict(list)
        for index, request in enumerate(requests):
            by_company[request.company].append(index)
        for company, indexes in by_company.items():
            orders = self.env["sale.order"].sudo().with_company(company)
            values = [self._prepare_order(requests[index]) for index in indexes]
            made |= dict(zip(indexes, orders.create(values), strict=True))
        orders = self.env["sale.order"].union(*(made[i] for i in sorted(made)))
        confirmed = [
            made[index].id
            for index, request in enumerate(requests)
            if request.settings.order_kind == "order"
        ]
        orders.sudo().browse(confirmed).action_confirm()
        return orders.sudo(False)

    @api.model
    def _prepare_order(self, request):
        values = {
            "company_id": request.company.id,
            "partner_id": request.partner.id,
            "origin": request.source.display_name,
            "deal_subject": request.settings.subject,
            "sale_order_template_id": request.settings.template.id,
            "order_line": [
                Command.create(self._prepare_line(request, line))
                for line in request.lines
            ],
        }
        if request.settings.team:
            values["team_id"] = request.settings.team.id
        if request.assets:
            values["asset_ids"] = [Command.set(request.assets.ids)]
        return values

    @api.model
    def _prepare_line(self, request, line):
        values = {"product_id": line.product.id, "product_uom_qty": line.quantity}
        if line.name:
            values["name"] = line.name
        if line.uom:
            values["product_uom_id"] = line.uom.id
        if line.price_unit is not None:
            # core takes a price for the catalogue's, and replaces it at the next
            # change of the quantity, unless the two fields differ
            values |= {
                "price_unit": line.price_unit,
                "technical_price_unit": line.price_unit - 1.0,
                "discount": 0.0,
            }
        return values

    # === TOLD AFTERWARDS === #

    @api.model
    def _can_open(self, orders):
        """Whether the user may look after these orders."""
        return self.env.user.has_group(ORDER_GROUP) and orders.has_access("write")

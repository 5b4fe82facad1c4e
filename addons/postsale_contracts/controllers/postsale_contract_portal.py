from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class PostsaleContractPortal(CustomerPortal):
    """A customer's own contracts. There are no links with tokens: one logs in."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "postsale_contract_count" in counters:
            Contract = request.env["postsale.contract"]
            values["postsale_contract_count"] = (
                Contract.search_count(self._get_contract_domain())
                if Contract.has_access("read")
                else 0
            )
        return values

    def _get_contract_domain(self):
        """Also for colleagues who try the portal: their own company's contracts only;
        customers are held to theirs by a record rule."""
        partner = request.env.user.commercial_partner_id
        return [("partner_id", "child_of", partner.ids), ("state", "!=", "draft")]

    @route(
        ["/my/contracts", "/my/contracts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_contracts(self, page=1, **kwargs):
        Contract = request.env["postsale.contract"]
        if not Contract.has_access("read"):
            return request.redirect("/my")
        domain = self._get_contract_domain()
        pages = pager(
            url="/my/contracts",
            total=Contract.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        contracts = Contract.search(
            domain,
            order="date_end desc, id desc",
            limit=self._items_per_page,
            offset=pages["offset"],
        )
        values = self._prepare_portal_layout_values() | {
            "page_name": "postsale_contract",
            "default_url": "/my/contracts",
            "pager": pages,
            "contracts": contracts.sudo(),
        }
        return request.render("postsale_contracts.portal_my_contracts", values)

    @route(["/my/contracts/<int:contract_id>"], type="http", auth="user", website=True)
    def portal_my_contract(self, contract_id, **kwargs):
        Contract = request.env["postsale.contract"]
        if Contract.has_access("read"):
            domain = [("id", "=", contract_id), *self._get_contract_domain()]
            if contract := Contract.search(domain):
                values = self._get_contract_page_values(contract.sudo())
                return request.render("postsale_contracts.portal_my_contract", values)
        return request.redirect("/my/contracts")

    def _get_contract_page_values(self, contract):
        """What the page of one contract shows.

        :param contract: in sudo, already checked
        """
        orders = contract.sale_order_id | contract.renewal_ids.sale_order_id
        issued = contract.billing_task_id.occurrence_ids.move_id
        invoices = self._get_readable(orders.invoice_ids | issued)
        renewals = contract.renewal_ids.filtered(lambda r: r.state != "cancelled")
        return self._prepare_portal_layout_values() | {
            "page_name": "postsale_contract",
            "contract": contract,
            "orders": self._get_readable(orders).filtered(
                lambda order: order.state in ("sent", "sale")
            ),
            "invoices": invoices.filtered(
                lambda invoice: invoice.state == "posted"
            ).sorted("invoice_date", reverse=True),
            "renewals": renewals,
        }

    def _get_readable(self, records):
        """Documents that the user may open: some are somebody else's, e.g. of a bank
        that pays."""
        return records.sudo(False)._filtered_access("read").sudo()

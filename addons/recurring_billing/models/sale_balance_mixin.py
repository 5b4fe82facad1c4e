from odoo import api, models
from odoo.tools import formatLang


class SaleBalanceMixin(models.AbstractModel):
    """What a customer owes, currency by currency.

    Currencies are never added up: the sum would depend on the day it is looked at.
    """

    _name = "sale.balance.mixin"
    _description = "Outstanding balance of a customer"

    def _get_outstanding_balances(self):
        """What the commercial entities of these partners owe, with all their addresses
        and contacts, in the companies the user works in.

        Open receivable items of posted entries; credit that is not applied yet reduces
        the sum, which is negative when the customer has more credit than debt. A user
        who may see the customer is told the whole sum, also where he reads only his own
        invoices: part of a debt would be a wrong figure.

        :return: for each entity of ``self``, amounts that are not zero by currency
        :rtype: dict[res.partner, dict[res.currency, float]]
        """
        self.check_access("read")
        entities = self._origin.sudo().commercial_partner_id
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                self._get_outstanding_domain(entities),
                ["partner_id.commercial_partner_id", "currency_id"],
                ["amount_residual_currency:sum"],
            )
        )
        balances = {entity.with_env(self.env): {} for entity in entities}
        for entity, currency, amount in groups:
            if not currency.is_zero(amount):
                own = balances[entity.with_env(self.env)]
                own[currency.with_env(self.env)] = currency.round(amount)
        return balances

    @api.model
    def _get_outstanding_domain(self, entities):
        """Open items of these customers."""
        return [
            ("partner_id.commercial_partner_id", "in", entities.ids),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("company_id", "in", self.env.companies.ids),
        ]

    @api.model
    def _format_balances(self, balances):
        """Text such as ``1,200.00 € · 300.00 $`` in the user's language.

        :param dict balances: amounts by currency; the company's currency comes first
        """
        own = self.env.company.currency_id
        balances = balances or {own: 0.0}
        return " · ".join(
            formatLang(self.env, balances[currency], currency_obj=currency)
            for currency in sorted(balances, key=lambda c: (c != own, c.name))
        )

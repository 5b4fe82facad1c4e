from odoo import Command, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_repeated_line(self, position):
        """Values of the task line that gives this invoice line again.

        :param account.fiscal.position position: that the next invoice will have
        """
        self.ensure_one()
        values = {
            "sequence": self.sequence,
            "name": self.name or self.product_id.display_name or "/",
            "collapse_prices": self.collapse_prices,
            "collapse_composition": self.collapse_composition,
        }
        if self.display_type != "product":
            return {**values, "display_type": self.display_type}
        taxes, is_final = self._get_repeated_taxes(position)
        return {
            **values,
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(taxes.ids)],
            "tax_is_final": is_final,
            "account_id": self.account_id.id,
            "analytic_distribution": self.analytic_distribution,
        }

    def _get_repeated_taxes(self, position):
        """Taxes of the task line that give this line's taxes and price again.

        The product's own where the fiscal position makes these taxes of them: they
        follow the customer when he moves abroad. Else these taxes, and where the fiscal
        position would change even those, as they are.

        :return: the taxes, and whether no fiscal position may be applied to them
        """
        own = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        for taxes in (own, self.tax_ids):
            mapped = position.map_tax(taxes)
            if mapped == self.tax_ids and self._keeps_price(taxes, mapped):
                return taxes, False
        return self.tax_ids, True

    def _keeps_price(self, taxes, mapped):
        """Whether core leaves the price alone when these taxes become those."""
        price = self.env["account.tax"]._adapt_price_unit_to_another_taxes(
            self.price_unit,
            self.product_id,
            taxes,
            mapped,
            product_uom=self.product_uom_id,
        )
        return price == self.price_unit

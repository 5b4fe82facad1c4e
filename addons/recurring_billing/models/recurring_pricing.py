from dataclasses import dataclass
from typing import Any

from odoo import api, models


@dataclass(frozen=True)
class LinePrice:
    """What a line costs a customer on a day.

    ``is_manual`` says that the price must be kept although the catalogue has
    another one.
    """

    price_unit: float
    discount: float
    taxes: Any
    is_manual: bool

    @property
    def net(self) -> float:
        """Price of a unit after the discount."""
        return self.price_unit * (1 - self.discount / 100)

    def get_untaxed(self, line, currency) -> float:
        """What the line comes to without taxes, also where prices hold them."""
        taxed = self.taxes.compute_all(
            self.net, currency, line.quantity, line.product_id
        )
        return taxed["total_excluded"]


class RecurringPricing(models.AbstractModel):
    """Prices and taxes of the lines of a recurring document."""

    _name = "recurring.pricing"
    _description = "Recurring pricing"

    @api.model
    def _get_prices(self, row):
        """Price of each line of the task for the customer and date of ``row``.

        :rtype: dict[recurring.task.line, LinePrice]
        """
        recipient = row.recipient_id
        position = recipient.fiscal_position_used_id
        currency = self._get_currency(recipient)
        return {
            line: self._get_price(
                line, recipient, position, currency, row.document_date
            )
            for line in row.task_id.line_ids
        }

    @api.model
    def _get_currency(self, recipient):
        """Currency of the document: the task's, or the pricelist's if that rules."""
        task = recipient.task_id
        if task.price_mode == "pricelist":
            return (
                recipient.pricelist_used_id.currency_id or task.company_id.currency_id
            )
        return task.currency_id

    @api.model
    def _get_price(self, line, recipient, position, currency, date):
        taxes = line.tax_ids if line.tax_is_final else position.map_tax(line.tax_ids)
        by_catalogue = line.task_id.price_mode == "pricelist" and line.product_id
        if by_catalogue:
            price = self._get_catalogue_price(line, recipient, currency, date)
            original = line.product_id.taxes_id._filter_taxes_by_company(
                line.company_id
            )
        else:
            price, original = line.price_unit, line.tax_ids
            # a unit price is not rounded: invoices keep all its decimals, too
            price = line.currency_id._convert(
                price, currency, line.company_id, date, round=False
            )
        price = (
            self.env["account.tax"]._adapt_price_unit_to_another_taxes(
                price,
                line.product_id,
                original,
                taxes,
                product_uom=line.product_uom_id,
            )
            if not line.display_type
            else 0.0
        )
        return LinePrice(
            price_unit=price,
            discount=line.discount,
            taxes=taxes,
            is_manual=not by_catalogue or bool(line.discount),
        )

    @api.model
    def _get_catalogue_price(self, line, recipient, currency, date):
        """Price by pricelist, which holds the customer's special prices."""
        return recipient.pricelist_used_id._get_product_price(
            line.product_id.with_company(line.company_id),
            line.quantity or 1.0,
            currency=currency,
            uom=line.product_uom_id,
            date=date,
        )

    # === WHAT IT COMES TO === #

    @api.model
    def _get_untaxed_amounts(self, slots):
        """What each line comes to, slot by slot; each price is worked out once.

        :param slots: of one company
        :return: iterator of ``{recurring.task.line: amount}``, in the order of the
            slots: without taxes, in the currency of the company, at today's rate
        """
        known = {}
        for slot in slots:
            key = slot.task._get_handler()._get_price_key(slot)
            if key not in known:
                known[key] = self._get_untaxed(slot)
            yield known[key]

    @api.model
    def _get_untaxed(self, slot):
        company = slot.recipient.company_id
        currency = self._get_currency(slot.recipient)
        rate = currency._get_conversion_rate(
            currency, company.currency_id, company, slot.today
        )
        return {
            line: company.currency_id.round(rate * price.get_untaxed(line, currency))
            for line, price in self._get_prices(slot).items()
            if not line.display_type
        }

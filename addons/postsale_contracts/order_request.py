"""What somebody asks ``postsale.order.maker`` for. No Odoo."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LineRequest:
    """One line of an order to be made.

    :param product: ``product.product``
    :param price_unit: price in ``currency``; None for what the order's pricelist gives
        that customer on that day
    :param str name: text of the line; empty for the product's own
    :param source: the record that the line is for, e.g. a service activity
    """

    product: object
    quantity: float = 1.0
    price_unit: float | None = None
    name: str = ""
    uom: object = None
    source: object = None


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One quotation or order to be made.

    :param source: the contract, renewal or ticket that it is for
    :param settings: the settings of the case, see ``postsale.config._get_case``
    :param currency: ``res.currency`` of the prices of the lines
    :param assets: ``maintenance.equipment`` that the order is about
    """

    source: object
    settings: object
    partner: object
    company: object
    currency: object
    lines: list = field(default_factory=list)
    assets: object = None

"""Amounts of instalments: pure arithmetic, no Odoo.

Shares are counted in whole rounding units, so that they add up to the total to the
last unit. They differ by one unit at most; the larger ones come last.
"""

from decimal import Decimal


def split_amount(total: float, count: int, rounding: float) -> list[float]:
    """Split ``total`` into ``count`` instalments.

    What is split again after some were paid gives the same as what was split at once:
    the rest of 100.00 in three after 33.33 is 33.33 and 33.34.

    :param total: an amount of money, in whole rounding units; may be negative
    :param count: number of instalments, 1 or more
    :param rounding: smallest unit of the currency, e.g. 0.01
    :return: amounts whose sum is ``total``, in the order of payment
    :raises ValueError: for fewer than one instalment, or no unit
    """
    if count < 1:
        raise ValueError("there is at least one instalment")
    if rounding <= 0:
        raise ValueError("the smallest unit of a currency is more than zero")
    unit = Decimal(str(rounding))
    units = round(Decimal(str(total)) / unit)
    share, larger = divmod(abs(units), count)
    shares = [share] * (count - larger) + [share + 1] * larger
    return [float((share if units >= 0 else -share) * unit) for share in shares]

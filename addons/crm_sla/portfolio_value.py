"""What a customer should bring in a period, worked out from what he brought before."""

from decimal import ROUND_HALF_UP, Decimal

#: A trend counts up to half as much again, and down to half.
SMALLEST_GROWTH = Decimal("0.5")
LARGEST_GROWTH = Decimal("1.5")


def get_recommended_value(
    rule: str, initial: float, percent: float = 100.0, before: float = 0.0, digits=2
) -> float:
    """Recommended value by a rule, never below 0, rounded half up.

    * ``percent``: ``percent`` % of ``initial``; 110 is a tenth more.
    * ``trend``: ``initial`` × growth, where growth is ``initial`` / ``before``, what
      was billed in the period of the same length before the one ``initial`` is from. It
      is held between one half and one and a half, so that a single large order does not
      become a plan. Without billing before there is no trend: ``initial``.
    * ``none``: 0.

    :param initial: billing of the reference period, any currency, as the other amounts
    :param digits: decimal places of the currency
    :raises ValueError: unknown rule
    """
    start = Decimal(str(initial))
    if rule == "none":
        value = Decimal(0)
    elif rule == "percent":
        value = start * Decimal(str(percent)) / 100
    elif rule == "trend":
        value = start * _get_growth(start, Decimal(str(before)))
    else:
        raise ValueError(f"no such rule: {rule}")
    step = Decimal(1).scaleb(-digits)
    return float(max(value, Decimal(0)).quantize(step, rounding=ROUND_HALF_UP))


def _get_growth(now, before):
    if before <= 0:
        return Decimal(1)
    return min(max(now / before, SMALLEST_GROWTH), LARGEST_GROWTH)

"""What a run was expected to come to, and what became of it: pure, no Odoo.

Each document is expected to come to what the last one of the same customer came to.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Documents of a run with the same outcome and the same currencies.

    Amounts are without taxes.
    """

    #: issued, failed, held, skipped or missing
    outcome: str
    count: int
    #: currency of the earlier documents, None when there are none, and their sum
    before_currency: int | None
    before: float
    #: the same of the documents themselves
    currency: int | None
    amount: float


@dataclass
class Comparison:
    """The way from what was expected to what was issued, in one currency.

    expected + first + changed - failed - held - skipped - missing = issued
    """

    expected: float = 0.0
    #: documents of customers who had none before
    first: float = 0.0
    #: more or less than the last documents of the same customers
    changed: float = 0.0
    failed: float = 0.0
    held: float = 0.0
    skipped: float = 0.0
    missing: float = 0.0
    issued: float = 0.0


def explain(groups: Iterable[Group]) -> dict[int, Comparison]:
    """The comparison of each currency: amounts of two are never added up."""
    result = {}
    for group in groups:
        if group.before_currency:
            own = result.setdefault(group.before_currency, Comparison())
            own.expected += group.before
            if group.outcome == "issued":
                own.changed -= group.before
            else:
                lost = getattr(own, group.outcome) + group.before
                setattr(own, group.outcome, lost)
        if group.outcome == "issued" and group.currency:
            own = result.setdefault(group.currency, Comparison())
            own.issued += group.amount
            if group.before_currency:
                own.changed += group.amount
            else:
                own.first += group.amount
    return result


def count_unknown(groups: Iterable[Group]) -> int:
    """Documents that were not issued and of which nobody knows what they come to."""
    return sum(
        group.count
        for group in groups
        if group.outcome != "issued" and not group.before_currency
    )

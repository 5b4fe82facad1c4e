"""What a run was expected to come to, and what became of it: pure, no Odoo.

Each document is expected to come to what was forecast of it, or to what the last one of
the same customer came to.
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
    #: currency of what was expected of them, None when nothing was, and its sum
    expected_currency: int | None
    expected: float
    #: the same of the documents themselves
    currency: int | None
    amount: float


@dataclass
class Comparison:
    """The way from what was expected to what was issued, in one currency.

    expected + first + changed - failed - held - skipped - missing = issued
    """

    expected: float = 0.0
    #: documents that were neither forecast nor had one before them
    first: float = 0.0
    #: more or less than expected of the same documents
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
        if group.expected_currency:
            own = result.setdefault(group.expected_currency, Comparison())
            own.expected += group.expected
            if group.outcome == "issued":
                own.changed -= group.expected
            else:
                lost = getattr(own, group.outcome) + group.expected
                setattr(own, group.outcome, lost)
        if group.outcome == "issued" and group.currency:
            own = result.setdefault(group.currency, Comparison())
            own.issued += group.amount
            if group.expected_currency:
                own.changed += group.amount
            else:
                own.first += group.amount
    return result


def count_unknown(groups: Iterable[Group]) -> int:
    """Documents that were not issued and of which nobody knows what they come to."""
    return sum(
        group.count
        for group in groups
        if group.outcome != "issued" and not group.expected_currency
    )

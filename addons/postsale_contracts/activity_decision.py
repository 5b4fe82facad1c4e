"""Is a service activity billed, and if not, why not? No Odoo."""

from dataclasses import dataclass

#: What a condition says → what becomes of the activity.
COVERED = {"contract": "covered", "warranty": "warranty"}


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What the answer depends on.

    :param state: ``open``, ``closed`` or ``cancelled``
    :param coverage: why the condition is not billed, if it says so
    :param quantity: what would be billed, in hours or in pieces
    """

    state: str
    is_billed: bool = False
    has_condition: bool = True
    to_bill: bool = True
    coverage: str | bool = False
    has_customer: bool = True
    has_product: bool = True
    quantity: float = 1.0


def decide(facts):
    """The first reason for not billing, or ``billable``. What somebody should do comes
    after what is settled: a cancelled activity needs no condition."""
    if facts.is_billed:
        return "billed"
    if facts.state != "closed":
        return "cancelled" if facts.state == "cancelled" else "not_closed"
    if not facts.has_condition:
        return "no_condition"
    if not facts.to_bill:
        return COVERED.get(facts.coverage, "free")
    if not facts.has_customer:
        return "no_customer"
    if not facts.has_product:
        return "no_product"
    return "billable" if facts.quantity > 0 else "no_quantity"

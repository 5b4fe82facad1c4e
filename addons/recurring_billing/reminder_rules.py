"""Which level of a reminder comes next and when, and which debts a credit covers.

Pure: no Odoo, no clock, no database.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Step:
    """A level of the ladder: so many days after the due date."""

    key: Any
    days: int


@dataclass(frozen=True)
class Turn:
    """The level that comes next, and the first day on which it may."""

    step: Step
    day: date


def next_turn(steps, due, used):
    """The lowest level after those that an invoice has had.

    No level is left out and none comes back; a level keeps at least the distance of
    the ladder from the one before, however long the invoice is overdue. So a customer
    whose old invoice is found on the first day hears the first level, and the second
    one days later.

    :param steps: the ladder, in any order
    :param date due: day on which the invoice is due
    :param used: pairs of a :class:`Step` (of any ladder) and the day it was used
    :rtype: Turn | None
    """
    reached = max((step.days for step, _day in used), default=None)
    taken = {step.key for step, _day in used}
    for step in sorted(steps, key=lambda step: step.days):
        if step.key in taken or (reached is not None and step.days <= reached):
            continue
        day = due + timedelta(days=step.days)
        if used:
            last = max(day for _step, day in used)
            day = max(day, last + timedelta(days=step.days - reached))
        return Turn(step, day)
    return None


@dataclass(frozen=True)
class Settlement:
    """What remains when the credit of a customer is set against his debts.

    open: keys of the debts that it does not cover, in their order
    covered: keys of those that it covers wholly
    credits: pairs of key and amount: the credit that is left for the open ones
    """

    open: list
    covered: list
    credits: list


def settle(debts, payments, unit):
    """Set credit against debts, the first ones first, in one currency.

    :param debts: pairs of key and amount, oldest first
    :param payments: credit as pairs of key and positive amount, used up in this order
    :param float unit: smallest amount of the currency; less than half of it is nothing
    :rtype: Settlement
    """
    pool = sum(amount for _key, amount in payments)
    spent = 0.0
    covered = []
    for key, amount in debts:
        if spent + amount > pool + unit / 2:
            break
        spent += amount
        covered.append(key)
    rest = []
    for key, amount in payments:
        taken = min(amount, spent)
        spent -= taken
        if amount - taken > unit / 2:
            rest.append((key, amount - taken))
    return Settlement([key for key, _ in debts[len(covered) :]], covered, rest)

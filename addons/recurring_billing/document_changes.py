"""What differs between a document and the one before it: pure, no Odoo.

The facts of a document are a plain dictionary, so that they can be kept as JSON:

========== =========================================================================
currency   id
amount     total without taxes, in that currency
position   id of the fiscal position, 0 without one
term       id of the payment terms, 0 without any
address    text of the invoice address, its lines joined by a line break
vat        VAT number of the customer
archived   ``[[model, id], …]``: archived records that the document uses
lines      ``[{id, product, name, price, quantity, taxes, account}, …]``: id of the
           task's line, id of the product, label, net price of one unit, number of
           units, sorted ids of the taxes, id of the income account
========== =========================================================================

Whatever else an add-on keeps is a text; it is equal or not.

What one side does not know is not compared: facts that were kept by an earlier version
never raise a false alarm.
"""

from dataclasses import dataclass
from math import isclose
from typing import Any

#: Facts of the whole document that are equal or not, in the order of telling.
PLAIN = ("position", "currency", "term", "address", "vat")
#: Facts that are compared in a way of their own.
SPECIAL = frozenset({"amount", "lines", "archived"})


@dataclass(frozen=True)
class Change:
    """One difference: ``kind`` says of what, ``label`` of which line.

    Kinds: ``amount``, ``price``, ``quantity``, ``product``, ``tax``, ``account``,
    ``line_added``, ``line_removed``, ``archived``, those of :data:`PLAIN` and those of
    other add-ons.
    """

    kind: str
    before: Any = None
    now: Any = None
    label: str = ""

    @property
    def percent(self) -> float | None:
        """Growth of an amount in percent; ``None`` when there was nothing before."""
        if not self.before:
            return None
        return (self.now - self.before) / abs(self.before) * 100


def compare(before: dict, now: dict, rate: float = 1.0) -> list[Change]:
    """What differs from ``before``, what counts most first.

    :param dict before: facts of the document before
    :param dict now: facts of the document to issue
    :param float rate: what one unit of the currency before is worth in that of now
    """
    both = before.keys() & now.keys()
    changes = []
    if "amount" in both:
        changes += _compare_number("amount", before["amount"] * rate, now["amount"])
    if "lines" in both:
        is_priced = before.get("currency") == now.get("currency")
        for old, new in _match(before["lines"], now["lines"]):
            changes += _compare_lines(old, new, is_priced)
    changes += [
        Change(kind, before[kind], now[kind])
        for kind in _get_plain(both)
        if before[kind] != now[kind]
    ]
    if "archived" in both:
        known = {tuple(record) for record in before["archived"]}
        gone = tuple(tuple(r) for r in now["archived"] if tuple(r) not in known)
        changes += [Change("archived", (), gone)] if gone else []
    return changes


def exceeds(change: Change, growth: float, fall: float) -> bool:
    """Whether an amount has grown or fallen by more than so many percent; 0: any may.

    What cost nothing before has grown beyond any limit.
    """
    if change.percent is None:
        return growth > 0 and change.now > 0
    is_grown = growth > 0 and change.percent > growth * (1 + 1e-9)
    return is_grown or fall > 0 and -change.percent > fall * (1 + 1e-9)


def _get_plain(known: set) -> list[str]:
    """Facts that are equal or not: ours first, then those of other add-ons."""
    others = sorted(known - {*PLAIN, *SPECIAL})
    return [kind for kind in (*PLAIN, *others) if kind in known]


def _match(before: list[dict], now: list[dict]) -> list[tuple]:
    """Pairs of lines: by line of the task, else by product; ``None`` for nothing."""
    left = {line["id"]: line for line in before}
    pairs = {line["id"]: left.pop(line["id"], None) for line in now}
    for line in now:
        if pairs[line["id"]] is None and line["product"]:
            same = [old for old in left.values() if old["product"] == line["product"]]
            if same:
                pairs[line["id"]] = left.pop(same[0]["id"])
    matched = [(pairs[line["id"]], line) for line in now]
    return matched + [(line, None) for line in left.values()]


def _compare_lines(old: dict | None, new: dict | None, is_priced: bool) -> list[Change]:
    """Differences of a line.

    :param is_priced: its prices can be compared, since the currency is the same
    """
    if old is None:
        return [Change("line_added", label=new["name"])]
    if new is None:
        return [Change("line_removed", label=old["name"])]
    label, changes = new["name"], []
    if old["product"] != new["product"]:
        changes.append(Change("product", old["name"], new["name"], label))
    if is_priced:
        changes += _compare_number("price", old["price"], new["price"], label)
    changes += _compare_number("quantity", old["quantity"], new["quantity"], label)
    if old["taxes"] != new["taxes"]:
        changes.append(Change("tax", tuple(old["taxes"]), tuple(new["taxes"]), label))
    if old["account"] != new["account"]:
        changes.append(Change("account", old["account"], new["account"], label))
    return changes


def _compare_number(kind: str, old: float, new: float, label: str = "") -> list[Change]:
    if isclose(old, new, rel_tol=1e-9, abs_tol=1e-6):
        return []
    return [Change(kind, old, new, label)]

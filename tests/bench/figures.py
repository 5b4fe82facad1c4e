"""From measured rows to figures, ratios and goals. Pure functions, tested in CI."""

from dataclasses import dataclass
from decimal import Decimal
from statistics import median

#: The three lines of every invoice.
PRICES = (Decimal("100.00"), Decimal("49.90"), Decimal("12.35"))
QUANTITIES = (1, 2, 3)
TAX_PERCENT = 21
#: Three lines, one tax, one receivable.
ITEMS = 5


def get_invoice_total():
    net = sum(p * q for p, q in zip(PRICES, QUANTITIES, strict=True))
    return (net * (100 + TAX_PERCENT) / 100).quantize(Decimal("0.01"))


def get_faults(row):
    """Why a run did not do the work that the others do; empty = it did."""
    n = row["n"]
    expected = {
        "invoices": n,
        "customers": n,
        "posted": n if row["state"] == "posted" else 0,
        "numbers": n if row["state"] == "posted" else 0,
        "items": ITEMS * n,
        "total": str(get_invoice_total() * n),
        "kinds": 1,
    }
    return [
        f"{row['what']} at {n}: {name} {row[name]}, expected {wanted}"
        for name, wanted in expected.items()
        if row[name] != wanted
    ]


def get_disagreements(rows):
    """Sentences about contenders whose journal items are not like ours."""
    digests = {}
    for row in rows:
        digests.setdefault(row["digest"], set()).add(row["what"])
    if len(digests) < 2:
        return []
    sides = " / ".join(sorted(", ".join(sorted(whats)) for whats in digests.values()))
    return [f"the journal items differ: {sides}"]


def get_figure(rows, what, n, name):
    """A figure over the turns of one contender, None when not measured.

    Of times the least: what else the machine does can only add to them. Of anything
    else the median.
    """
    found = [row[name] for row in rows if row["what"] == what and row["n"] == n]
    if not found:
        return None
    return min(found) if name.endswith("_ms") else median(found)


def get_ratio(rows, name, what, other, n, other_n=None):
    """How many times as much; None when one of the two was not measured."""
    mine = get_figure(rows, what, n, name)
    yardstick = get_figure(rows, other, other_n or n, name)
    return mine / yardstick if mine is not None and yardstick else None


@dataclass(frozen=True)
class Goal:
    """One row of the table of goals; figure None = not measured."""

    text: str
    figure: float | None
    limit: float
    unit: str = ""

    @property
    def is_met(self):
        return self.figure is not None and self.figure <= self.limit

    @property
    def verdict(self):
        if self.figure is None:
            return "not measured"
        return "met" if self.is_met else "**not met**"


def get_goals(rows):
    """The goals for making invoices; `rows` as `inside.run` returns them."""
    goals = []
    for n in (1000, 10_000):
        cpu = get_figure(rows, "ours", n, "cpu_ms")
        goals.append(Goal(f"CPU per invoice, N = {n:,}", cpu, 30, "ms"))
    for n in (1000, 3000):
        ratio = get_ratio(rows, "cpu_ms", "ours", "contract", n)
        goals.append(Goal(f"CPU, ours / OCA contract, N = {n:,}", ratio, 0.45))
    for n in (1000, 3000, 10_000):
        ratio = get_ratio(rows, "cpu_ms", "ours", "best", n)
        goals.append(Goal(f"CPU, ours / best honest batch, N = {n:,}", ratio, 1.25))
    for n in (1000, 10_000):
        sql = get_figure(rows, "ours", n, "sql")
        goals.append(Goal(f"SQL statements per invoice, N = {n:,}", sql, 10))
    growth = get_ratio(rows, "rss_mib", "ours", "ours", 10_000, 1000)
    goals.append(Goal("peak memory, N = 10,000 / N = 1,000", growth, 1.25))
    peak = get_figure(rows, "ours", 10_000, "rss_mib")
    goals.append(Goal("peak memory, N = 10,000", peak, 200, "MiB"))
    return goals


def get_sending_goals(rows):
    """PDF and e-mail: the whole wall time, with Odoo's own print delay."""
    return [
        Goal(
            f"PDF + e-mail queued, N = {row['n']}, {row['engine']},"
            f" print delay {row['delay_ms']} ms",
            row["wall_ms"],
            250,
            "ms",
        )
        for row in rows
        if row["is_patched"]
    ]


def get_due_goals(rows):
    return [
        Goal(
            f"due selection, {row['due']:,} of {row['recipients']:,} recipients"
            f" on {row['tasks']} task{'s' if row['tasks'] > 1 else ''}",
            row["wall_ms"],
            50,
            "ms",
        )
        for row in rows
    ]

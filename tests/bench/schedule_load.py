"""What the calendar does to a very large user: due documents by day, and the hosts that
they need.

Runs without Odoo and without a database; the dates come from the add-on's own
arithmetic (`addons/recurring_billing/schedule.py`), month's ends and moved Sundays
included. docs/scaling.md shows the table.

    ./setup/shell.sh env PYTHONPATH=tests python -m bench.schedule_load
"""

import argparse
import math
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial

from proofs.oracle import schedule

YEAR = 2027


@dataclass(frozen=True)
class Case:
    """How the customers' days lie in the month.

    days: ``{day of the month: share of the customers}``
    to_workday: whether documents of a weekend wait for Monday
    """

    name: str
    days: dict
    to_workday: bool = False


def evenly(days):
    return {day: 1 / len(days) for day in days}


CASES = (
    Case("all on the 1st", {1: 1.0}),
    Case("1st and 15th, half each", {1: 0.5, 15: 0.5}),
    Case(
        "half on the 1st, the others on any day",
        {
            day: share / 2 + (day == 1) / 2
            for day, share in evenly(range(1, 32)).items()
        },
    ),
    Case("by the day of enrolment, 1st to 31st", evenly(range(1, 32))),
    Case("the same, weekends wait for Monday", evenly(range(1, 32)), to_workday=True),
    Case("spread on purpose, 1st to 28th", evenly(range(1, 29))),
)


def next_workday(day):
    return schedule.shift_to_working_day(day, "after", lambda d: d.weekday() < 5)


def count_by_day(case, recipients, year=YEAR):
    """``{day of the year: documents}`` of monthly tasks."""
    counts = Counter()
    for month_day, share in case.days.items():
        plan = schedule.Schedule(
            date(year - 1, 12, 1), day_rule="month_day", month_day=month_day
        )
        for period in plan.periods(date(year - 1, 12, 1)):
            day = next_workday(period.start) if case.to_workday else period.start
            if period.start.year > year:
                break
            if day.year == year:
                counts[day] += recipients * share
    return counts


def get_row(case, recipients, seconds, hours, cores):
    """The busiest day, and what it takes.

    :param seconds: of CPU for each document
    :param hours: in which a day's documents shall be out
    """
    counts = count_by_day(case, recipients)
    peak_day, peak = max(counts.items(), key=lambda item: item[1])
    per_second = peak / (hours * 3600)
    needed = math.ceil(per_second * seconds)
    busy = sum(counts.values()) * seconds / (needed * 365 * 24 * 3600)
    return {
        "how the days lie": case.name,
        "busiest day": f"{peak_day:%d %b}",
        "documents": f"{peak:,.0f}",
        "a second": f"{per_second:,.0f}",
        "cores": f"{needed:,}",
        f"hosts of {cores} cores": f"{math.ceil(needed / cores):,}",
        "busy over the year": f"{busy:.0%}",
    }


def print_table(rows):
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(row.values()) + " |")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    number = partial(parser.add_argument, type=float)
    number("--recipients", default=10_000_000)
    number("--seconds", default=0.36, help="of a core for each document, PDF, mail")
    number("--hours", default=8, help="in which a day's documents shall be out")
    number("--cores", default=16, help="of one host")
    given = parser.parse_args(arguments)
    print_table(
        [
            get_row(case, given.recipients, given.seconds, given.hours, given.cores)
            for case in CASES
        ]
    )


if __name__ == "__main__":
    main()

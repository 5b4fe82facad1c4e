"""First visits spread evenly over some weeks. No Odoo, no clock."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

#: Every day of the week, Monday = 0.
ANY_WEEKDAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Trip:
    """What one technician does at one customer's on one day.

    :param key: anything that tells the trips apart
    :param technician: whose days it fills; trips without one share an imaginary one
    :param weekdays: days that suit the customer, Monday = 0
    :param size: number of visits, e.g. one for each asset
    """

    key: Any
    technician: Any = None
    weekdays: frozenset = ANY_WEEKDAY
    size: int = 1


def get_days(first: date, weeks: int, days_off=frozenset()) -> list[date]:
    """Working days of so many weeks from ``first`` on.

    >>> len(get_days(date(2027, 4, 1), 1, {date(2027, 4, 3), date(2027, 4, 4)}))
    5
    """
    days = (first + timedelta(days=n) for n in range(7 * weeks))
    return [day for day in days if day not in days_off]


def spread(trips, days, per_day=0, taken=None) -> dict:
    """A day for each trip, or None where there is no room: ``{key: date | None}``.

    Each goes to the emptiest day of its technician that suits; among equally empty ones
    to the one that keeps the trips apart. The same trips in the same order always get
    the same days.

    >>> days = get_days(date(2027, 4, 5), 1, {date(2027, 4, 10), date(2027, 4, 11)})
    >>> found = spread([Trip("a"), Trip("b"), Trip("c", weekdays=frozenset({0}))], days)
    >>> [str(found[key]) for key in "abc"]
    ['2027-04-07', '2027-04-09', '2027-04-05']
    >>> spread([Trip("a"), Trip("b")], days[:1], per_day=1)["b"] is None
    True

    :param list trips: of :class:`Trip`
    :param list days: working days, in order
    :param int per_day: most visits of a technician on a day; 0 = no limit. A trip that
        is larger takes a day of its own.
    :param dict taken: visits that are planned already: ``{(technician, day): number}``
    """
    load = defaultdict(int, taken or {})
    by_technician = defaultdict(list)
    for trip in trips:
        by_technician[trip.technician].append(trip)
    result = {}
    for technician, own in by_technician.items():
        counts = defaultdict(int, {day: load[technician, day] for day in days})
        result |= _spread_own(own, days, per_day, counts)
    return result


def _spread_own(trips, days, per_day, counts):
    """The same for the trips of one technician; ``counts`` his visits by day."""
    suiting = {
        trip.key: [day for day in days if day.weekday() in trip.weekdays]
        for trip in trips
    }
    result = {}
    # whoever has little choice chooses first, then the large ones
    order = sorted(trips, key=lambda trip: (len(suiting[trip.key]), -trip.size))
    for index, trip in enumerate(order):
        choice = suiting[trip.key]
        place = (2 * index + 1) * len(choice) // (2 * len(order))
        ranked = [
            (counts[day], abs(number - place), day)
            for number, day in enumerate(choice)
            if not per_day or not counts[day] or counts[day] + trip.size <= per_day
        ]
        result[trip.key] = day = min(ranked)[2] if ranked else None
        if day:
            counts[day] += trip.size
    return result

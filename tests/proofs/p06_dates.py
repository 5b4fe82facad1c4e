"""P6: dates never drift, says PostgreSQL, a day-walker and a table of golden cases."""

import itertools
import operator
from datetime import date, timedelta
from typing import ClassVar

import psycopg2

from .oracle import schedule as code
from .oracle import walker
from .proof import Proof, Verdict

#: Every day of these four years is a start: around the leap day of 2000, today's years,
#: and around the leap day that 2100 lacks.
STRETCHES = tuple((date(year, 1, 1), 1461) for year in (1999, 2024, 2098))
#: Interval and unit of the schedules that PostgreSQL computes as well.
STEPS = (
    (1, "month"),
    (2, "month"),
    (3, "month"),
    (6, "month"),
    (7, "month"),
    (14, "month"),
    (1, "year"),
    (4, "year"),
    (1, "week"),
    (10, "day"),
)
PAIRS = """
    SELECT array_agg((%(first)s::date + day + k * %(step)s::interval)::date
                     ORDER BY day, k)
      FROM generate_series(0, %(days)s - 1) AS day,
           generate_series(0, %(counts)s - 1) AS k
"""
#: The walker goes no further than this from a start, nor for more dates.
HORIZON = timedelta(days=9_000)
MOST = 24


#: Fields of the schedule and its first dates, by hand (reliability.md §5.3).
#: Where no start is given, it is the first of them.
GOLDEN = {
    "29 January, leap year": ({}, "2024-01-29 2024-02-29 2024-03-29 2024-04-29"),
    "29 January": ({}, "2023-01-29 2023-02-28 2023-03-29 2023-04-29"),
    "30 January": ({}, "2023-01-30 2023-02-28 2023-03-30 2023-04-30"),
    "31 January": ({}, "2023-01-31 2023-02-28 2023-03-31 2023-04-30 2023-05-31"),
    "31 January, leap year": ({}, "2024-01-31 2024-02-29 2024-03-31"),
    "30 April is not the month's end": (
        {},
        "2023-04-30 2023-05-30 2023-06-30 2023-07-30",
    ),
    "30 April, last day of the month": (
        {"day_rule": "month_end"},
        "2023-04-30 2023-05-31 2023-06-30 2023-07-31",
    ),
    "28 February is not the month's end": ({}, "2023-02-28 2023-03-28 2023-04-28"),
    "28 February, last day of the month": (
        {"day_rule": "month_end"},
        "2023-02-28 2023-03-31 2023-04-30",
    ),
    "29 February, yearly": (
        {"unit": "year"},
        "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29",
    ),
    "29 February, every 4 years, over 2100": (
        {"interval": 4, "unit": "year"},
        "2096-02-29 2100-02-28 2104-02-29",
    ),
    "31 August, half-yearly": (
        {"interval": 6},
        "2023-08-31 2024-02-29 2024-08-31 2025-02-28",
    ),
    "31 December": ({}, "2023-12-31 2024-01-31 2024-02-29 2024-03-31"),
    "31 December, yearly": ({"unit": "year"}, "2023-12-31 2024-12-31 2025-12-31"),
    "weekly over the year's end": (
        {"unit": "week"},
        "2026-12-21 2026-12-28 2027-01-04 2027-01-11",
    ),
    "daily over the clock change of March 2026": (
        {"unit": "day"},
        "2026-03-28 2026-03-29 2026-03-30",
    ),
    "daily over the clock change of October 2026": (
        {"unit": "day"},
        "2026-10-24 2026-10-25 2026-10-26",
    ),
    "daily over the day that Apia never had": (
        {"unit": "day"},
        "2011-12-29 2011-12-30 2011-12-31",
    ),
    "a fiscal year from 1 July": (
        {"interval": 3},
        "2023-07-01 2023-10-01 2024-01-01 2024-04-01 2024-07-01",
    ),
    "a fiscal year that ends on 30 June": (
        {"unit": "year", "day_rule": "month_end"},
        "2023-06-30 2024-06-30 2025-06-30",
    ),
    "day 31 asked for in a start's month that has passed it": (
        {"day_rule": "month_day", "month_day": 5},
        "2024-03-05 2024-04-05",
    ),
}


class Chained(code.Schedule):
    """The usual mistake: each date from the one before, so 31, 28, 28, 28 ..."""

    def date(self, index):
        day = super().date(0)
        if not self._is_monthly:
            return super().date(index)
        for _step in range(index):
            day = code.month_date(code.month_index(day) + self._step, day.day)
        return day


class Dropped(code.Schedule):
    """A calendar's way (RFC 5545): a month that lacks the start's day is left out."""

    def date(self, index):
        if not self._is_monthly or self.day_rule != "start":
            return super().date(index)
        days = map(super().date, itertools.count())
        kept = (day for day in days if day.day == self.start.day)
        return next(itertools.islice(kept, index, None))


MAKERS = {None: code.Schedule, "chained": Chained, "dropped": Dropped}


class DatesNeverDrift(Proof):
    key = "P6"
    promise = "Dates never drift"
    small: ClassVar[dict] = {"counts": 9, "schedules": 1_000}
    full: ClassVar[dict] = {"counts": 27, "schedules": 10_000}
    sabotages: ClassVar[dict] = {
        "chained": "each date is computed from the one before",
        "dropped": "a month that lacks the day gets no document",
    }

    def run(self, counts, schedules):
        """
        :param counts: dates of each schedule that PostgreSQL computes as well
        :param schedules: number of random ones that the walker walks through
        """
        self.make = MAKERS[self.sabotage]
        verdict = Verdict()
        self._compare_with_postgresql(verdict, counts)
        self._compare_with_walker(verdict, schedules)
        self._compare_with_golden_cases(verdict)
        return verdict

    def _compare_with_postgresql(self, verdict, counts):
        """``start + k * interval``: C code that knows nothing of ours."""
        pairs = differences = 0
        connection = psycopg2.connect(dbname="postgres")
        with connection, connection.cursor() as cursor:
            for (first, days), (interval, unit) in itertools.product(STRETCHES, STEPS):
                parameters = {
                    "first": first,
                    "days": days,
                    "counts": counts,
                    "step": f"{interval} {unit}",
                }
                cursor.execute(PAIRS, parameters)
                ((expected,),) = cursor.fetchall()
                found = [
                    schedule.date(index)
                    for schedule in self._schedules_from(first, days, interval, unit)
                    for index in range(counts)
                ]
                pairs += len(expected)
                differences += sum(map(operator.ne, found, expected))
                differences += abs(len(found) - len(expected))
        connection.close()
        verdict.expect_at_least("pairs compared with PostgreSQL", pairs, 390_000)
        verdict.expect("differences from PostgreSQL", differences)

    def _schedules_from(self, first, days, interval, unit):
        for number in range(days):
            yield self.make(first + timedelta(days=number), interval, unit)

    def _compare_with_walker(self, verdict, schedules):
        """Days, weeks, months, years; the day of the start, a given one, the last."""
        dates = 0
        wrong = []
        for _number in range(schedules):
            schedule = self._random_schedule()
            walked = self._walk(schedule)
            dates += len(walked)
            until = walked[-1] if len(walked) == MOST else schedule.start + HORIZON
            since = schedule.start + timedelta(days=self.random.randrange(400))
            late = [day for day in walked if day >= since]
            if (
                self._periods(schedule, None, until) != walked
                or self._periods(schedule, since, until) != late
            ):
                wrong.append(schedule)
        verdict.expect("random schedules", schedules, schedules)
        verdict.expect_at_least("their dates", dates, 5 * schedules)
        verdict.expect("schedules that differ from the day-walker", len(wrong))
        verdict.faults += [f"for instance {schedule}" for schedule in wrong[:3]]

    def _random_schedule(self):
        choose = self.random
        unit = choose.choice(code.UNITS)
        rule = choose.choice(code.DAY_RULES) if unit in ("month", "year") else "start"
        start = date(1996, 1, 1) + timedelta(days=choose.randrange(40_000))
        end = start + timedelta(days=choose.randrange(2_000))
        return self.make(
            start,
            interval=choose.randint(1, 14),
            unit=unit,
            day_rule=rule,
            month_day=choose.randint(1, 31),
            end=choose.choice([None, end]),
        )

    @staticmethod
    def _walk(schedule):
        horizon = schedule.start + HORIZON
        days = itertools.islice(walker.scheduled_days(schedule), MOST)
        return list(itertools.takewhile(lambda day: day <= horizon, days))

    @staticmethod
    def _periods(schedule, since, until):
        """Starts of the periods up to a day; each has to end where the next starts."""
        periods = list(
            itertools.takewhile(
                lambda period: period.start <= until, schedule.periods(since)
            )
        )
        for period, following in itertools.pairwise(periods):
            if period.end != following.start:
                return [period]
        return [period.start for period in periods]

    def _compare_with_golden_cases(self, verdict):
        wrong = []
        for name, (fields, text) in GOLDEN.items():
            expected = [date.fromisoformat(day) for day in text.split()]
            schedule = self.make(**{"start": expected[0], **fields})
            found = [schedule.date(index) for index in range(len(expected))]
            if found != expected:
                wrong.append(f"{name}: {', '.join(map(str, found))}")
        verdict.expect("golden cases", len(GOLDEN), len(GOLDEN))
        verdict.expect("golden cases that differ", len(wrong))
        verdict.faults += wrong

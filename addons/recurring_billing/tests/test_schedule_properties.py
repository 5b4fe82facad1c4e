"""Laws that hold for every schedule, tried on random ones.

``RECURRING_PROPERTY_EXAMPLES`` is the number of examples of each law: small by
default, 10000 for the full proof. Nothing is left to chance: on one installation
every run tries the same examples.
"""

import functools
import os
import unittest
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, islice, takewhile, zip_longest

from odoo.tests import BaseCase, tagged

from ..schedule import (
    DAY_RULES,
    MAX_SHIFT_DAYS,
    Schedule,
    catch_up,
    shift_to_working_day,
)
from . import schedule_oracle as oracle

try:
    import hypothesis
    from hypothesis import strategies as st
except ImportError:  # not among Odoo's requirements: our own test run installs it
    hypothesis = None

EXAMPLES = int(os.environ.get("RECURRING_PROPERTY_EXAMPLES", "300"))
ONE_DAY = timedelta(days=1)
#: The walker goes no further than this from the start.
HORIZON = timedelta(days=12_000)
#: Days around which the months and the leap years are uneven.
UNEVEN_DAYS = [
    date(1896, 2, 29),
    date(1999, 12, 31),
    date(2000, 1, 30),
    date(2023, 1, 31),
    date(2023, 2, 28),
    date(2023, 4, 30),
    date(2023, 8, 31),
    date(2024, 1, 29),
    date(2024, 2, 29),
    date(2096, 2, 29),
]


def for_all(**strategies):
    """``hypothesis.given`` that waits until the test runs.

    So this module can be imported, and its tests be skipped, without hypothesis.
    """

    def decorate(law):
        @functools.wraps(law)
        def test(self):
            settings = hypothesis.settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(hypothesis.HealthCheck),
            )
            made = {name: strategy() for name, strategy in strategies.items()}
            settings(hypothesis.given(**made)(law))(self)

        return test

    return decorate


def days():
    return st.sampled_from(UNEVEN_DAYS) | st.dates(date(1890, 1, 1), date(2110, 12, 31))


def intervals():
    return st.integers(1, 14)


def counts():
    return st.integers(0, 200)


def gaps():
    return st.timedeltas(timedelta(0), timedelta(days=400)).map(
        lambda gap: timedelta(days=gap.days)
    )


def schedules_in_days():
    units = st.sampled_from(["day", "week"])
    return st.builds(Schedule, days(), intervals(), units)


def schedules_in_months(units=("month", "year")):
    return st.builds(
        Schedule,
        days(),
        intervals(),
        st.sampled_from(units),
        st.sampled_from(DAY_RULES),
        st.integers(1, 31),
    )


def schedules():
    return schedules_in_days() | schedules_in_months()


def schedules_with_end():
    """One in two has an end, from before its start to six years later."""
    ends = st.none() | st.integers(-31, 2200)
    return st.builds(
        lambda schedule, days: replace(
            schedule,
            end=None if days is None else schedule.start + timedelta(days=days),
        ),
        schedules(),
        ends,
    )


def due(schedule, today, since=None):
    """What a run on ``today`` finds, when a run handled everything before ``since``."""
    return list(
        takewhile(lambda period: period.start <= today, schedule.periods(since))
    )


needs_hypothesis = unittest.skipUnless(
    hypothesis, "hypothesis is not installed (pip install hypothesis)"
)


class LawCase(BaseCase):
    def assertSame(self, found, expected):
        """Equal lists; else tells the first difference.

        ``assertEqual`` would compare the texts of both, which takes minutes when
        hypothesis repeats it to find the smallest example.
        """
        for pair in zip_longest(found, expected):
            if pair[0] != pair[1]:
                self.fail(f"found {pair[0]}, expected {pair[1]}")


@tagged("post_install", "-at_install", "slow")
@needs_hypothesis
class TestScheduleLaws(LawCase):
    @for_all(schedule=schedules)
    def test_a_walk_through_the_calendar_finds_the_same_dates(self, schedule):
        horizon = schedule.start + HORIZON
        walked = takewhile(
            lambda day: day <= horizon, islice(oracle.scheduled_days(schedule), 60)
        )
        expected = list(walked)
        found = [schedule.date(index) for index in range(len(expected))]
        self.assertSame(found, expected)

    @for_all(schedule=schedules, index=counts)
    def test_dates_strictly_increase(self, schedule, index):
        self.assertLess(schedule.date(index), schedule.date(index + 1))

    @for_all(schedule=schedules)
    def test_periods_tile_time(self, schedule):
        periods = list(islice(schedule.periods(), 40))
        self.assertSame([period.index for period in periods], range(40))
        self.assertSame(
            [period.end for period in periods[:-1]],
            [period.start for period in periods[1:]],
        )

    @for_all(schedule=schedules_in_months, index=counts)
    def test_the_day_is_the_wished_one_or_the_months_last(self, schedule, index):
        self.assertTrue(
            oracle.falls_on(schedule.date(index), oracle.wished_day(schedule))
        )

    @for_all(schedule=functools.partial(schedules_in_months, ["year"]), index=counts)
    def test_12_months_are_a_year(self, schedule, index):
        monthly = replace(schedule, unit="month")
        self.assertEqual(monthly.date(12 * index), schedule.date(index))

    @for_all(schedule=schedules_in_days, index=counts)
    def test_7_days_are_a_week(self, schedule, index):
        daily, weekly = replace(schedule, unit="day"), replace(schedule, unit="week")
        self.assertEqual(daily.date(7 * index), weekly.date(index))

    @for_all(schedule=schedules, index=counts)
    def test_every_second_date_is_the_date_of_the_double_interval(
        self, schedule, index
    ):
        double = replace(schedule, interval=2 * schedule.interval)
        self.assertEqual(schedule.date(2 * index), double.date(index))

    @for_all(schedule=schedules_in_months, index=counts)
    def test_month_end_is_the_31st_of_every_month(self, schedule, index):
        month_end = replace(schedule, day_rule="month_end")
        the_31st = replace(schedule, day_rule="month_day", month_day=31)
        self.assertEqual(month_end.date(index), the_31st.date(index))

    @for_all(schedule=schedules, index=counts)
    def test_index_from_is_the_inverse_of_date(self, schedule, index):
        day = schedule.date(index)
        self.assertEqual(schedule.index_from(day), index)
        self.assertEqual(schedule.index_from(day + ONE_DAY), index + 1)

    @for_all(schedule=schedules, day=days)
    def test_index_from_is_the_first_date_from_a_day_on(self, schedule, day):
        index = schedule.index_from(day)
        self.assertGreaterEqual(schedule.date(index), day)
        if index:
            self.assertLess(schedule.date(index - 1), day)

    @for_all(schedule=schedules_with_end)
    def test_an_end_takes_away_later_dates_and_nothing_else(self, schedule):
        endless = islice(replace(schedule, end=None).periods(), 40)
        kept = [
            period
            for period in endless
            if not schedule.end or period.start <= schedule.end
        ]
        self.assertSame(list(islice(schedule.periods(), 40)), kept)

    @for_all(schedule=schedules_with_end, first=gaps, second=gaps)
    def test_two_runs_find_what_one_later_run_finds(self, schedule, first, second):
        day_1 = schedule.start + first
        day_2 = day_1 + second
        self.assertSame(
            due(schedule, day_1) + due(schedule, day_2, since=day_1 + ONE_DAY),
            due(schedule, day_2),
        )


def run_days(schedule, gaps):
    """Days of runs, the first up to a month before the start; a gap of 0 runs twice."""
    runs = [schedule.start - timedelta(days=31)]
    for gap in gaps:
        runs.append(runs[-1] + gap)
    return runs


def live(schedule, runs, rule, cap):
    """Outcome of each date as ``schedule.py`` decides it, run by run."""
    outcomes, since = {}, None
    for today in runs:
        plan = catch_up(
            due(schedule, today, since),
            rule,
            cap,
            is_late=lambda period, today=today: period.start < today,
        )
        for outcome in ("issue", "skip", "held"):
            for period in getattr(plan, outcome):
                outcomes.setdefault(period.start, []).append((outcome, today))
        since = today + ONE_DAY
    return outcomes


@tagged("post_install", "-at_install")
@needs_hypothesis
class TestCatchUpLaws(LawCase):
    @for_all(
        schedule=schedules_with_end,
        gaps=lambda: st.lists(gaps(), max_size=8),
        rule=lambda: st.sampled_from(["all", "last", "skip"]),
        cap=lambda: st.integers(0, 15),
    )
    def test_any_row_of_runs_treats_each_date_once_and_by_the_rule(
        self, schedule, gaps, rule, cap
    ):
        runs = run_days(schedule, gaps)
        expected = oracle.history(schedule, runs, rule, cap)
        self.assertSame(
            sorted(live(schedule, runs, rule, cap).items()),
            [(day, [outcome]) for day, outcome in sorted(expected.items())],
        )

    @for_all(
        due=lambda: st.lists(st.integers(0, 30), unique=True).map(sorted),
        today=lambda: st.integers(0, 30),
        rule=lambda: st.sampled_from(["all", "last", "skip"]),
        cap=lambda: st.integers(0, 15),
    )
    def test_every_due_period_is_in_the_plan_once_and_in_order(
        self, due, today, rule, cap
    ):
        plan = catch_up(due, rule, cap, is_late=lambda period: period < today)
        parts = [list(part) for part in (plan.issue, plan.skip, plan.held)]
        self.assertEqual(sorted(chain(*parts)), due)
        self.assertEqual([sorted(part) for part in parts], parts)
        self.assertFalse(plan.issue and plan.held)


@tagged("post_install", "-at_install")
@needs_hypothesis
class TestShiftLaws(LawCase):
    @for_all(
        day=days,
        rule=lambda: st.sampled_from(["none", "before", "after"]),
        working=lambda: st.sets(
            st.integers(-MAX_SHIFT_DAYS - 3, MAX_SHIFT_DAYS + 3), max_size=3
        ),
    )
    def test_a_shift_goes_to_the_nearest_working_day_on_its_side(
        self, day, rule, working
    ):
        working_days = {day + timedelta(days=distance) for distance in working}
        self.assertEqual(
            shift_to_working_day(day, rule, working_days.__contains__),
            oracle.nearest_working_day(
                day, rule, MAX_SHIFT_DAYS, working_days.__contains__
            ),
        )

"""Dates of a schedule, as a specification: one rule each, with its golden cases."""

from datetime import date, timedelta
from itertools import islice

from odoo.tests import BaseCase, TransactionCase, tagged

from ..schedule import (
    MAX_SHIFT_DAYS,
    Period,
    Plan,
    Schedule,
    catch_up,
    shift_to_working_day,
)


def day(text):
    return date.fromisoformat(text)


def schedule(start, interval=1, unit="month", **values):
    """``values["end"]`` may be text, like ``start``."""
    if "end" in values:
        values["end"] = day(values["end"])
    return Schedule(day(start), interval, unit, **values)


def starts(periods):
    return [str(period.start) for period in periods]


class ScheduleCase(BaseCase):
    def assertDates(self, schedule, *expected):
        """The schedule begins with these dates."""
        periods = islice(schedule.periods(), len(expected))
        self.assertEqual(starts(periods), list(expected))

    def assertAllDates(self, schedule, *expected):
        """The schedule consists of these dates and ends."""
        periods = islice(schedule.periods(), len(expected) + 1)
        self.assertEqual(starts(periods), list(expected))


@tagged("post_install", "-at_install")
class TestScheduleInShortMonths(ScheduleCase):
    """The day is clamped to the month, counted from the start, and comes back."""

    def test_the_29th_of_january_is_clamped_in_a_common_year_only(self):
        self.assertDates(
            schedule("2023-01-29"), "2023-01-29", "2023-02-28", "2023-03-29"
        )
        self.assertDates(
            schedule("2024-01-29"), "2024-01-29", "2024-02-29", "2024-03-29"
        )

    def test_the_30th_of_january_comes_back_after_february(self):
        self.assertDates(
            schedule("2023-01-30"), "2023-01-30", "2023-02-28", "2023-03-30"
        )
        self.assertDates(
            schedule("2024-01-30"), "2024-01-30", "2024-02-29", "2024-03-30"
        )

    def test_the_31st_of_january_comes_back_after_every_short_month(self):
        self.assertDates(
            schedule("2023-01-31"),
            *("2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31"),
            *("2023-06-30", "2023-07-31", "2023-08-31", "2023-09-30", "2023-10-31"),
            *("2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"),
        )

    def test_the_31st_of_december_crosses_the_year(self):
        self.assertDates(
            schedule("2023-12-31"), "2023-12-31", "2024-01-31", "2024-02-29"
        )

    def test_the_31st_of_august_half_yearly(self):
        self.assertDates(
            schedule("2023-08-31", 6),
            *("2023-08-31", "2024-02-29", "2024-08-31", "2025-02-28", "2025-08-31"),
        )

    def test_every_7_months(self):
        self.assertDates(
            schedule("2023-01-31", 7),
            *("2023-01-31", "2023-08-31", "2024-03-31", "2024-10-31", "2025-05-31"),
            *("2025-12-31", "2026-07-31", "2027-02-28", "2027-09-30"),
        )

    def test_every_14_months(self):
        self.assertDates(
            schedule("2022-10-31", 14),
            *("2022-10-31", "2023-12-31", "2025-02-28", "2026-04-30", "2027-06-30"),
            "2028-08-31",
        )

    def test_the_29th_of_february_yearly_comes_back_in_leap_years(self):
        self.assertDates(
            schedule("2024-02-29", 1, "year"),
            *("2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"),
        )

    def test_the_29th_of_february_every_4_years_is_kept(self):
        self.assertDates(
            schedule("2024-02-29", 4, "year"), "2024-02-29", "2028-02-29", "2032-02-29"
        )

    def test_the_year_2100_has_no_29th_of_february(self):
        self.assertDates(
            schedule("2096-02-29", 4, "year"), "2096-02-29", "2100-02-28", "2104-02-29"
        )

    def test_the_year_2000_has_a_29th_of_february(self):
        self.assertDates(
            schedule("1996-02-29", 4, "year"), "1996-02-29", "2000-02-29", "2004-02-29"
        )


@tagged("post_install", "-at_install")
class TestScheduleDayRules(ScheduleCase):
    """The day of the month is the start's, a given one or the last."""

    def test_the_30th_of_april_is_not_taken_for_a_month_end(self):
        self.assertDates(
            schedule("2023-04-30"), "2023-04-30", "2023-05-30", "2023-06-30"
        )

    def test_the_30th_of_april_with_month_end_goes_to_the_31st_of_may(self):
        self.assertDates(
            schedule("2023-04-30", day_rule="month_end"),
            *("2023-04-30", "2023-05-31", "2023-06-30"),
        )

    def test_the_28th_of_february_is_not_taken_for_a_month_end(self):
        self.assertDates(
            schedule("2023-02-28"), "2023-02-28", "2023-03-28", "2023-04-28"
        )

    def test_the_28th_of_february_with_month_end(self):
        self.assertDates(
            schedule("2023-02-28", 12, day_rule="month_end"),
            *("2023-02-28", "2024-02-29", "2025-02-28"),
        )

    def test_month_end_from_the_middle_of_a_month_begins_with_that_month(self):
        self.assertDates(
            schedule("2024-02-10", day_rule="month_end"), "2024-02-29", "2024-03-31"
        )

    def test_month_end_yearly(self):
        self.assertDates(
            schedule("2023-02-01", 1, "year", day_rule="month_end"),
            *("2023-02-28", "2024-02-29", "2025-02-28"),
        )

    def test_month_day_31_in_february_and_back(self):
        self.assertDates(
            schedule("2023-02-01", day_rule="month_day", month_day=31),
            *("2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31"),
        )

    def test_month_day_30_in_february_and_back(self):
        self.assertDates(
            schedule("2023-02-01", day_rule="month_day", month_day=30),
            *("2023-02-28", "2023-03-30", "2023-04-30", "2023-05-30"),
        )

    def test_month_day_29_in_february_and_back(self):
        self.assertDates(
            schedule("2023-02-01", day_rule="month_day", month_day=29),
            *("2023-02-28", "2023-03-29", "2023-04-29"),
        )
        self.assertDates(
            schedule("2024-02-01", day_rule="month_day", month_day=29),
            *("2024-02-29", "2024-03-29"),
        )

    def test_month_day_31_from_the_last_day_of_february_begins_that_day(self):
        self.assertDates(
            schedule("2023-02-28", day_rule="month_day", month_day=31),
            *("2023-02-28", "2023-03-31"),
        )

    def test_the_start_may_be_the_wished_day(self):
        self.assertDates(
            schedule("2023-05-15", day_rule="month_day", month_day=15),
            *("2023-05-15", "2023-06-15"),
        )

    def test_a_start_after_the_wished_day_begins_next_month(self):
        self.assertDates(
            schedule("2023-12-16", day_rule="month_day", month_day=15),
            *("2024-01-15", "2024-02-15"),
        )

    def test_a_late_start_moves_the_whole_row_of_longer_steps(self):
        self.assertDates(
            schedule("2023-05-16", 3, day_rule="month_day", month_day=15),
            *("2023-06-15", "2023-09-15", "2023-12-15", "2024-03-15"),
        )

    def test_a_late_start_moves_a_yearly_schedule_by_a_month_not_a_year(self):
        self.assertDates(
            schedule("2023-05-16", 1, "year", day_rule="month_day", month_day=15),
            *("2023-06-15", "2024-06-15"),
        )

    def test_month_day_is_not_read_by_the_other_rules(self):
        self.assertDates(schedule("2023-05-16", month_day=3), "2023-05-16")
        self.assertDates(
            schedule("2023-05-16", day_rule="month_end", month_day=3), "2023-05-31"
        )


@tagged("post_install", "-at_install")
class TestScheduleInDaysAndWeeks(ScheduleCase):
    """Days and weeks are counted, whatever the months and years do."""

    def test_weekly_over_the_year_end(self):
        self.assertDates(
            schedule("2024-12-20", 1, "week"),
            *("2024-12-20", "2024-12-27", "2025-01-03", "2025-01-10"),
        )

    def test_every_other_week_over_a_year_of_53_weeks(self):
        self.assertDates(
            schedule("2020-12-21", 2, "week"), "2020-12-21", "2021-01-04", "2021-01-18"
        )

    def test_daily_over_the_leap_day(self):
        self.assertDates(
            schedule("2024-02-28", 1, "day"), "2024-02-28", "2024-02-29", "2024-03-01"
        )

    def test_every_30_days_is_not_a_month(self):
        self.assertDates(
            schedule("2023-01-31", 30, "day"), "2023-01-31", "2023-03-02", "2023-04-01"
        )


@tagged("post_install", "-at_install")
class TestSchedulePeriods(ScheduleCase):
    """A period lasts until the next date; the end decides by a period's first day."""

    def test_a_period_reaches_up_to_the_next_date(self):
        self.assertEqual(
            list(islice(schedule("2023-01-31").periods(), 2)),
            [
                Period(0, day("2023-01-31"), day("2023-02-28")),
                Period(1, day("2023-02-28"), day("2023-03-31")),
            ],
        )

    def test_a_date_on_the_end_is_issued(self):
        self.assertAllDates(
            schedule("2023-01-31", end="2023-03-31"),
            *("2023-01-31", "2023-02-28", "2023-03-31"),
        )

    def test_a_date_after_the_end_is_not_issued(self):
        self.assertAllDates(
            schedule("2023-01-31", end="2023-03-30"), "2023-01-31", "2023-02-28"
        )

    def test_the_end_does_not_shorten_the_last_period(self):
        (period,) = schedule("2023-01-31", end="2023-02-01").periods()
        self.assertEqual(period.end, day("2023-02-28"))

    def test_an_end_before_the_first_date_leaves_nothing(self):
        self.assertAllDates(
            schedule("2023-01-16", day_rule="month_day", month_day=15, end="2023-02-14")
        )

    def test_since_a_date_includes_it_and_keeps_the_count_from_the_start(self):
        monthly = schedule("2023-01-31")
        first = next(monthly.periods(since=day("2023-02-28")))
        self.assertEqual(first, Period(1, day("2023-02-28"), day("2023-03-31")))

    def test_since_the_day_after_a_date_begins_with_the_next(self):
        first = next(schedule("2023-01-31").periods(since=day("2023-03-01")))
        self.assertEqual(first, Period(2, day("2023-03-31"), day("2023-04-30")))

    def test_since_a_day_before_the_start_begins_with_the_first(self):
        first = next(schedule("2023-01-31").periods(since=day("2001-01-01")))
        self.assertEqual(first.index, 0)

    def test_since_a_day_after_the_end_leaves_nothing(self):
        ended = schedule("2023-01-31", end="2023-03-31")
        self.assertIsNone(next(ended.periods(since=day("2023-04-01")), None))


@tagged("post_install", "-at_install")
class TestScheduleAtTheCalendarsEnd(ScheduleCase):
    """A schedule stops there; it neither fails nor runs for ever."""

    def test_the_last_period_ends_in_the_year_9998(self):
        self.assertAllDates(schedule("9998-10-31"), "9998-10-31", "9998-11-30")
        self.assertAllDates(schedule("9998-12-30", 1, "day"), "9998-12-30")
        self.assertAllDates(
            schedule("9996-02-29", 1, "year"), "9996-02-29", "9997-02-28"
        )

    def test_a_start_on_the_very_last_day_gives_nothing(self):
        for unit in ("day", "week", "month", "year"):
            with self.subTest(unit=unit):
                self.assertAllDates(schedule("9999-12-31", 1, unit))

    def test_a_first_date_beyond_the_calendar_gives_nothing(self):
        self.assertAllDates(schedule("9999-12-31", day_rule="month_day", month_day=1))

    def test_steps_that_leave_the_calendar_give_nothing(self):
        for unit in ("day", "week", "month", "year"):
            with self.subTest(unit=unit):
                self.assertAllDates(schedule("2023-01-31", 10**12, unit))

    def test_since_the_very_last_day_gives_nothing(self):
        for unit in ("day", "week", "month", "year"):
            with self.subTest(unit=unit):
                endless = schedule("2023-01-15", 3, unit)
                self.assertIsNone(next(endless.periods(since=date.max), None))

    def test_the_first_day_of_the_calendar_may_be_a_start(self):
        self.assertDates(schedule("0001-01-01"), "0001-01-01", "0001-02-01")


@tagged("post_install", "-at_install")
class TestScheduleRefusals(ScheduleCase):
    """A schedule that means nothing cannot be made."""

    def assertRefused(self, message, *args, **values):
        with self.assertRaisesRegex(ValueError, message):
            schedule("2023-01-31", *args, **values)

    def test_an_unknown_unit(self):
        self.assertRefused("unknown unit 'fortnight'", 1, "fortnight")

    def test_an_unknown_day_rule(self):
        self.assertRefused("unknown day rule 'easter'", day_rule="easter")

    def test_an_interval_below_1(self):
        self.assertRefused("interval must be 1 or more", 0)
        self.assertRefused("interval must be 1 or more", -1)

    def test_a_day_of_the_month_outside_1_to_31(self):
        for month_day in (-1, 0, 32):
            self.assertRefused("1 to 31", day_rule="month_day", month_day=month_day)

    def test_a_day_of_the_month_without_months(self):
        for unit in ("day", "week"):
            self.assertRefused("needs months", 1, unit, day_rule="month_end")
            self.assertRefused(
                "needs months", 1, unit, day_rule="month_day", month_day=1
            )


@tagged("post_install", "-at_install")
class TestShiftToWorkingDay(BaseCase):
    """7 January 2023 is a Saturday."""

    def assertShifted(self, text, rule, expected, holidays=()):
        def is_working_day(candidate):
            return candidate.weekday() < 5 and str(candidate) not in holidays

        shifted = shift_to_working_day(day(text), rule, is_working_day)
        self.assertEqual(str(shifted), expected)

    def test_a_working_day_stays(self):
        for rule in ("none", "before", "after"):
            self.assertShifted("2023-01-06", rule, "2023-01-06")

    def test_none_keeps_a_holiday(self):
        self.assertShifted("2023-01-07", "none", "2023-01-07")

    def test_before_goes_back(self):
        self.assertShifted("2023-01-07", "before", "2023-01-06")
        self.assertShifted("2023-01-08", "before", "2023-01-06")

    def test_after_goes_on(self):
        self.assertShifted("2023-01-07", "after", "2023-01-09")
        self.assertShifted("2023-01-08", "after", "2023-01-09")

    def test_holidays_beside_the_weekend_are_crossed_as_well(self):
        holidays = ("2023-01-06", "2023-01-09")
        self.assertShifted("2023-01-07", "before", "2023-01-05", holidays)
        self.assertShifted("2023-01-07", "after", "2023-01-10", holidays)

    def test_a_shift_may_leave_the_month_and_the_year(self):
        self.assertShifted("2023-01-01", "before", "2022-12-30")
        self.assertShifted("2022-12-31", "after", "2023-01-02")

    def test_a_calendar_without_working_days_moves_nothing(self):
        for rule in ("before", "after"):
            shifted = shift_to_working_day(day("2023-01-07"), rule, lambda other: False)
            self.assertEqual(shifted, day("2023-01-07"))

    def test_the_longest_row_of_holidays_is_crossed_and_no_longer_one(self):
        holiday = day("2023-01-07")
        for rule, step in (("before", -1), ("after", 1)):
            furthest = holiday + timedelta(days=step * MAX_SHIFT_DAYS)
            beyond = furthest + timedelta(days=step)
            self.assertEqual(
                shift_to_working_day(holiday, rule, furthest.__eq__), furthest
            )
            self.assertEqual(
                shift_to_working_day(holiday, rule, beyond.__eq__), holiday
            )


@tagged("post_install", "-at_install")
class TestCatchUp(BaseCase):
    """Periods 1 to 4 are due; 4 is today's."""

    def plan(self, rule, cap=0, due=(1, 2, 3, 4), left=None):
        return catch_up(list(due), rule, cap, lambda period: period < 4, left)

    def test_all_issues_every_one_in_order(self):
        self.assertEqual(self.plan("all"), Plan(issue=(1, 2, 3, 4)))

    def test_last_issues_the_latest_and_skips_the_others(self):
        self.assertEqual(self.plan("last"), Plan(issue=(4,), skip=(1, 2, 3)))

    def test_last_issues_the_latest_even_when_it_is_late(self):
        self.assertEqual(
            self.plan("last", due=(1, 2, 3)), Plan(issue=(3,), skip=(1, 2))
        )

    def test_skip_issues_only_what_is_not_late(self):
        self.assertEqual(self.plan("skip"), Plan(issue=(4,), skip=(1, 2, 3)))

    def test_skip_may_issue_nothing(self):
        self.assertEqual(self.plan("skip", due=(1, 2, 3)), Plan(skip=(1, 2, 3)))

    def test_nothing_due_is_nothing_to_do(self):
        for rule in ("all", "last", "skip"):
            self.assertEqual(self.plan(rule, cap=1, due=()), Plan())

    def test_as_many_as_the_cap_are_issued(self):
        self.assertEqual(self.plan("all", cap=4), Plan(issue=(1, 2, 3, 4)))

    def test_more_than_the_cap_are_all_held(self):
        self.assertEqual(self.plan("all", cap=3), Plan(held=(1, 2, 3, 4)))

    def test_all_issues_as_many_as_are_left(self):
        self.assertEqual(self.plan("all", left=2), Plan(issue=(1, 2)))

    def test_what_is_skipped_uses_up_nothing_of_what_is_left(self):
        for rule in ("last", "skip"):
            plan = self.plan(rule, left=1)
            self.assertEqual(plan, Plan(issue=(4,), skip=(1, 2, 3)))

    def test_nothing_left_is_nothing_to_issue_or_to_skip(self):
        for rule in ("all", "last", "skip"):
            self.assertEqual(self.plan(rule, left=0), Plan())

    def test_the_cap_counts_no_more_than_what_is_left(self):
        self.assertEqual(self.plan("all", cap=2, left=2), Plan(issue=(1, 2)))
        self.assertEqual(self.plan("all", cap=1, left=2), Plan(held=(1, 2)))

    def test_a_cap_of_0_is_no_cap(self):
        many = tuple(range(100))
        self.assertEqual(self.plan("all", due=many), Plan(issue=many))

    def test_the_cap_counts_what_would_be_issued_not_what_is_skipped(self):
        for rule in ("last", "skip"):
            self.assertEqual(self.plan(rule, cap=1), Plan(issue=(4,), skip=(1, 2, 3)))

    def test_what_is_skipped_stays_skipped_when_the_rest_is_held(self):
        self.assertEqual(
            self.plan("skip", cap=1, due=(2, 3, 4, 5)), Plan(skip=(2, 3), held=(4, 5))
        )


@tagged("post_install", "-at_install", "slow")
class TestScheduleAgainstPostgresql(TransactionCase):
    """The database's own arithmetic, written by others in C, gives the same dates."""

    #: Every day of three leap years and a common one (1900 and 2100 are among what
    #: they lead to), in each step, 39 dates long.
    QUERY = """
        SELECT start, step, unit,
               array_agg((start + k * step * ('1 ' || unit)::interval)::date ORDER BY k)
          FROM (VALUES (date '1896-01-01', 366), (date '2023-01-01', 365),
                       (date '2024-01-01', 366), (date '2096-01-01', 366))
               AS years(first, days)
         CROSS JOIN LATERAL
               (SELECT first + d AS start FROM generate_series(0, days - 1) AS d)
               AS starts
         CROSS JOIN (VALUES (1, 'day'), (2, 'week'), (1, 'month'), (7, 'month'),
                            (14, 'month'), (1, 'year'), (4, 'year'))
               AS steps(step, unit)
         CROSS JOIN generate_series(0, 38) AS k
         GROUP BY start, step, unit
    """

    def test_390000_dates_equal_date_plus_k_times_interval(self):
        self.env.cr.execute(self.QUERY)
        compared, differences = 0, []
        for start, step, unit, expected in self.env.cr.fetchall():
            a_schedule = Schedule(start, step, unit)
            for k, theirs in enumerate(expected):
                compared += 1
                ours = a_schedule.date(k)
                if ours != theirs:
                    differences.append((str(start), step, unit, k, ours, theirs))
        self.assertGreaterEqual(compared, 390_000)
        self.assertFalse(differences[:5], f"{len(differences)} differences")

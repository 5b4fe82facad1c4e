"""Dates of a recurring schedule: pure arithmetic, no Odoo, no database, no clock.

A schedule is a start, a step and a rule for the day. Its *k*-th date is always
computed from the start, never from date *k - 1*: the 31st gives 31 January,
28 or 29 February, 31 March. A date that a short month lacks is moved to that
month's last day and comes back afterwards; no document is dropped, as an
RFC 5545 recurrence would drop it (section 3.3.10), because a bill must not be
lost in February.

All dates are civil dates. "Today" is always handed in by the caller, who knows
the time zone.
"""

from __future__ import annotations  # in the class, `date` is also a method

import itertools
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

UNITS = ("day", "week", "month", "year")
DAY_RULES = ("start", "month_day", "month_end")
#: Longest row of holidays that a shift to a working day may cross.
MAX_SHIFT_DAYS = 60
#: Furthest date that is computed; a schedule ends there.
LAST_YEAR = 9998


@dataclass(frozen=True)
class Period:
    """One step of a schedule: the half-open interval ``[start, end)``."""

    index: int
    start: date
    end: date


@dataclass(frozen=True)
class Schedule:
    """When documents are issued.

    :param start: first day on which a document may be issued
    :param interval: number of units between two documents, 1 or more
    :param unit: ``day``, ``week``, ``month`` or ``year``
    :param day_rule: ``start`` keeps the day of the start, ``month_day`` uses
        ``month_day``, ``month_end`` the last day; the last two need months or years
    :param month_day: 1 to 31, read by the rule ``month_day`` only
    :param end: last day on which a document may be issued, inclusive
    :raises ValueError: for a unit, rule, interval or day outside these bounds
    """

    start: date
    interval: int = 1
    unit: str = "month"
    day_rule: str = "start"
    month_day: int = 0
    end: date | None = None

    def __post_init__(self):
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit {self.unit!r}")
        if self.day_rule not in DAY_RULES:
            raise ValueError(f"unknown day rule {self.day_rule!r}")
        if self.interval < 1:
            raise ValueError("the interval must be 1 or more")
        if self.day_rule == "month_day" and not 1 <= self.month_day <= 31:
            raise ValueError("the day of the month must be from 1 to 31")
        if self.day_rule != "start" and not self._is_monthly:
            raise ValueError("a day of the month needs months or years")

    @property
    def _is_monthly(self) -> bool:
        return self.unit in ("month", "year")

    @property
    def _step(self) -> int:
        """Days (day, week) or months (month, year) between two dates."""
        return self.interval * {"day": 1, "week": 7, "month": 1, "year": 12}[self.unit]

    @property
    def _day(self) -> int:
        """The wished day of the month; 31 is the last day of any month."""
        rules = {"start": self.start.day, "month_day": self.month_day, "month_end": 31}
        return rules[self.day_rule]

    @property
    def _first_month(self) -> int:
        """Month of date 0: the start's own, or the next if its day has passed."""
        month = month_index(self.start)
        return month if month_date(month, self._day) >= self.start else month + 1

    def date(self, index: int) -> date:
        """Date number ``index`` (from 0), counted from the start."""
        if not self._is_monthly:
            return self.start + timedelta(days=index * self._step)
        return month_date(self._first_month + index * self._step, self._day)

    def period(self, index: int) -> Period:
        """The period that document ``index`` stands for, up to the next date."""
        return Period(index, self.date(index), self.date(index + 1))

    def index_from(self, day: date) -> int:
        """Number of the first date on or after ``day``."""
        if day <= self.start:
            return 0
        if self._is_monthly:
            passed = month_index(day) - self._first_month
        else:
            passed = (day - self.start).days
        index = max(passed // self._step, 0)
        while self.date(index) < day:
            index += 1
        return index

    def periods(self, since: date | None = None) -> Iterator[Period]:
        """Periods in order, from the first that starts on or after ``since``."""
        try:
            first = self.index_from(since) if since else 0
        except (ValueError, OverflowError):  # beyond the calendar
            return
        for index in itertools.count(first):
            try:
                period = self.period(index)
            except (ValueError, OverflowError):  # beyond the calendar
                return
            if period.end.year > LAST_YEAR or (self.end and period.start > self.end):
                return
            yield period


def month_index(day: date) -> int:
    """Months since year 0: a number that can be added to."""
    return day.year * 12 + day.month - 1


def month_date(month: int, day: int) -> date:
    """``day`` of month number ``month``, at most that month's last day."""
    year, month0 = divmod(month, 12)
    return date(year, month0 + 1, min(day, monthrange(year, month0 + 1)[1]))


def shift_to_working_day(
    day: date, rule: str, is_working_day: Callable[[date], bool]
) -> date:
    """Move ``day`` to a working day.

    :param rule: ``none``, ``before`` or ``after``
    :return: ``day`` itself when no working day lies within ``MAX_SHIFT_DAYS``, so
        that a calendar without working days delays nothing for ever
    """
    if rule == "none":
        return day
    step = timedelta(days=-1 if rule == "before" else 1)
    for count in range(MAX_SHIFT_DAYS + 1):
        candidate = day + count * step
        if is_working_day(candidate):
            return candidate
    return day


@dataclass(frozen=True)
class Plan:
    """What a catch-up rule makes of the dates that are due.

    ``held`` is given when a person has to release the dates first.
    """

    issue: tuple = ()
    skip: tuple = ()
    held: tuple = ()


def catch_up(
    due: list,
    rule: str,
    cap: int,
    is_late: Callable[[object], bool],
    left: int | None = None,
) -> Plan:
    """Choose among due periods, oldest first.

    :param rule: ``all`` issues every one, ``last`` the latest only, ``skip`` those
        that are not late
    :param cap: more than so many documents at once wait for a release; 0 = no cap
    :param is_late: tells whether a period was missed, i.e. its day has passed
    :param left: so many documents are left of a limited number. What is skipped does
        not count, and what comes after the last one is not part of the series.
    """
    if left == 0:
        return Plan()
    if rule == "last":
        issue, skip = due[-1:], due[:-1]
    elif rule == "skip":
        issue = [period for period in due if not is_late(period)]
        skip = [period for period in due if is_late(period)]
    else:
        issue, skip = due, []
    issue = issue[:left]
    if cap and len(issue) > cap:
        return Plan(skip=tuple(skip), held=tuple(issue))
    return Plan(issue=tuple(issue), skip=tuple(skip))

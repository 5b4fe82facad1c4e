"""What a schedule, a catch-up and a shift mean, told by walking day by day.

Independent of ``schedule.py``: no month arithmetic, no length of a month, no index.
The walker knows "tomorrow" and "is this the last day of the month", nothing else,
and the decisions are taken one date at a time. Slow, and obviously right.
"""

from datetime import timedelta
from itertools import chain, islice, takewhile

ONE_DAY = timedelta(days=1)


def walk(day, step=ONE_DAY):
    """``day``, the next one (or, with a negative step, the one before), ..."""
    while True:
        yield day
        day += step


def is_last_day_of_month(day):
    return (day + ONE_DAY).day == 1


def wished_day(schedule):
    """The day of the month that the schedule asks for."""
    if schedule.day_rule == "month_end":
        return 31
    if schedule.day_rule == "month_day":
        return schedule.month_day
    return schedule.start.day


def falls_on(day, wished):
    """Is ``day`` the wished day of its month, or the last one if it has none?"""
    return day.day == wished or (day.day < wished and is_last_day_of_month(day))


def scheduled_days(schedule):
    """The days on which a document is issued, in order, up to the end if any."""
    days = islice(_steps(schedule), 0, None, schedule.interval)
    if schedule.end:
        return takewhile(lambda day: day <= schedule.end, days)
    return days


def _steps(schedule):
    """The days one unit apart: ``scheduled_days`` takes every n-th."""
    start, unit = schedule.start, schedule.unit
    if unit == "day":
        return walk(start)
    if unit == "week":
        return (day for day in walk(start) if day.weekday() == start.weekday())
    wished = wished_day(schedule)
    monthly = (day for day in walk(start) if falls_on(day, wished))
    if unit == "month":
        return monthly
    first = next(monthly)
    return chain([first], (day for day in monthly if day.month == first.month))


def nearest_working_day(day, rule, limit, is_working_day):
    """First working day from ``day`` on, at most ``limit`` away, else ``day``."""
    if rule == "none":
        return day
    step = ONE_DAY if rule == "after" else -ONE_DAY
    reachable = islice(walk(day, step), limit + 1)
    return next((other for other in reachable if is_working_day(other)), day)


def history(schedule, run_days, rule, cap):
    """What became of each date after runs on ``run_days`` (in order, may repeat).

    :return: ``{date: (outcome, day of the run)}``; outcome is ``issue``, ``skip``
        or ``held``
    """
    dates = set(takewhile(lambda day: day <= run_days[-1], scheduled_days(schedule)))
    outcomes, waiting = {}, []
    for today in takewhile(lambda day: day <= run_days[-1], walk(schedule.start)):
        if today in dates:
            waiting.append(today)
        if today in run_days:
            for day, outcome in _decide(waiting, today, rule, cap).items():
                outcomes[day] = (outcome, today)
            waiting = []
    return outcomes


def _decide(waiting, today, rule, cap):
    wanted = {
        "all": lambda day: True,
        "last": lambda day: day == max(waiting),
        "skip": lambda day: day == today,
    }[rule]
    chosen = {day for day in waiting if wanted(day)}
    outcome = "held" if cap and len(chosen) > cap else "issue"
    return {day: outcome if day in chosen else "skip" for day in waiting}

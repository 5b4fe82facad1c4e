"""Periods of the accountant's pack, and the days on which it is made. No Odoo here."""

import calendar
from datetime import date, timedelta


def get_period(kind, today):
    """First and last day of a period.

    :param str kind: ``last_month``, ``this_month``, ``last_quarter``, ``this_quarter``
    :param date today: in the company's time zone
    """
    which, _separator, unit = kind.partition("_")
    months = {"month": 1, "quarter": 3}[unit]
    index = (today.year * 12 + today.month - 1) // months * months
    if which == "last":
        index -= months
    return _month(index), _month(index + months) - timedelta(days=1)


def get_next_day(day, after):
    """The next date after another that is this day of its month.

    A month that is too short has it on its last day; the month after has it on the
    given day again.

    :param int day: 1 to 31
    """
    index = after.year * 12 + after.month - 1
    found = _day(index, day)
    return found if found > after else _day(index + 1, day)


def _month(index):
    return date(index // 12, index % 12 + 1, 1)


def _day(index, day):
    first = _month(index)
    return first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))

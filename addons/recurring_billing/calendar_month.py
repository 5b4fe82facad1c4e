"""Calendar months and whole years: functions on dates, no Odoo."""

from dateutil.relativedelta import relativedelta


def first_of_month(day):
    """First day of the calendar month of ``day``."""
    return day.replace(day=1)


def last_of_month(day):
    """Last day of the calendar month of ``day``."""
    return day + relativedelta(day=31)


def previous_month(day):
    """First day of the calendar month before that of ``day``."""
    return first_of_month(day) - relativedelta(months=1)


def add_years(day, years):
    """The same day ``years`` later; 28 February for a 29th that is missing."""
    return day + relativedelta(years=years)

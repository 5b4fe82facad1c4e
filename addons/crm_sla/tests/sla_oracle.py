"""Working time told by walking minute by minute along the clock on the wall.

Independent of ``working_time.py``, ``sla_clock.py`` and of core's intervals: it knows
what time the office's clock shows in this minute, and whether that is a working hour.
Slow, and obviously right. All instants and hours are whole minutes.
"""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class Office:
    """When do people work there?

    :param hours: ``{weekday: [(first, last hour), …]}`` as the wall clock shows them
    :param days_off: list of (start, end) instants in UTC
    """

    def __init__(self, zone, hours, days_off=()):
        self.zone = ZoneInfo(zone)
        self.hours = hours
        self.days_off = days_off

    def works(self, minute):
        """Does the minute that begins at this instant (naive UTC) count?"""
        wall = minute.replace(tzinfo=UTC).astimezone(self.zone)
        hour = wall.hour + wall.minute / 60
        return any(
            start <= hour < end for start, end in self.hours.get(wall.weekday(), ())
        ) and not any(start <= minute < end for start, end in self.days_off)


def walk(start, until=None):
    while until is None or start < until:
        yield start
        start += MINUTE


def get_deadline(works, counts, start, minutes):
    """When has the clock, that begins at ``start``, shown so many minutes?

    :param works: function of a minute: is it working time?
    :param counts: function of a minute: does the clock run, as far as the task goes?
    """
    for minute in walk(start):
        if works(minute) and counts(minute):
            minutes -= 1
            if not minutes:
                return minute + MINUTE
    raise AssertionError("unreachable")


class History:
    """What happened to a task: (instant, kind) in order, ``kind`` one of ``runs``,
    ``stops``, ``reached``; the last one holds for ever."""

    def __init__(self, events):
        self.events = events

    def kind_at(self, minute):
        kind = None
        for moment, what in self.events:
            if moment <= minute:
                kind = what
        return kind

    def until(self, now):
        return History([event for event in self.events if event[0] <= now])

    def meets(self, works, minutes, now):
        """``yes`` as long as the clock has not shown more than was promised, up to
        now, or to the moment at which it came to stand still."""
        known = self.until(now)
        # Time is up at the end of the last promised minute, and that end still counts.
        start = known.events[0][0]
        used = 0
        for minute in walk(start, now):
            if known.kind_at(minute) == "runs":
                if used == minutes:
                    # All is used up before this minute: every further one, working or
                    # not, lies after the deadline.
                    return "no"
                used += works(minute)
        return "yes"

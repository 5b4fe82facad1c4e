"""Working time as a number line: which instant is so many working seconds later?

No Odoo, no time zones: instants are naive UTC datetimes, durations whole seconds.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from itertools import accumulate

#: First look ahead; doubled as often as needed.
FIRST_LOOK = timedelta(days=60)
#: Beyond this a promise is a mistake in the working hours.
FARTHEST_LOOK = timedelta(days=3653)
EPOCH = datetime(1970, 1, 1)


class NoWorkingHours(Exception):
    """The calendar does not have as many working hours within ten years."""


class RoundTheClock:
    """Every second counts."""

    def add(self, start, seconds):
        return start + timedelta(seconds=seconds)

    def between(self, start, end):
        return max(0, round((end - start).total_seconds()))


class WorkingTime:
    """The working intervals of a calendar, read on demand and each stretch once.

    :param fetch: function of (start, end) that returns the working intervals in
        between as (start, end) pairs
    """

    def __init__(self, fetch):
        self._fetch = fetch
        self._from = self._until = None
        self._pieces = []

    def cover(self, start, end):
        """Read all from ``start`` to ``end`` at once, if it is not there already."""
        if self._from is None:
            self._from, self._until = start, start
        before = self._read(start, self._from)
        after = self._read(self._until, end)
        if before or after:
            self._pieces = _merged(before + self._pieces + after)
            self._starts = [piece[0] for piece in self._pieces]
            self._totals = list(accumulate(b - a for a, b in self._pieces))
        self._from, self._until = min(start, self._from), max(end, self._until)

    def add(self, start, seconds):
        """The first instant by which ``seconds`` of work are done; with 0, the start.

        The end of a working day stays that end: it is not the next morning.

        :raise NoWorkingHours: the calendar has too few hours
        """
        if not seconds:
            return start
        look = FIRST_LOOK
        self.cover(start, start + look)
        wanted = self._position(start) + seconds
        while self._total() < wanted:
            if look >= FARTHEST_LOOK:
                raise NoWorkingHours
            look *= 2
            self.cover(start, start + look)
        index = bisect_left(self._totals, wanted)
        return _instant(self._pieces[index][1] - (self._totals[index] - wanted))

    def between(self, start, end):
        """Working seconds from ``start`` to ``end``; 0 if the end is not later."""
        if end <= start:
            return 0
        self.cover(start, end)
        return self._position(end) - self._position(start)

    def _read(self, start, end):
        if start >= end:
            return []
        return [(_seconds(a), _seconds(b)) for a, b in self._fetch(start, end)]

    def _total(self):
        return self._totals[-1] if self._pieces else 0

    def _position(self, instant):
        """Working seconds from the beginning of what was read until ``instant``."""
        if not self._pieces:
            return 0
        moment = _seconds(instant)
        index = bisect_right(self._starts, moment) - 1
        if index < 0:
            return 0
        return self._totals[index] - max(0, self._pieces[index][1] - moment)


def _merged(pieces):
    """Sorted, without overlaps, those that touch as one."""
    merged = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def _seconds(instant):
    # Calendars end a day at 23:59:59.999999: rounding makes that midnight.
    return round((instant - EPOCH).total_seconds())


def _instant(seconds):
    return EPOCH + timedelta(seconds=seconds)

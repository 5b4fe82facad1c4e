"""The clock of a promise: where a task was, and when its time is up.

No Odoo. Instants are naive UTC datetimes, durations seconds of working time.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile

RUNS, STOPS, REACHED = "runs", "stops", "reached"


@dataclass(frozen=True, slots=True)
class Stay:
    """A task was at a stage, open or closed; without an end it is there now."""

    stage: int | None
    is_closed: bool
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised: seconds of working time, and what each stage means for it.

    :param risk: seconds after which the task is at risk
    :param start_stages: the clock starts at the first of these; empty: at once
    :param stop_stages: the clock stands still there
    :param reached_stages: the stage to reach and those after it; empty: only closing
    """

    seconds: int
    risk: int
    start_stages: frozenset = frozenset()
    stop_stages: frozenset = frozenset()
    reached_stages: frozenset = frozenset()

    def get_kind(self, stay):
        if stay.is_closed or stay.stage in self.reached_stages:
            return REACHED
        return STOPS if stay.stage in self.stop_stages else RUNS


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock says.

    :param deadline: when the time is up. While the clock stands still, as if it went
        on right when it stopped.
    :param used: seconds of working time used up before the last stop; None while the
        clock runs
    """

    start: datetime
    deadline: datetime
    risk_date: datetime
    paused_since: datetime | None = None
    reached_date: datetime | None = None
    used: int | None = None


def get_answer(deadline, reached_date, paused_since, now):
    """Does it meet the SLA at the moment ``now``: ``yes``, ``no`` or ``none``?"""
    if not deadline:
        return "none"
    return "no" if (reached_date or paused_since or now) > deadline else "yes"


def read_clock(promise, stays, working_time):
    """The clock of a task from all its stays in order, the last one without an end.

    A task that had reached and was opened again goes on where it stood: the time in
    between counts as a stop. A stop after the deadline changes nothing.

    :return: None if the clock never started
    :raise NoWorkingHours: the calendar cannot keep the promise
    """
    if promise.start_stages:
        stays = dropwhile(lambda stay: stay.stage not in promise.start_stages, stays)
    blocks = _join(promise, stays)
    if not blocks:
        return None
    kind, last = blocks[-1]
    since = last[0].start
    used, marks = _walk(promise, blocks[:-1], working_time)
    deadline, risk_date = (
        mark or working_time.add(since, seconds - used)
        for mark, seconds in zip(marks, (promise.seconds, promise.risk), strict=True)
    )
    return Clock(
        start=blocks[0][1][0].start,
        deadline=deadline,
        risk_date=risk_date,
        paused_since=since if kind == STOPS else None,
        reached_date=since if kind == REACHED else None,
        used=None if kind == RUNS else used,
    )


def _join(promise, stays):
    """``[(kind, stays)]``: what follows each other and is of one kind, as one block."""
    blocks = []
    for stay in stays:
        kind = promise.get_kind(stay)
        if not blocks or blocks[-1][0] != kind:
            blocks.append((kind, []))
        blocks[-1][1].append(stay)
    return blocks


def _walk(promise, blocks, working_time):
    """Seconds used in past blocks; deadline and risk date where they lie in them."""
    used, marks = 0, [None, None]
    for kind, stays in blocks:
        if kind != RUNS:
            continue
        start, end = stays[0].start, stays[-1].end
        available = working_time.between(start, end)
        for index, seconds in enumerate((promise.seconds, promise.risk)):
            if marks[index] is None and used + available >= seconds:
                moment = working_time.add(start, seconds - used)
                # Used up right when it stopped is not too late: that is a stop.
                marks[index] = moment if moment < end else None
        used += available
    return used, marks

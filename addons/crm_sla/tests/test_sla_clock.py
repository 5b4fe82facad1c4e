"""The clock of a promise: starts, stops, reached, opened again."""

import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..sla_clock import Promise, Stay, get_answer, read_clock
from ..working_time import RoundTheClock, WorkingTime
from . import sla_oracle as oracle
from .test_working_time import office_hours

NEW, WORK, WAIT, SOLVED = 1, 2, 3, 4
MONDAY = datetime(2026, 11, 2)
HOUR = timedelta(hours=1)


def at(hours):
    return MONDAY + hours * HOUR


def stays(*events, closed=()):
    """Stays from (hour, stage) events."""
    ends = [hour for hour, _stage in events[1:]]
    return [
        Stay(stage, stage in closed, at(hour), at(end) if end is not None else None)
        for (hour, stage), end in zip(events, [*ends, None], strict=True)
    ]


def promise(hours=8, start=(), risk=0.5):
    return Promise(
        seconds=hours * 3600,
        risk=int(hours * 3600 * risk),
        start_stages=frozenset(start),
        stop_stages=frozenset([WAIT]),
        reached_stages=frozenset([SOLVED]),
    )


@tagged("post_install", "-at_install")
class TestClock(BaseCase):
    def _read(self, *events, what=None, **kwargs):
        return read_clock(what or promise(), stays(*events, **kwargs), RoundTheClock())

    def test_a_running_clock(self):
        clock = self._read((0, NEW))
        self.assertEqual((clock.start, clock.deadline), (at(0), at(8)))
        self.assertEqual(clock.risk_date, at(4))
        self.assertIsNone(clock.paused_since)
        self.assertIsNone(clock.reached_date)
        self.assertIsNone(clock.used)

    def test_a_stop_moves_the_deadline(self):
        clock = self._read((0, NEW), (2, WAIT), (5, WORK))
        self.assertEqual((clock.risk_date, clock.deadline), (at(7), at(11)))

    def test_while_it_stands_still_the_deadline_is_as_if_it_went_on_at_once(self):
        clock = self._read((0, NEW), (2, WAIT))
        self.assertEqual((clock.paused_since, clock.deadline), (at(2), at(8)))

    def test_a_stop_after_the_deadline_changes_nothing(self):
        clock = self._read((0, NEW), (9, WAIT), (20, WORK))
        self.assertEqual(clock.deadline, at(8))

    def test_used_up_to_the_last_second_and_then_stopped_is_in_time(self):
        for events in ((8, WAIT),), ((8, WAIT), (20, SOLVED)):
            clock = self._read((0, NEW), *events)
            self.assertEqual(
                get_answer(
                    clock.deadline, clock.reached_date, clock.paused_since, at(30)
                ),
                "yes",
            )
        resumed = self._read((0, NEW), (8, WAIT), (20, WORK))
        self.assertEqual(resumed.deadline, at(20))

    def test_reached_says_when_and_how_much_was_used(self):
        clock = self._read((0, NEW), (2, WAIT), (5, WORK), (6, SOLVED))
        self.assertEqual((clock.reached_date, clock.used), (at(6), 3 * 3600))
        self.assertEqual(clock.deadline, at(11))

    def test_a_closed_task_has_reached_wherever_it_is(self):
        clock = self._read((0, NEW), (3, WAIT), closed=[WAIT])
        self.assertEqual((clock.reached_date, clock.paused_since), (at(3), None))

    def test_going_on_behind_the_target_is_still_the_first_arrival(self):
        clock = self._read((0, NEW), (3, SOLVED), (9, WORK), closed=[WORK])
        self.assertEqual((clock.reached_date, clock.deadline), (at(3), at(8)))

    def test_opened_again_the_time_in_between_does_not_count(self):
        clock = self._read((0, NEW), (3, SOLVED), (20, WORK))
        self.assertEqual((clock.reached_date, clock.deadline), (None, at(25)))

    def test_missed_and_opened_again_is_still_missed(self):
        clock = self._read((0, NEW), (9, SOLVED), (20, WORK))
        self.assertEqual(clock.deadline, at(8))

    def test_the_clock_starts_at_the_first_of_its_stages(self):
        clock = self._read(
            (0, NEW), (3, WORK), (4, NEW), (5, WORK), what=promise(start=[WORK])
        )
        self.assertEqual((clock.start, clock.deadline), (at(3), at(11)))

    def test_a_clock_that_never_started(self):
        self.assertIsNone(self._read((0, NEW), what=promise(start=[WORK])))

    def test_the_deadline_itself_is_still_in_time(self):
        second = timedelta(seconds=1)
        self.assertEqual(get_answer(at(8), None, None, at(8)), "yes")
        self.assertEqual(get_answer(at(8), None, None, at(8) + second), "no")
        self.assertEqual(get_answer(at(8), at(8) + second, None, at(9)), "no")
        self.assertEqual(get_answer(at(8), None, at(7), at(9)), "yes")
        self.assertEqual(get_answer(None, None, None, at(9)), "none")


@tagged("post_install", "-at_install")
class TestClockLaws(BaseCase):
    """Random histories in an office, against the walker."""

    def test_at_every_instant_the_answer_is_that_of_the_walker(self):
        chance = random.Random(7)
        office = oracle.Office("UTC", {day: [(9, 17)] for day in range(7)})
        kinds = {NEW: "runs", WORK: "runs", WAIT: "stops", SOLVED: "reached"}
        answers = set()
        for _attempt in range(300):
            hours = [0.0]
            step = chance.choice((1, 60))  # whole hours meet the edges of the day
            for _move in range(chance.randint(0, 5)):
                hours.append(hours[-1] + chance.randint(1, 900 // step) * step / 60)
            events = [(hour, chance.choice(list(kinds))) for hour in hours]
            history = oracle.History(
                [(at(hour), kinds[stage]) for hour, stage in events]
            )
            what = promise(hours=chance.randint(1, 12))
            for _look in range(4):
                last = (int(hours[-1] * 60) + 1500) // step
                now = at(chance.randint(0, last) * step / 60)
                known = [event for event in events if at(event[0]) <= now]
                clock = read_clock(what, stays(*known), WorkingTime(office_hours))
                answer = get_answer(
                    clock.deadline, clock.reached_date, clock.paused_since, now
                )
                expected = history.meets(office.works, what.seconds // 60, now)
                self.assertEqual(answer, expected, (known, what, now))
                answers.add(answer)
        self.assertEqual(answers, {"yes", "no"})

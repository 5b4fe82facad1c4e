"""Laws of working time, against a walker that goes minute by minute."""

import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..working_time import NoWorkingHours, RoundTheClock, WorkingTime
from . import sla_oracle as oracle

MONDAY = datetime(2026, 11, 2)
HOUR = timedelta(hours=1)


def office_hours(start, end):
    """Nine to five, every day, as a calendar would answer."""
    pieces = []
    day = datetime(start.year, start.month, start.day)
    while day < end:
        pieces.append((max(start, day + 9 * HOUR), min(end, day + 17 * HOUR)))
        day += timedelta(days=1)
    return [piece for piece in pieces if piece[0] < piece[1]]


@tagged("post_install", "-at_install")
class TestWorkingTime(BaseCase):
    def setUp(self):
        super().setUp()
        self.time = WorkingTime(office_hours)

    def test_the_end_of_the_day_is_not_the_next_morning(self):
        self.assertEqual(self.time.add(MONDAY + 9 * HOUR, 8 * 3600), MONDAY + 17 * HOUR)

    def test_one_second_more_is_the_next_morning(self):
        self.assertEqual(
            self.time.add(MONDAY + 9 * HOUR, 8 * 3600 + 1),
            MONDAY + 33 * HOUR + timedelta(seconds=1),
        )

    def test_a_start_at_night_counts_from_the_morning(self):
        self.assertEqual(self.time.add(MONDAY, 3600), MONDAY + 10 * HOUR)

    def test_it_reads_further_as_far_as_needed(self):
        self.assertEqual(
            self.time.add(MONDAY, 8 * 3600 * 400), MONDAY + 399 * 24 * HOUR + 17 * HOUR
        )

    def test_a_calendar_without_hours_ends_in_an_error(self):
        with self.assertRaises(NoWorkingHours):
            WorkingTime(lambda start, end: []).add(MONDAY, 1)

    def test_each_stretch_is_read_once(self):
        asked = []

        def fetch(start, end):
            asked.append((start, end))
            return office_hours(start, end)

        time = WorkingTime(fetch)
        time.add(MONDAY, 3600)
        time.add(MONDAY + 24 * HOUR, 3600)
        time.between(MONDAY - 24 * HOUR, MONDAY + 24 * HOUR)
        time.between(MONDAY - 24 * HOUR, MONDAY + 24 * HOUR)
        seconds = sum((end - start).total_seconds() for start, end in asked)
        self.assertEqual(seconds, (asked[-2][1] - asked[-1][0]).total_seconds())

    def test_a_day_that_ends_a_moment_before_midnight_is_whole(self):
        """Calendars say 23:59:59.999999."""
        almost = timedelta(microseconds=1)

        def fetch(start, end):
            days = (end - start).days + 1
            return [
                (MONDAY + 24 * HOUR * day, MONDAY + 24 * HOUR * (day + 1) - almost)
                for day in range(days)
            ]

        self.assertEqual(
            WorkingTime(fetch).between(MONDAY, MONDAY + 72 * HOUR), 72 * 3600
        )

    def test_round_the_clock_every_second_counts(self):
        time = RoundTheClock()
        self.assertEqual(time.add(MONDAY, 90), MONDAY + timedelta(seconds=90))
        self.assertEqual(time.between(MONDAY, MONDAY + HOUR), 3600)
        self.assertEqual(time.between(MONDAY + HOUR, MONDAY), 0)


@tagged("post_install", "-at_install")
class TestWorkingTimeLaws(BaseCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(20261102)

    def _create_random(self):
        """Intervals with gaps, as minutes; the walker sees the same ones."""
        pieces, moment = [], MONDAY
        while moment < MONDAY + timedelta(days=9):
            moment += timedelta(minutes=self.random.randint(0, 600))
            end = moment + timedelta(minutes=self.random.randint(1, 500))
            pieces.append((moment, end))
            moment = end

        def fetch(start, end):
            clipped = [(max(start, a), min(end, b)) for a, b in pieces]
            return [piece for piece in clipped if piece[0] < piece[1]]

        def works(minute):
            return any(a <= minute < b for a, b in pieces)

        return WorkingTime(fetch), works

    def _moment(self):
        return MONDAY + timedelta(minutes=self.random.randint(0, 5 * 24 * 60))

    def test_adding_is_what_the_walker_finds(self):
        for _attempt in range(150):
            time, works = self._create_random()
            start, minutes = self._moment(), self.random.randint(1, 900)
            self.assertEqual(
                time.add(start, minutes * 60),
                oracle.get_deadline(works, lambda minute: True, start, minutes),
            )

    def test_between_is_what_the_walker_counts(self):
        for _attempt in range(150):
            time, works = self._create_random()
            start, end = sorted((self._moment(), self._moment()))
            minutes = sum(works(minute) for minute in oracle.walk(start, end))
            self.assertEqual(time.between(start, end), minutes * 60)

    def test_what_is_added_lies_in_between(self):
        for _attempt in range(150):
            time, _works = self._create_random()
            start, seconds = self._moment(), self.random.randint(1, 50_000)
            end = time.add(start, seconds)
            self.assertEqual(time.between(start, end), seconds)
            self.assertEqual(
                time.between(start, end - timedelta(seconds=1)), seconds - 1
            )

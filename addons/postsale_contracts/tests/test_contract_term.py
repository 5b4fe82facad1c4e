"""Terms and days of decision: examples, and laws that hold for every contract."""

import calendar
import random
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..contract_term import Renewals, Term, count_missed, get_decide_before

EXAMPLES = 3000
ONE_DAY = timedelta(days=1)


def add_months(day, months):
    """The oracle: calendar arithmetic by hand."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@tagged("post_install", "-at_install")
class TestContractTerm(BaseCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(2027)

    def _draw(self):
        anchor = date(2000, 1, 1) + timedelta(days=self.random.randrange(40_000))
        months = self.random.choice((1, 2, 3, 6, 7, 12, 14, 24, 36))
        return anchor, months

    def test_a_year(self):
        renewals = Renewals(date(2028, 1, 1), 0, 12)
        self.assertEqual(
            renewals.get_next(), Term(date(2028, 1, 1), date(2028, 12, 31))
        )

    def test_short_months_leave_no_trace(self):
        renewals = Renewals(date(2027, 1, 31), 0, 1)
        starts = [renewals.get_next(number).start for number in (1, 2, 3, 4)]
        self.assertEqual(
            starts,
            [
                date(2027, 1, 31),
                date(2027, 2, 28),
                date(2027, 3, 31),
                date(2027, 4, 30),
            ],
        )

    def test_another_length_goes_on_from_the_same_anchor(self):
        renewals = Renewals(date(2027, 1, 31), 1, 12)
        self.assertEqual(
            renewals.get_next(), Term(date(2027, 2, 28), date(2028, 2, 28))
        )

    def test_starts_are_those_of_the_oracle(self):
        for _example in range(EXAMPLES):
            anchor, months = self._draw()
            before, number = self.random.randrange(60), self.random.randrange(1, 40)
            term = Renewals(anchor, before, months).get_next(number)
            ahead = before + (number - 1) * months
            self.assertEqual(term.start, add_months(anchor, ahead))
            self.assertEqual(term.end + ONE_DAY, add_months(anchor, ahead + months))

    def test_terms_follow_each_other_without_gap(self):
        for _example in range(EXAMPLES // 10):
            renewals = Renewals(*self._draw()[:1], 0, self._draw()[1])
            terms = [renewals.get_next(number) for number in range(1, 30)]
            for term, following in zip(terms, terms[1:], strict=False):
                self.assertLessEqual(term.start, term.end)
                self.assertEqual(term.end + ONE_DAY, following.start)

    def test_the_next_one_does_not_depend_on_how_often_it_was_asked(self):
        for _example in range(EXAMPLES // 10):
            anchor, months = self._draw()
            for done in range(12):
                self.assertEqual(
                    Renewals(anchor, done * months, months).get_next(),
                    Renewals(anchor, 0, months).get_next(done + 1),
                )

    def test_notice_is_due_on_the_last_day_before(self):
        self.assertEqual(get_decide_before(date(2027, 12, 31), 30), date(2027, 12, 1))
        self.assertEqual(get_decide_before(date(2027, 12, 31), 0), date(2027, 12, 31))

    def test_missed_renewals_are_as_many_as_days_walked_tell(self):
        for _example in range(EXAMPLES // 10):
            anchor, months = self._draw()
            notice = self.random.choice((0, 15, 30, 90))
            today = anchor + timedelta(days=self.random.randrange(-200, 900))
            renewals = Renewals(anchor, 0, months)
            end, walked = anchor - ONE_DAY, 0
            while end - timedelta(days=notice) < today and walked < 10:
                walked += 1
                end = add_months(anchor, walked * months) - ONE_DAY
            counted = count_missed(today, anchor - ONE_DAY, renewals, notice, 9)
            self.assertEqual(counted, walked)

    def test_counting_stops_above_the_limit(self):
        renewals = Renewals(date(2000, 1, 1), 0, 1)
        counted = count_missed(date(2027, 1, 1), date(1999, 12, 31), renewals, 0, 3)
        self.assertEqual(counted, 4)

"""Terms of a contract that is renewed, and the days on which it is decided. No Odoo."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """Days from ``start`` to ``end``, both inclusive."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Renewals:
    """How a contract goes on.

    Every date is counted from the anchor, never from the renewal before, so that short
    months leave no trace: the 31st gives 31 Jan, 28 Feb, 31 Mar.

    :param anchor: the day after the first term's end
    :param months_before: of the renewals that there are
    :param months: of each further one
    """

    anchor: date
    months_before: int
    months: int

    def get_next(self, number=1):
        """The next term, or the one so many terms ahead.

        :rtype: Term
        """
        months = self.months_before + (number - 1) * self.months
        start = self.anchor + relativedelta(months=months)
        following = self.anchor + relativedelta(months=months + self.months)
        return Term(start, following - ONE_DAY)


def get_decide_before(end, notice_days):
    """The last day on which notice can be given for a term.

    :param date end: last day of the term
    :rtype: date
    """
    return date.fromordinal(max(1, end.toordinal() - notice_days))


def count_missed(today, end, renewals, notice_days, limit):
    """How many renewals have come about by silence until today.

    :param date end: last day of the current term
    :param Renewals renewals: what follows it
    :param int limit: counting stops one above it
    :return: 0 while notice can still be given
    """
    count = 0
    while count <= limit and get_decide_before(end, notice_days) < today:
        count += 1
        end = renewals.get_next(count).end
    return count

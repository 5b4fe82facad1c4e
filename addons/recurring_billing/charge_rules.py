"""When a card is charged again. Pure."""

from datetime import date, timedelta

#: Days after the due date on which a charge is tried; then the reminders take over.
ATTEMPTS = (0, 1, 3)


def next_attempt(due: date, tried: list[date]) -> date | None:
    """The day of the next attempt, None when all were used.

    One a day at most: an attempt that is late moves those after it.

    :param due: when the money is due
    :param tried: the days of former attempts
    """
    if len(tried) >= len(ATTEMPTS):
        return None
    day = due + timedelta(days=ATTEMPTS[len(tried)])
    return max([day, *(former + timedelta(days=1) for former in tried)])

"""When a transmission is tried again. Pure."""

from datetime import timedelta

#: Minutes after the first, second ... attempt; after the last pause it is given up.
PAUSES = (1, 5, 15, 60, 240, 720, 1440)
#: Nobody is waited for longer, whatever he asks for.
LONGEST = timedelta(days=1)


def next_pause(attempts, retry_after=0):
    """Time to wait after so many attempts; None: a person has to look.

    :param int retry_after: seconds that the receiver asks for
    """
    if attempts > len(PAUSES):
        return None
    planned = timedelta(minutes=PAUSES[max(attempts, 1) - 1])
    return max(planned, min(timedelta(seconds=retry_after), LONGEST))

"""Waiting for what another process does."""

import time

POLL = 0.1  # seconds


def wait_until(condition, what, limit=60):
    """What `condition` answers, as soon as that is true.

    :raises TimeoutError: `what` did not come within `limit` seconds
    """
    deadline = time.monotonic() + limit
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {limit} s")
        time.sleep(POLL)
    return answer

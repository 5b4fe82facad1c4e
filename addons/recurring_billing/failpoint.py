"""Named places at which a test may stop the process, to prove that nothing is lost.

Without the environment variable ``RECURRING_FAILPOINT`` (read once, at start) a
failpoint is an empty function: production pays for one call that returns.
"""

import os

_WISHED = os.environ.get("RECURRING_FAILPOINT", "")


def _nothing(name: str) -> None:
    """A failpoint in production."""


def _stop(name: str) -> None:
    """End the process as ``kill -9`` would, or raise, at the wished failpoint.

    ``RECURRING_FAILPOINT=name`` kills, ``name:raise`` raises ``RuntimeError``.
    """
    if name == _WISHED:
        os._exit(137)
    if _WISHED == f"{name}:raise":
        raise RuntimeError(f"failpoint {name}")


failpoint = _stop if _WISHED else _nothing

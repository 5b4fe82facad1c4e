"""What a receiver's answer to a transmission means. Pure: no Odoo."""

import json
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime

ACCEPTED, RETRY, REFUSED = "accepted", "retry", "refused"
NUMBER_HEADER = "X-ERP-Number"
MAX_NUMBER = 64
MAX_WORDS = 300
#: Nothing was done with the message, and it may be sent again.
TRY_LATER = (408, 421, 425, 429)


@dataclass(frozen=True, slots=True)
class Answer:
    """``number``: the receiver's own; ``retry_after``: seconds that it asks us to wait;
    ``words``: what it says about a refusal, for a person to read; ``is_uncertain``: it
    may have taken the message all the same."""

    verdict: str
    status: int
    number: str = ""
    retry_after: int = 0
    words: str = ""
    is_uncertain: bool = False


def read_answer(status, headers, body, now):
    """What an answer means.

    :param headers: with a ``get`` that ignores case
    :param bytes body: as far as it was read
    :param datetime now: UTC, without a time zone
    :rtype: Answer
    """
    data = _parse(body)
    if 200 <= status < 300:
        number = data.get("number") or headers.get(NUMBER_HEADER)
        return Answer(ACCEPTED, status, number=_clean(number, MAX_NUMBER))
    words = _clean(data.get("error") or data.get("message"), MAX_WORDS)
    if status >= 500 or status in TRY_LATER:
        return Answer(
            RETRY,
            status,
            retry_after=_get_seconds(headers.get("Retry-After"), now),
            words=words,
            is_uncertain=status >= 500,  # it may have failed after having booked it
        )
    return Answer(REFUSED, status, words=words)


def _parse(body):
    """The JSON object of an answer; empty for whatever else it is."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _clean(value, length):
    """Text or whole number of a stranger, printable, on one line, not too long."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int):
        value = str(value) if abs(value) < 10**length else ""
    text = "".join(c if c.isprintable() else " " for c in value[: length * 4])
    return " ".join(text.split())[:length]


def _get_seconds(value, now):
    """``Retry-After`` in seconds, also where it is a date (RFC 9110, 10.2.3)."""
    value = (value or "").strip()
    if value.isdecimal() and value.isascii():
        return int(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return 0
    if moment.tzinfo:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return max(0, int((moment - now).total_seconds()))

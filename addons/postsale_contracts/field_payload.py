"""What a technician's phone may send. No Odoo in here.

An entry is something that was done at a job: work started or stopped, a note, a photo,
a part used … The phone gives each a key of its own (``uuid``, 32 hexadecimal digits),
so that sending it again changes nothing. Moments are UTC, naive.
"""

import base64
import binascii
import hashlib
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from PIL import Image

from odoo.addons.recurring_billing import api_input
from odoo.addons.recurring_billing.api_input import InvalidInput

MAX_TEXT = 5_000
MAX_NAME = 200
MAX_QUANTITY = 1_000_000
MAX_PHOTO = 5 * 1024 * 1024
MAX_SIGNATURE = 512 * 1024
MAX_PIXELS = 40_000_000
#: A phone whose clock is further ahead is not believed; one that is less is put right.
MAX_AHEAD = timedelta(days=1)
MAX_AGE = timedelta(days=366)
MOMENT = "%Y-%m-%d %H:%M:%S"
UUID = re.compile(r"[0-9a-f]{32}")

#: Codes of what was expected, besides those of ``api_input``.
KEY, CLOCK, PICTURE, SMALLER, DRAWN = "key", "clock", "picture", "smaller", "drawn"

EXTENSIONS = {"JPEG": "jpg", "PNG": "png"}


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """An entry that can be understood.

    :param str uuid: the phone's key
    :param str kind: one of ``KINDS``
    :param int task: id of the job
    :param datetime moment: when it was entered, never in the future
    :param dict values: what was entered, by names of the kind
    :param str digest: the same for the same content only
    """

    uuid: str
    kind: str
    task: int
    moment: datetime
    values: dict
    digest: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose content is what it says.

    :param bytes content: the file
    :param str extension: ``jpg`` or ``png``
    """

    content: bytes
    extension: str


def read_entry(raw, now):
    """What the phone has sent, checked.

    :param datetime now: UTC, naive
    :rtype: FieldEntry
    :raises InvalidInput: names the part and says what was expected
    """
    names = ("uuid", "kind", "task", "at", "values")
    raw = api_input.check_names("entry", raw, names)
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in _READERS:
        raise InvalidInput("kind", api_input.KNOWN)
    read, known = _READERS[kind]
    values = api_input.check_names("values", raw.get("values") or {}, known)
    return FieldEntry(
        uuid=read_uuid("uuid", raw.get("uuid")),
        kind=kind,
        task=api_input.get_id("task", raw.get("task")),
        moment=read_moment("at", raw.get("at"), now),
        values=read(values, now),
        digest=get_digest(raw),
    )


def get_digest(raw):
    content = [raw.get(name) for name in ("kind", "task", "at", "values")]
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def read_uuid(name, value):
    if not isinstance(value, str) or not UUID.fullmatch(value):
        raise InvalidInput(name, KEY)
    return value


def read_moment(name, value, now):
    """A moment of the past; the little that a phone's clock is ahead is cut off."""
    if not isinstance(value, str):
        raise InvalidInput(name, CLOCK)
    try:
        moment = datetime.strptime(value, MOMENT)
    except ValueError:
        raise InvalidInput(name, CLOCK) from None
    if not now - MAX_AGE <= moment <= now + MAX_AHEAD:
        raise InvalidInput(name, CLOCK)
    return min(moment, now)


def read_text(name, value, most=MAX_TEXT, required=True):
    text = api_input.get_text(name, value, required=required)
    if not text:
        return ""
    try:
        text.encode()  # half of a pair of surrogates is no text
    except UnicodeEncodeError:
        raise InvalidInput(name, api_input.TEXT) from None
    if len(text) > most:
        raise InvalidInput(name, SMALLER)
    return text


def read_picture(name, value, most):
    """A JPEG or PNG, whatever its name says.

    :param value: in base64
    :param int most: bytes
    :rtype: Picture
    """
    content = _decode(name, value, most)
    try:
        with Image.open(io.BytesIO(content), formats=list(EXTENSIONS)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InvalidInput(name, SMALLER)
            image.load()  # a picture that is cut off is none
            return Picture(content, EXTENSIONS[image.format])
    except InvalidInput:
        raise
    except Image.DecompressionBombError:
        raise InvalidInput(name, SMALLER) from None
    except (OSError, ValueError, SyntaxError):
        raise InvalidInput(name, PICTURE) from None


def _decode(name, value, most):
    if not isinstance(value, str) or not value:
        raise InvalidInput(name, PICTURE)
    if len(value) > most * 4 // 3 + 4:
        raise InvalidInput(name, SMALLER)
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(name, PICTURE) from None


def read_signature(name, value):
    """A drawing with ink on it."""
    picture = read_picture(name, value, MAX_SIGNATURE)
    with Image.open(io.BytesIO(picture.content)) as image:
        if not image.convert("RGBA").getchannel("A").getbbox():
            raise InvalidInput(name, DRAWN)
    return picture


def get_ends(starts):
    """When each work ends whose technician does one after the other; the last goes on.

    >>> get_ends([1, 5, 3])
    [3, None, 5]
    """
    order = sorted(range(len(starts)), key=starts.__getitem__)
    ends = [None] * len(starts)
    for place, after in pairwise(order):
        ends[place] = starts[after]
    return ends


# === THE KINDS === #


def _read_nothing(_values, _now):
    return {}


def _read_stop(values, now):
    return {
        "start": read_uuid("start", values.get("start")),
        "ended": read_moment("ended", values.get("ended"), now),
    }


def _read_note(values, _now):
    return {"text": read_text("text", values.get("text"))}


def _read_photo(values, _now):
    return {"image": read_picture("image", values.get("image"), MAX_PHOTO)}


def _read_check(values, _now):
    return {
        "line": api_input.get_id("line", values.get("line")),
        "done": api_input.get_yes_no("done", values.get("done")),
    }


def _read_done(values, _now):
    return {"activity": api_input.get_id("activity", values.get("activity"))}


def _read_part(values, _now):
    """A product, or in words what it was."""
    product = values.get("product") or False
    condition = values.get("condition") or False
    quantity = api_input.get_number("quantity", values.get("quantity"), positive=True)
    if quantity > MAX_QUANTITY:
        raise InvalidInput("quantity", SMALLER)
    return {
        "product": product and api_input.get_id("product", product),
        "name": read_text("name", values.get("name"), MAX_NAME, required=not product),
        "quantity": quantity,
        "condition": condition and api_input.get_id("condition", condition),
    }


def _read_signature(values, _now):
    return {
        "name": read_text("name", values.get("name"), MAX_NAME),
        "image": read_signature("image", values.get("image")),
    }


#: For each kind: what reads it, and the names it may have.
_READERS = {
    "start": (_read_nothing, ()),
    "stop": (_read_stop, ("start", "ended")),
    "note": (_read_note, ("text",)),
    "photo": (_read_photo, ("image",)),
    "check": (_read_check, ("line", "done")),
    "done": (_read_done, ("activity",)),
    "part": (_read_part, ("product", "name", "quantity", "condition")),
    "signature": (_read_signature, ("name", "image")),
    "finish": (_read_nothing, ()),
}
KINDS = tuple(_READERS)

"""What a caller of the API may send. No Odoo in here.

Every function gives the value or raises :class:`InvalidInput`, whose text names the
argument and says what is expected.
"""

import math
import re
from datetime import date

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class InvalidInput(ValueError):
    """An argument that cannot be understood.

    :param str name: of the argument
    :param str expected: code of what was expected, see the constants below
    """

    def __init__(self, name, expected):
        super().__init__(f"{name}: {expected}")
        self.name = name
        self.expected = expected


TEXT, NUMBER, POSITIVE = "text", "number", "positive"
DATE, ID, LIST, OBJECT, YES_NO = "date", "id", "list", "object", "yes_no"
NOT_EMPTY, KNOWN = "not_empty", "known"


def get_text(name, value, required=False):
    if value in (None, False, "") and not required:
        return False
    if not isinstance(value, str) or (required and not value.strip()):
        raise InvalidInput(name, TEXT)
    if "\0" in value:
        raise InvalidInput(name, TEXT)
    return value.strip()


def get_number(name, value, default=None, positive=False):
    if value is None and default is not None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(name, POSITIVE if positive else NUMBER)
    if not math.isfinite(value) or abs(value) >= 1e12 or (positive and value <= 0):
        raise InvalidInput(name, POSITIVE if positive else NUMBER)
    return value


def get_date(name, value):
    """A date, or ``None`` where none was given."""
    if value in (None, False, ""):
        return None
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise InvalidInput(name, DATE)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(name, DATE) from None


def get_id(name, value):
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(name, ID)
    if not 0 < value < 2**31:
        raise InvalidInput(name, ID)
    return value


def get_list(name, value, check, required=False):
    """A list, each element as ``check(name, element)`` gives it."""
    if value is None and not required:
        return []
    if not isinstance(value, list):
        raise InvalidInput(name, LIST)
    if required and not value:
        raise InvalidInput(name, NOT_EMPTY)
    return [check(f"{name}[{index}]", item) for index, item in enumerate(value)]


def get_yes_no(name, value):
    if not isinstance(value, bool):
        raise InvalidInput(name, YES_NO)
    return value


def check_names(name, value, known):
    """An object that holds known names only: a misspelt one is not passed over."""
    if not isinstance(value, dict):
        raise InvalidInput(name, OBJECT)
    for other in value:
        if other not in known:
            raise InvalidInput(f"{name}.{other}", KNOWN)
    return value

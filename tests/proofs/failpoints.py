"""The failpoints of the add-ons, as their source names them."""

import re
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[2] / "addons"

#: Parts of the work, one after another, as the names begin.
PARTS = ("engine:", "delivery:", "mail:")
#: Work beside it, which proofs and tests of its own stop.
OTHERS = ("activities:", "erp:", "pack:", "payment:", "recapitulative:", "renewal:")


def _named_in_source():
    names = set()
    for path in ADDONS.glob("*/models/*.py"):
        names |= set(re.findall(r'\bfailpoint\("([\w:]+)"\)', path.read_text()))
    if strange := {name for name in names if not name.startswith(PARTS + OTHERS)}:
        raise LookupError(f"no part of the work has the failpoints {strange}")
    return tuple(sorted(name for name in names if name.startswith(PARTS)))


FAILPOINTS = _named_in_source()

#: The others come after the commit of what the mail is about.
BEFORE_COMMIT = tuple(
    name
    for name in FAILPOINTS
    if not name.startswith("mail:") and name != "engine:after_commit"
)

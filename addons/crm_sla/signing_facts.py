"""What the door of a signature knows about it. No Odoo."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class SigningFacts:
    """Travels in the context to the write that signs. It is an object, which no call
    from outside can put there: JSON holds none.
    """

    document: Any  # sale.signature.document
    is_document_shown: bool
    method: str  # "device" or "link"
    user_id: int | bool  # whose session it is, False for a visitor
    ip_address: str
    user_agent: str
    strokes: list

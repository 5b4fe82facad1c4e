"""What one mail of one document looks like: handed from our sender through Odoo's own
sending methods in the context, so that they can stay as they are."""

from dataclasses import dataclass, field
from typing import Any

from .mail_text import insert_after_salutation

#: Context key on a document: the envelope of the message that is being posted.
ENVELOPE = "delivery_envelope"
#: Context key on ``account.move.send``: envelopes by id of the invoice.
ENVELOPES = "delivery_envelopes"


@dataclass(eq=False)
class Envelope:
    """Addresses, text and options of one mail; and what became of it."""

    delivery: Any
    #: Data of the one recipient through whom Odoo builds the one mail.
    anchor: dict
    partner_ids: list
    addressee: str
    #: Whom the document is made out to; greeted by the usual templates.
    customer: str
    lang: str
    template: Any
    report: Any
    subject: str = ""
    text: str = ""
    closing: str = ""
    email_from: str = ""
    reply_to: str = ""
    attach_pdf: bool = True
    attach_xml: bool = True
    files: list = field(default_factory=list)
    #: Name and content of the printed documents, see ``document.printer``.
    printed: list = field(default_factory=list)
    # Result
    message: Any = None
    error: str = ""

    def compose(self, body):
        """The template's text with the personal text and the closing part."""
        body = insert_after_salutation(
            body, self.addressee, self.text, instead_of=self.customer
        )
        return body + self.closing

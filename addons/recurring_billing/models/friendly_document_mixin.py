from odoo import models

#: Lines of text from which a row may be longer than a page: where the heading is
#: repeated, the PDF engine prints such rows over each other.
LONG_TEXT = 30
#: Characters that fit into a line of the description.
LINE_WIDTH = 60


class FriendlyDocumentMixin(models.AbstractModel):
    """A document that says what stands above its lines in the friendly layout."""

    _name = "friendly.document.mixin"
    _description = "Document with a friendly layout"

    def _prepare_friendly_content(self):
        """What the layout shows for this document, see ``friendly.document``."""
        self.ensure_one()
        return {
            "kind": self._get_document_kind(),
            "figures": self._get_friendly_figures(),
            "link": self._get_friendly_link(),
            "repeats_head": not any(map(_is_long, self._get_friendly_texts())),
        }

    def _get_document_kind(self):
        """``recurring.document.kind`` whose greeting is printed; may be empty."""
        return self.env["recurring.document.kind"]

    def _get_friendly_figures(self):
        """What the reader wants to know first: pairs of label and text.

        The first one is printed largest; more than three do not fit.
        """
        return []

    def _get_friendly_link(self):
        """``{"url", "label"}`` of what can be done online, or ``{}``.

        With ``has_qr_code`` the document shows the link's QR code elsewhere.
        """
        return {}

    def _get_friendly_texts(self):
        """Descriptions of the lines."""
        return []


def _is_long(text):
    lines = (text or "").splitlines()
    return sum(1 + len(line) // LINE_WIDTH for line in lines) > LONG_TEXT

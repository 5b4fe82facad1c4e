"""That a mail is being sent is not committed before the mail server is spoken to."""

from odoo.addons.recurring_billing.models.document_delivery_outcome import (
    DocumentDeliveryOutcome,
)

_begin_sending = DocumentDeliveryOutcome._begin_sending


def _begin_uncommitted(self, commit):
    return _begin_sending(self, commit=False)


DocumentDeliveryOutcome._begin_sending = _begin_uncommitted

"""The customer's mail leaves in the transaction that makes his document, as core's
``send_mail(force_send=True)`` does."""

from odoo.addons.recurring_billing.models.document_delivery_creation import (
    DocumentDeliveryCreation,
)

_create_for_occurrences = DocumentDeliveryCreation._create_for_occurrences


def _create_and_send(self, occurrences):
    rows = _create_for_occurrences(self, occurrences)
    for row in rows:
        values = {"email_to": row.email_to, "subject": row.document_name}
        self.env["mail.mail"].sudo().create(values).send()
    return rows


DocumentDeliveryCreation._create_for_occurrences = _create_and_send

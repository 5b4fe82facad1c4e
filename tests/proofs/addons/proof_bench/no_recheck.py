"""A reminder that was made is sent, whatever was booked since."""

from odoo.addons.recurring_billing.models.document_sender_reminder import (
    DocumentSenderReminder,
)

DocumentSenderReminder._get_objection = lambda _self, _delivery: None

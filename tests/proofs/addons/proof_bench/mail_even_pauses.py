"""The pauses between two attempts do not grow."""

from odoo.addons.recurring_billing.models import document_delivery_outcome

document_delivery_outcome.RETRY_MINUTES = (5,) * 6

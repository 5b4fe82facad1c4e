"""Mails about cancelled documents are neither called back nor stopped on their way."""

from odoo.addons.recurring_billing.models.document_delivery_action import (
    DocumentDeliveryAction,
)

DocumentDeliveryAction._cancel_waiting = lambda self, reason: None
DocumentDeliveryAction._cancel_dead = lambda self: self

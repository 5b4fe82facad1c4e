"""Runners do not lock the customers they work on."""

from odoo.addons.recurring_billing.models.recurring_task_recipient import (
    RecurringTaskRecipient,
)

RecurringTaskRecipient.try_lock_for_update = lambda self, **_options: self
RecurringTaskRecipient.lock_for_update = lambda self, **_options: None

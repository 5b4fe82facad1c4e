"""The engine works although the database's guards are missing."""

from odoo.addons.recurring_billing.models.recurring_occurrence import (
    RecurringOccurrence,
)

RecurringOccurrence._check_guards = lambda self: None

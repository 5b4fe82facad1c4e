"""The ledger row is committed before its document is made, as it is where a scheduled
action commits in the middle of its work."""

from odoo.addons.recurring_billing.models.recurring_engine import RecurringEngine
from odoo.addons.recurring_billing.models.recurring_occurrence import (
    RecurringOccurrence,
)

_record = RecurringOccurrence._record


def _record_and_commit(self, slots, run, state, error=False):
    rows = _record(self, slots, run, state, error)
    self.env.cr.commit()
    return rows


RecurringOccurrence._record = _record_and_commit
# Savepoints do not outlive a commit.
RecurringEngine._process_or_halve = RecurringEngine._process
RecurringEngine._generate_or_halve = lambda self, task, slots, run: self._generate(
    task, slots, run
)

"""A task only knows its next date, which moves on when the run is over: the ledger is
written, but nobody asks it. This is how most programs of this kind work."""

from dateutil.relativedelta import relativedelta

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.recurring_billing.models.recurring_engine import RecurringEngine
from odoo.addons.recurring_billing.models.recurring_planner import RecurringPlanner
from odoo.addons.recurring_billing.models.recurring_task_recipient import (
    RecurringTaskRecipient,
)

_dispatch_batches = RecurringEngine._dispatch_batches


def _dispatch_then_move_on(self, batches):
    batches = list(batches)
    done = _dispatch_batches(self, batches)
    issued = [batch for batch in batches if batch.func.__name__ == "_run_batch"]
    _move_on_alone(self, [record for batch in issued for record in batch.args[0]])
    return done


def _move_on_alone(self, ids):
    while ids:  # until no other runner moves the same dates
        self.env.cr.commit()
        try:
            _move_on(self.env["recurring.task.recipient"].browse(ids))
            self.env.cr.commit()
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()


def _move_on(recipients):
    """The tasks of the proofs are monthly."""
    today = recipients.task_id[:1]._get_today()
    for recipient in recipients:
        if recipient.date_next <= today:
            recipient._set_next_date(recipient.date_next + relativedelta(months=1))
    recipients.env.flush_all()


RecurringEngine._dispatch_batches = _dispatch_then_move_on
RecurringPlanner._get_floors = lambda self, recipients: {
    recipient.id: recipient.date_next for recipient in recipients
}
RecurringTaskRecipient._refresh_next_date = lambda self: None

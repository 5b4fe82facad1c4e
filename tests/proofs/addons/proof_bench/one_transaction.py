"""The whole run is one transaction: all claims and numbers stay locked to its end."""

from odoo.tools import split_every

from odoo.addons.recurring_billing.models.recurring_engine import RecurringEngine


def _dispatch_at_once(self, ids):
    recipients = self.env["recurring.task.recipient"].browse(ids)
    for members in recipients.grouped("task_id").values():
        for batch in split_every(self._get_batch_size(), members.ids):
            self._run_batch(batch)
    self.env["ir.cron"]._commit_progress(len(ids))


RecurringEngine._dispatch_batches = _dispatch_at_once

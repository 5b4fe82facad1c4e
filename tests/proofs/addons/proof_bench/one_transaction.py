"""The whole run is one transaction: all claims and numbers stay locked to its end."""

from odoo.addons.recurring_billing.models.recurring_engine import RecurringEngine


def _dispatch_at_once(self, batches):
    done = sum(run_batch() for run_batch in batches)
    self.env["ir.cron"]._commit_progress(done)
    return done


RecurringEngine._dispatch_batches = _dispatch_at_once

import contextlib

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


class RecurringBatchMixin(models.AbstractModel):
    """What becomes of a batch that fails: taken again, or halved."""

    _name = "recurring.batch.mixin"
    _description = "Work in batches"

    @contextlib.contextmanager
    def _taken_again(self):
        """A batch that met a stale snapshot is undone, and taken again later."""
        try:
            yield
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not self.env.context.get("cron_id"):
                raise  # the request is repeated as a whole
            self.env.cr.rollback()
            self.env.ref("recurring_billing.ir_cron_generate")._trigger()

    @api.model
    def _work_or_halve(self, work, items, set_aside):
        """Do ``work(items)``, or find the guilty ones and do it for the others.

        A stale snapshot (serialization failure, deadlock, lock time-out) is nobody's
        fault: no savepoint cures it, the whole batch is taken again.

        :param set_aside: called with a guilty one, alone, and its error
        """
        try:
            with self.env.cr.savepoint():
                work(items)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(items) == 1:
                set_aside(items, error)
                return
            half = len(items) // 2
            self._work_or_halve(work, items[:half], set_aside)
            self._work_or_halve(work, items[half:], set_aside)

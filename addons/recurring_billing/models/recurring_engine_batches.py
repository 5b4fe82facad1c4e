from collections import defaultdict
from functools import partial

from odoo import api, models
from odoo.tools import split_every


class RecurringEngineBatches(models.AbstractModel):
    """What the engine takes into one batch: the documents between two commits."""

    _name = "recurring.engine.batches"
    _description = "Batches of the recurring engine"

    @api.model
    def _get_batches(self, recipients):
        """The work in portions, as functions to call one after the other."""
        runaway = self.env["recurring.runaway"]
        yield from self._get_released_batches(runaway._get_released_rows())
        yield from self._get_due_batches(recipients)

    @api.model
    def _get_released_batches(self, rows):
        runaway = self.env["recurring.runaway"]
        for ids in split_every(self._get_batch_size(), rows.ids):
            yield partial(runaway._run_released, ids)

    @api.model
    def _get_due_batches(self, recipients):
        """An order billed over time is a task with one customer: small tasks share a
        batch, so that thousands of them do not cost a transaction each.
        """
        runaway, size = self.env["recurring.runaway"], self._get_batch_size()
        waiting = defaultdict(list)
        for task, members in recipients.grouped("task_id").items():
            # all at once: a kill in the middle parks the whole task, or nothing
            parked, reason = runaway._get_parked(members)
            if parked:
                yield partial(self._run_batch, parked.ids, reason)
            batch = waiting[self._get_batch_key(task)]
            batch += (members - parked).ids
            while len(batch) >= size:
                yield partial(self._run_batch, batch[:size])
                del batch[:size]
        for batch in filter(None, waiting.values()):
            yield partial(self._run_batch, batch)

    @api.model
    def _get_batch_key(self, task):
        """What the tasks of a batch share: how the engine acts for all of them."""
        context = self._with_task_company(task).env.context
        return (
            task.company_id,
            task.document_type,
            task.completion,
            context["lang"],
            context["tz"],
        )

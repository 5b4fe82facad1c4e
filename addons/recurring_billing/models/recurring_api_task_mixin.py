from odoo import models

from .recurring_api_mixin import answers, answers_once


class RecurringApiTaskMixin(models.AbstractModel):
    """Recurring tasks: run, pause, resume, status."""

    _name = "recurring.api.task.mixin"
    _inherit = "recurring.api.mixin"
    _description = "Part of the API: recurring tasks"

    @answers_once
    def run_task(self, task_id, idempotency_key=None):
        """Issue the next document of each customer now, even ahead of its date.

        More than 20 customers are served in the background: see ``state`` of the run.

        :return: the run, and what it has issued so far
        """
        task = self._find("recurring.task", "task_id", task_id)
        run = self.env["recurring.run"].browse(task.action_run_now()["res_id"])
        return {
            "run_id": run.id,
            "state": run.state,
            "issued": run.generated_count,
            "failed": run.failed_count,
            "documents": [self._describe_occurrence(row) for row in run.occurrence_ids],
        }

    @answers
    def pause_task(self, task_id):
        """Issue nothing until it is resumed. Paused already: nothing happens.

        :return: as :meth:`task_status`
        """
        task = self._find("recurring.task", "task_id", task_id)
        task.action_pause()
        return self._describe_task(task)

    @answers
    def resume_task(self, task_id):
        """Go on with the next date; dates that passed during the pause are skipped.

        :return: as :meth:`task_status`
        """
        task = self._find("recurring.task", "task_id", task_id)
        task.action_resume()
        return self._describe_task(task)

    @answers
    def task_status(self, task_id):
        """What a task does, and what comes next."""
        return self._describe_task(self._find("recurring.task", "task_id", task_id))

    # === ANSWERS === #

    def _describe_task(self, task):
        return {
            "id": task.id,
            "name": task.name,
            "state": task.state,
            "stop_reason": task.stop_reason or "",
            "document_type": task.document_type,
            "customers": task.recipient_count,
            "issued": task.document_count,
            "failed": task.failed_count,
            "waiting": task.waiting_count,
            "next_date": str(task.date_next or ""),
            "next_dates": [str(day) for day in task.preview_dates()],
        }

    def _describe_occurrence(self, row):
        return {
            "customer_id": row.partner_id.id,
            "date": str(row.scheduled_date),
            "state": row.state,
            "model": row.res_model or "",
            "id": row.res_id or None,
            "error": row.error or "",
        }

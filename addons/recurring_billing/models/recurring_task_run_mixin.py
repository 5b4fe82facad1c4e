from odoo import fields, models
from odoo.fields import Domain


class RecurringTaskRunMixin(models.AbstractModel):
    """The run that is at work on a task at this moment."""

    _name = "recurring.task.run.mixin"
    _description = "Run under way of a recurring task"

    current_run_id = fields.Many2one(
        "recurring.run", string="Run Under Way", compute="_compute_current_run_id"
    )

    def _compute_current_run_id(self):
        runs = self.env["recurring.run"].search(
            [("state", "=", "running"), ("company_id", "in", self.company_id.ids)]
        )
        found = self._origin._get_current_runs(runs) if runs else {}
        for task in self:
            task.current_run_id = found.get(task._origin)

    def _get_current_runs(self, runs):
        """Which of these open runs still has something to do for each task."""
        Recipient = self.env["recurring.task.recipient"]
        here = Domain("task_id", "in", self.ids)
        by_company = runs.filtered(lambda r: r.trigger == "schedule").grouped(
            "company_id"
        )
        found = {}
        if by_company:
            due = self.env["recurring.engine"]._get_due_domain()
            groups = Recipient._read_group(
                here & due & Domain("requested_run_id", "=", False), ["task_id"]
            )
            for (task,) in groups:
                found[task] = by_company.get(task.company_id)
        found |= self.env["recurring.occurrence"]._read_group(
            here
            & self.env["recurring.runaway"]._get_released_domain()
            & Domain("release_run_id", "in", runs.ids),
            ["task_id", "release_run_id"],
        )
        # what people asked for goes first: they are waiting for it
        found |= Recipient._read_group(
            here & Domain("requested_run_id", "in", runs.ids),
            ["task_id", "requested_run_id"],
        )
        return found

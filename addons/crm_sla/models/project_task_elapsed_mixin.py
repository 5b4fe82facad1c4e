from odoo import models

FIGURES = (
    "working_hours_open",
    "working_hours_close",
    "working_days_open",
    "working_days_close",
)


class ProjectTaskElapsedMixin(models.AbstractModel):
    """Core's working time until a task was assigned and closed, for many at once."""

    _name = "project.task.elapsed.mixin"
    _description = "Working Time of Many Tasks"

    def _compute_elapsed(self):
        """Core reads calendar and leaves once per task. Tasks that were made together
        and closed together have the same answer: it is asked for once."""
        alike = self.grouped(
            lambda task: (
                task.project_id.resource_calendar_id,
                task.create_date,
                task.date_assign,
                task.date_end,
            )
        )
        asked = self.browse().concat(*(tasks[0] for tasks in alike.values()))
        result = super(ProjectTaskElapsedMixin, asked)._compute_elapsed()
        for tasks in alike.values():
            for name in FIGURES:
                tasks[1:][name] = tasks[0][name]
        return result

from odoo import fields, models


class CrmSlaPeriod(models.Model):
    """The facts of which every deadline is made: when a task was at which stage.

    Written by the server only, in the transaction that moves the task. Starts, pauses
    and ends follow from these rows and a policy, so a change of policy is exact.
    """

    _name = "crm.sla.period"
    _description = "Time of a Task at a Stage"
    _order = "task_id, date_start, id"

    task_id = fields.Many2one("project.task", required=True, ondelete="cascade")
    stage_id = fields.Many2one("project.task.type", ondelete="set null")
    is_closed = fields.Boolean(string="Closed")
    date_start = fields.Datetime(string="From", required=True)
    date_end = fields.Datetime(string="Until", help="Nothing: it is there now.")

    _one_stage_at_a_time = models.UniqueIndex("(task_id) WHERE date_end IS NULL")
    _of_a_task = models.Index("(task_id, date_start)")
    _not_backwards = models.Constraint(
        "CHECK (date_end >= date_start)", "A stage ends after it began."
    )

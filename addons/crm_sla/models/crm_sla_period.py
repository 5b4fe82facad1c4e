from datetime import datetime

from odoo import api, fields, models

from ..sla_clock import Stay


class CrmSlaPeriod(models.Model):
    """The facts of which every deadline is made: when a task was at which stage.

    Written by the server only, in the transaction that moves the task. Starts, pauses
    and ends follow from these rows and a policy, so a change of policy is exact.
    """

    _name = "crm.sla.period"
    _description = "Time of a Task at a Stage"
    _order = "date_start, id"  # not by task: that would sort by the order of tasks

    task_id = fields.Many2one("project.task", required=True, ondelete="cascade")
    stage_id = fields.Many2one(
        "project.task.type",
        ondelete="set null",
        help="Nothing: nobody knows, it was before the first SLA policy.",
    )
    is_closed = fields.Boolean(
        string="Closed",
        help="The task was done or cancelled, or its stage was a folded one.",
    )
    date_start = fields.Datetime(string="From", required=True)
    date_end = fields.Datetime(string="Until", help="Nothing: it is there now.")

    _one_stage_at_a_time = models.UniqueIndex("(task_id) WHERE date_end IS NULL")
    _of_a_task = models.Index("(task_id, date_start)")
    _not_backwards = models.Constraint(
        "CHECK (date_end >= date_start)", "A stage ends after it began."
    )

    @api.model
    def _get_stays(self, tasks, now, before=None):
        """All stays of each task, the last one where it is now, without writing.

        :param before: ``{task: (stage, closed, since)}`` before the change that led to
            this question: all that is known of tasks older than the first policy
        :return: ``{task: (recorded periods, [Stay, …])}``
        """
        recorded = self.sudo().search([("task_id", "in", tasks.ids)]).grouped("task_id")
        answer = {}
        for task in tasks:
            periods = recorded.get(task, self.browse())
            stays = [
                Stay(
                    period.stage_id.id or None,
                    period.is_closed,
                    period.date_start,
                    period.date_end or None,
                )
                for period in periods
            ]
            if not stays and before is not None:
                stays = self._prepare_old_stays(task, before.get(task))
            answer[task] = (periods, self._continue(stays, task, now))
        return answer

    @api.model
    def _continue(self, stays, task, now):
        """The stays until now: the last one ends where the task is elsewhere."""
        here = (task.stage_id.id or None, task._is_sla_closed())
        if not stays:
            return [Stay(*here, now)]
        last = stays[-1]
        if last.end is None and (last.stage, last.is_closed) == here:
            return stays
        # Clocks of two servers differ: a stay never ends before it began.
        moment = max(now, last.start)
        if last.end is None:
            last = Stay(last.stage, last.is_closed, last.start, moment)
        return [*stays[:-1], last, Stay(*here, moment)]

    @api.model
    def _prepare_old_stays(self, task, known):
        """What core knows of a task older than the first policy: when it was made, and
        since when it is at its stage. Where it was in between nobody knows."""
        stage, is_closed, since = known or task._get_sla_place()
        made = _whole(task.create_date)
        since = max(made, _whole(since or made))
        stays = [Stay(stage, is_closed, since)]
        if since > made:
            stays.insert(0, Stay(None, False, made, since))
        return stays

    @api.model
    def _note(self, tasks, now, before=None):
        """Write down where the tasks are now.

        :return: ``({task: [Stay, …]}, tasks that moved)``
        """
        answer = self._get_stays(tasks, now, before)
        moved = self.env["project.task"]
        vals_list = []
        ended = self.sudo().browse()
        for task, (periods, stays) in answer.items():
            new = stays[len(periods) :]
            if not new:
                continue
            moved += task
            open_period = periods[-1:]
            if open_period and not open_period.date_end:
                ended += open_period
            vals_list += [self._prepare_period(task, stay) for stay in new]
        for moment, periods in ended.grouped(
            lambda period: max(now, period.date_start)
        ).items():
            periods.date_end = moment
        # The unique index wants the old period ended before the new one begins.
        ended.flush_recordset()
        self.sudo().create(vals_list)
        return {task: stays for task, (_periods, stays) in answer.items()}, moved

    @api.model
    def _prepare_period(self, task, stay):
        return {
            "task_id": task.id,
            "stage_id": stay.stage,
            "is_closed": stay.is_closed,
            "date_start": stay.start,
            "date_end": stay.end,
        }


def _whole(moment: datetime):
    return moment.replace(microsecond=0)

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..sla_clock import RUNS
from .project_task_sla_mixin import ANSWER_FIELDS


class ProjectTaskSlaExplanationMixin(models.AbstractModel):
    """How much time is left, which policy counts, and why this one, in words."""

    _name = "project.task.sla.explanation.mixin"
    _description = "SLA of a Task in Words"

    sla_remaining_hours = fields.Float(
        string="SLA Hours Left",
        compute="_compute_sla_remaining_hours",
        compute_sudo=True,
        help="Hours of working time until the deadline, negative when it has passed.",
    )
    sla_countdown = fields.Char(
        string="SLA Countdown", compute="_compute_sla_countdown", compute_sudo=True
    )
    sla_explanation = fields.Text(
        string="Why This SLA", compute="_compute_sla_explanation", compute_sudo=True
    )

    # === HOW MUCH TIME IS LEFT === #
    @api.depends(*ANSWER_FIELDS, "sla_policy_id")
    def _compute_sla_remaining_hours(self):
        now = fields.Datetime.now()
        running = self.filtered(
            lambda task: task.sla_deadline and not task.sla_reached_date
        )
        (self - running).sla_remaining_hours = 0
        moments = {task: task.sla_paused_since or now for task in running}
        times = running._get_sla_working_times(
            {task: task.sla_policy_id for task in running}
        )
        for task, moment in moments.items():
            begin, end = sorted((moment, task.sla_deadline))
            hours = times[task].between(begin, end) / 3600
            task.sla_remaining_hours = hours if moment == begin else -hours

    @api.depends("sla_remaining_hours")
    @api.depends_context("lang")
    def _compute_sla_countdown(self):
        for task in self:
            task.sla_countdown = task._get_sla_countdown()

    def _get_sla_countdown(self):
        if not self.sla_deadline or self.sla_reached_date:
            return False
        time = self._format_sla_hours(abs(self.sla_remaining_hours))
        if self.meets_sla == "no":
            return self.env._("%s late", time)
        if self.sla_paused_since:
            return self.env._("Paused, %s left", time)
        return self.env._("%s left", time)

    @api.model
    def _format_sla_hours(self, hours):
        hours, minutes = divmod(round(hours * 60), 60)
        if not hours:
            return self.env._("%s min", minutes)
        if not minutes:
            return self.env._("%s h", hours)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)

    # === WHY === #
    @api.depends(*ANSWER_FIELDS, "sla_policy_id", "sla_period_ids", "stage_id")
    @api.depends_context("lang", "tz")
    def _compute_sla_explanation(self):
        held = self.filtered("sla_policy_id")
        (self - held).sla_explanation = False
        stays = self.env["crm.sla.period"]._get_stays(held, fields.Datetime.now(), {})
        for task in held:
            lines = [
                task._explain_sla_choice(),
                task._explain_sla_promise(),
                *task._explain_sla_clock(stays[task][1]),
            ]
            task.sla_explanation = "\n".join(lines)

    def _explain_sla_choice(self):
        policy = self.sla_policy_id
        wanted = policy._get_sla_criteria()
        reasons = [
            policy._explain_sla_criterion(name, values, self)
            for name, values in wanted.items()
            if values
        ]
        if not reasons:
            return self.env._("%s: it is meant for every task.", policy.name)
        return self.env._(
            "%(policy)s, because of %(reasons)s.",
            policy=policy.name,
            reasons=", ".join(reasons),
        )

    def _explain_sla_promise(self):
        policy = self.sla_policy_id
        calendar = policy._get_calendar(self._get_sla_company())
        values = {
            "time": self._format_sla_hours(self.sla_hours),
            "hours": calendar.name
            if calendar
            else policy._fields["is_round_the_clock"].get_description(self.env)[
                "string"
            ],
            "stage": policy.stage_id.name,
        }
        if policy.stage_id:
            return self.env._(
                "Promised: %(time)s (%(hours)s) until the stage %(stage)s.", **values
            )
        return self.env._(
            "Promised: %(time)s (%(hours)s) until it is closed.", **values
        )

    def _explain_sla_clock(self, stays):
        if not self.sla_deadline:
            return [
                self.env._(
                    "There is no deadline: the clock has not started, or the working "
                    "hours have too few hours. Have a look at them, then Recompute SLA."
                )
            ]
        lines = [
            self.env._(
                "The clock started on %s.", format_datetime(self.env, self.sla_start)
            )
        ]
        stopped = self._get_sla_stopped_hours(stays)
        if stopped:
            lines.append(
                self.env._("It stood still for %s.", self._format_sla_hours(stopped))
            )
        if self.sla_paused_since and not self.sla_reached_date:
            since = format_datetime(self.env, self.sla_paused_since)
            lines.append(self.env._("It has been standing still since %s.", since))
        return lines

    def _get_sla_stopped_hours(self, stays):
        """Hours of all time during which the clock stood still, since it started."""
        stages = self.env["project.task.type"].browse(
            {stay.stage for stay in stays if stay.stage}
        )
        promise = self.sla_policy_id._get_promise(stages)
        return sum(
            (stay.end - stay.start).total_seconds() / 3600
            for stay in stays
            if stay.end
            and stay.start >= self.sla_start
            and promise.get_kind(stay) != RUNS
        )

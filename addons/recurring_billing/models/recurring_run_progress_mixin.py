from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: The rate of the last minutes says how long the rest will take.
RATE_MINUTES = 5


class RecurringRunProgressMixin(models.AbstractModel):
    """How far a run is: read from the database, so that any page may show it."""

    _name = "recurring.run.progress.mixin"
    _description = "Progress of a recurring run"

    requested_count = fields.Integer(
        string="Asked For",
        readonly=True,
        help="Documents that somebody asked for. 0 in a run of the schedule, which "
        "takes whatever is due.",
    )
    left_count = fields.Integer(
        string="Left",
        compute="_compute_progress",
        help="Documents still to come; in a run of the schedule, customers.",
    )
    progress = fields.Float(compute="_compute_progress", help="Percent.")
    remaining_text = fields.Char(string="Time Left", compute="_compute_progress")

    @api.depends("state", "requested_count", "withdrawn_count", "planned_count")
    @api.depends_context("lang")
    def _compute_progress(self):
        running = self.filtered(lambda run: run.state == "running")
        left = running._get_left_counts()
        busy = running.filtered(lambda run: left.get(run.id))
        times = busy._get_remaining_times(left)
        for run in self:
            run.left_count = left.get(run.id, 0)
            run.progress = run._get_percent()
            run.remaining_text = run in busy and run._describe_time(times.get(run))

    @api.model
    def _note_requested(self, runs, companies):
        """Write down how much was asked for.

        :param dict runs: the run of each company
        :param list companies: that of each document
        """
        for company, run in runs.items():
            run.requested_count = companies.count(company)

    # === FIGURES === #

    def _get_percent(self):
        """Share of the run that is settled, from 0 to 100.

        What was withdrawn was asked for as well: a cancelled run stays below 100.
        """
        self.ensure_one()
        if self.state == "done" and not self.withdrawn_count:
            return 100.0
        still_open = self.left_count + self.withdrawn_count
        total = max(self.requested_count, self.planned_count + still_open)
        return 100.0 * (total - still_open) / total if total else 0.0

    def _get_left_counts(self):
        """What these runs are still to issue: ``{id of the run: number}``.

        One query for what people asked for, one for what is due by schedule.
        """
        if not self:
            return {}
        asked = self.env["recurring.task.recipient"]._search(
            [("requested_run_id", "in", self.ids)]
        )
        released = self.env["recurring.occurrence"]._search(
            self.env["recurring.runaway"]._get_released_domain()
            & Domain("release_run_id", "in", self.ids)
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT run_id, count(*) FROM (%s UNION ALL %s) AS waiting(run_id)"
                " GROUP BY run_id",
                asked.select(SQL("requested_run_id")),
                released.select(SQL("release_run_id")),
            )
        )
        return dict(rows) | self._get_due_counts()

    def _get_due_counts(self):
        by_schedule = self.filtered(lambda run: run.trigger == "schedule")
        if not by_schedule:
            return {}
        due = dict(
            self.env["recurring.task.recipient"]._read_group(
                self.env["recurring.engine"]._get_due_domain()
                & Domain("company_id", "in", by_schedule.company_id.ids)
                & Domain("requested_run_id", "=", False),
                ["company_id"],
                ["__count"],
            )
        )
        return {run.id: due.get(run.company_id, 0) for run in by_schedule}

    def _get_remaining_times(self, left):
        """Seconds that these runs still need at the rate of the last minutes.

        :param dict left: documents left, by id of the run
        :return: ``{run: seconds}``, without those that issued nothing of late
        """
        now = fields.Datetime.now()
        since = now - timedelta(minutes=RATE_MINUTES)
        groups = self.env["recurring.occurrence"]._read_group(
            [("run_id", "in", self.ids), ("attempt_date", ">", since)],
            ["run_id"],
            ["__count"],
        )
        times = {}
        for run, count in groups:
            # at least a second: the first documents come in no time
            seconds = max((now - max(run.date_start, since)).total_seconds(), 1.0)
            times[run] = left[run.id] * seconds / count
        return times

    def _describe_time(self, seconds):
        """:param seconds: empty when the run waits for the scheduled action"""
        if not seconds:
            return self.env._("waits for its turn")
        minutes = round(seconds / 60)
        if minutes < 1:
            return self.env._("less than a minute left")
        if minutes == 1:
            return self.env._("about a minute left")
        if minutes < 90:
            return self.env._("about %s minutes left", minutes)
        return self.env._("about %s hours left", round(minutes / 60))

    # === FOR THE PAGE === #

    def get_progress(self):
        """How far these runs are; asked every few seconds by the pages that show it.

        :return: a dictionary for each run: ``id``, ``state``, ``percent`` and the
            figures ``issued``, ``failed``, ``other`` (skipped or parked), ``left`` and
            ``withdrawn``; ``time`` in words
        :rtype: list[dict]
        :raises AccessError: to people without the right to see recurring billing, and
            for runs of other companies
        """
        self.check_access("read")
        return [
            {
                "id": run.id,
                "state": run.state,
                "percent": round(run.progress),
                "issued": run.generated_count,
                "failed": run.failed_count,
                "other": run.skipped_count + run.held_count,
                "left": run.left_count,
                "withdrawn": run.withdrawn_count,
                "time": run.remaining_text or "",
            }
            for run in self
        ]

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from odoo import api, models

#: How far ahead visits are shown that are not created yet.
DAYS_AHEAD = 92


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit that stands in no project yet."""

    recipient: Any
    scheduled_date: date
    day: date


class PostsaleVisitPlanner(models.AbstractModel):
    """Which visits come: what the engine will create, as it is at this moment.

    Asks the planner of recurring tasks; keeps nothing, so that nothing can be stale.
    """

    _name = "postsale.visit.planner"
    _description = "Planner of visits"

    @api.model
    def _get_planned(self, companies, until=None):
        """Visits up to a day that are not created yet.

        A few queries for any number of customers; dates that failed or wait for a
        release are among them.

        :param date until: the last day; default: ``DAYS_AHEAD`` days from today
        :rtype: list[PlannedVisit]
        """
        recipients = self.env["recurring.task.recipient"].search(
            [
                ("company_id", "in", companies.ids),
                ("task_id.document_type", "=", "work_order"),
                ("task_id.active", "=", True),
                ("task_state", "=", "running"),
                ("state", "=", "running"),
            ],
            order="task_id, id",
        )
        planner = self.env["recurring.planner"]
        coming = planner._get_coming_periods(recipients)
        pending = planner._get_pending(recipients)
        left = planner._get_left(recipients)
        visits = []
        for task, members in recipients.grouped("task_id").items():
            end = until or task._get_today() + timedelta(days=DAYS_AHEAD)
            dates = {
                member: self._get_dates(
                    coming[member], pending.get(member.id, ()), left.get(member), end
                )
                for member in members
            }
            moved = task._get_working_days({d for own in dates.values() for d in own})
            visits += [
                PlannedVisit(member, scheduled, moved[scheduled])
                for member, own in dates.items()
                for scheduled in own
                if moved[scheduled] <= end
            ]
        return visits

    @api.model
    def _get_dates(self, periods, rows, left, end):
        """Scheduled dates of one customer that have no work order yet."""
        new = itertools.takewhile(lambda period: period.start <= end, periods)
        return [row.scheduled_date for row in rows] + [
            period.start for period in itertools.islice(new, left)
        ]

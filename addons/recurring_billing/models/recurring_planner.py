import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..rehearsal import get_now
from ..schedule import MAX_SHIFT_DAYS, Period, catch_up

#: States that stand for a document.
ISSUED = ("generated", "sent")
#: States that wait for a person or for the next run.
PENDING = ("failed", "held")


@dataclass(frozen=True)
class Slot:
    """One document to issue: a customer and one of his periods."""

    recipient: Any
    period: Period
    issue_date: date
    today: date
    #: the ledger row of an earlier, failed or held, attempt
    occurrence: Any = None
    #: further values of its ledger row, see ``recurring.change.check``
    noted: dict = field(default_factory=dict, compare=False)

    @property
    def task(self):
        return self.recipient.task_id

    @property
    def document_date(self) -> date:
        """Date on the document: its day, but never in the future."""
        return min(self.issue_date, self.today)

    @property
    def is_missed(self) -> bool:
        """Its day has passed, not only the day on which it was to be issued."""
        return self.issue_date + self.task._get_lead() < self.today

    @property
    def is_released(self) -> bool:
        """Somebody looked at it and let it go: nothing stops it again."""
        return bool(self.occurrence and self.occurrence.release_run_id)

    # as on the ledger's rows, so that a slot can be priced like one
    recipient_id = property(lambda self: self.recipient)
    task_id = task
    period_start = property(lambda self: self.period.start)

    def _prepare_row(self, state: str, **values) -> dict:
        """Values of the ledger row."""
        return {
            "recipient_id": self.recipient.id,
            "scheduled_date": self.period.start,
            "issue_date": self.issue_date,
            "document_date": self.document_date,
            "period_start": self.period.start,
            "period_end": self.period.end,
            "state": state,
            **self.noted,
            **values,
        }


class RecurringPlanner(models.AbstractModel):
    """Which dates are due: the schedules read against the ledger.

    Reads only; a few queries for any number of recipients.
    """

    _name = "recurring.planner"
    _description = "Recurring planner"

    # === LEDGER === #

    @api.model
    def _get_issued_counts(self, recipients):
        """Issued documents by recipient id; voided, failed, skipped do not count."""
        rows = self.env["recurring.occurrence"]._read_group(
            [("recipient_id", "in", recipients.ids), ("state", "in", ISSUED)],
            ["recipient_id"],
            ["__count"],
        )
        return {recipient.id: count for recipient, count in rows}

    @api.model
    def _get_pending(self, recipients):
        """Failed and held rows by recipient id: they use up a number, too."""
        rows = self.env["recurring.occurrence"]._read_group(
            [("recipient_id", "in", recipients.ids), ("state", "in", PENDING)],
            ["recipient_id"],
            ["id:recordset"],
        )
        return {recipient.id: occurrences for recipient, occurrences in rows}

    @api.model
    def _get_floors(self, recipients):
        """First day at which the next period may start, by recipient id.

        Nothing before the end of a period that the ledger knows: a changed
        schedule never bills the same days twice. Of a voided period only the date
        itself is taken.
        """
        if not recipients.ids:
            return {}
        self.env["recurring.occurrence"].flush_model()
        query = SQL(
            """
            SELECT recipient_id,
                   max(CASE WHEN state = 'void' THEN scheduled_date + 1
                            ELSE period_end END)
              FROM recurring_occurrence
             WHERE recipient_id IN %s
             GROUP BY recipient_id
            """,
            tuple(recipients.ids),
        )
        return dict(self.env.execute_query(query))

    # === COMING PERIODS === #

    @api.model
    def _get_coming_periods(self, recipients):
        """Periods that the ledger does not know yet: ``{recipient: iterator}``."""
        floors = self._get_floors(recipients)
        left = self._get_left(recipients)
        return {
            recipient: self._iterate_periods(
                recipient, floors.get(recipient.id), left.get(recipient)
            )
            for recipient in recipients
        }

    @api.model
    def _get_left(self, recipients):
        """Documents still to come by recipient; whoever has no limit is not in it.

        Failed and held ones are taken already, skipped ones are not.
        """
        limited = recipients.filtered("task_id.max_documents")
        if not limited:
            return {}
        counts = self._get_issued_counts(limited)
        pending = self._get_pending(limited)
        return {
            recipient: max(
                recipient.task_id.max_documents
                - counts.get(recipient.id, 0)
                - len(pending.get(recipient.id, ())),
                0,
            )
            for recipient in limited
        }

    @api.model
    def _iterate_periods(self, recipient, floor, left):
        """Periods from ``floor`` on, without an end while any document is left.

        How many of them are issued is for :meth:`_choose`: skipped ones do not count.
        """
        if left == 0:
            return
        schedule = recipient.task_id._get_schedule(recipient._get_start())
        since = max((day for day in (floor, recipient.date_from) if day), default=None)
        yield from schedule.periods(since)

    @api.model
    def _get_next_dates(self, recipients):
        """Day of the next document by recipient; ``False`` when none is left.

        A failed row is next until it has been issued.
        """
        first = self._get_first_periods(recipients)
        pending = self._get_pending(recipients)
        dates = {}
        for recipient in recipients:
            rows = pending.get(recipient.id, self.env["recurring.occurrence"])
            days = rows.filtered(lambda row: row.state == "failed").mapped("issue_date")
            if recipient in first:
                days.append(first[recipient][1])
            dates[recipient] = min(days, default=False)
        return dates

    @api.model
    def _get_first_periods(self, recipients):
        """The next new period and its day of issue: ``{recipient: (period, day)}``.

        Recipients without a date left are not in it.
        """
        coming = self._get_coming_periods(recipients)
        result = {}
        for task, members in recipients.grouped("task_id").items():
            first = {member: next(coming[member], None) for member in members}
            moved = task._get_issue_dates([p.start for p in first.values() if p])
            result |= {
                member: (period, moved[period.start])
                for member, period in first.items()
                if period
            }
        return result

    # === SLOTS === #

    @api.model
    def _get_due_slots(self, recipients, now=None):
        """Slots whose day has come, oldest first: failed ones and new ones.

        :param datetime now: naive UTC instant that decides which day it is
        """
        now = now or get_now(self.env)
        coming = self._get_coming_periods(recipients)
        pending = self._get_pending(recipients)
        slots = []
        for task, members in recipients.grouped("task_id").items():
            today = task._get_today(now)
            near = {
                member: self._take_near(task, coming[member], today)
                for member in members
            }
            moved = task._get_issue_dates(
                {p.start for own in near.values() for p in own}
            )
            for recipient in members:
                rows = pending.get(recipient.id, self.env["recurring.occurrence"])
                slots += self._get_failed_slots(recipient, rows, today)
                slots += [
                    Slot(recipient, period, moved[period.start], today)
                    for period in near[recipient]
                    if moved[period.start] <= today
                ]
        return slots

    @api.model
    def _take_near(self, task, periods, today):
        """Periods that may be due; a lead or a move to a working day can pull one
        forward."""
        is_moved = task.business_day_shift != "none"
        horizon = today + task._get_lead()
        horizon += timedelta(days=MAX_SHIFT_DAYS if is_moved else 0)
        return list(itertools.takewhile(lambda p: p.start <= horizon, periods))

    @api.model
    def _get_failed_slots(self, recipient, rows, today):
        return [
            Slot(recipient, row._get_period(), row.issue_date, today, row)
            for row in rows.sorted("scheduled_date")
            if row.state == "failed" and row.issue_date <= today
        ]

    @api.model
    def _get_next_slots(self, recipients, now=None):
        """The next slot of each recipient, due or not, for "Run now".

        Whoever got a document ahead of its date today gets none: two clicks, by one
        or two people, make one document.
        """
        now = now or get_now(self.env)
        first = self._get_first_periods(recipients)
        pending = self._get_pending(recipients)
        served = self._get_served_ahead(recipients, now)
        slots = []
        for recipient in recipients:
            today = recipient.task_id._get_today(now)
            rows = pending.get(recipient.id, self.env["recurring.occurrence"])
            failed = self._get_failed_slots(recipient, rows, today)
            if failed:
                slots.append(failed[0])
            elif recipient in first:
                period, issue_date = first[recipient]
                if issue_date <= today or recipient not in served:
                    slots.append(Slot(recipient, period, issue_date, today))
        return slots

    @api.model
    def _get_served_ahead(self, recipients, now):
        """Recipients who got a document today whose day is still to come."""
        days = [task._get_today(now) for task in recipients.task_id]
        rows = self.env["recurring.occurrence"].search(
            [
                ("recipient_id", "in", recipients.ids),
                ("state", "in", ISSUED),
                ("document_date", "in", days),
            ]
        )
        return rows.filtered(
            lambda row: (
                row.document_date < row.issue_date
                and row.document_date == row.task_id._get_today(now)
            )
        ).recipient_id

    @api.model
    def _choose(self, slots):
        """Apply each task's rule for missed dates.

        :return: slots to issue, to skip and to hold
        :rtype: tuple[list, list, list]
        """
        issue, skip, held = [], [], []
        by_recipient = defaultdict(list)
        for slot in slots:
            by_recipient[slot.recipient].append(slot)
        left = self._get_left(self.env["recurring.task.recipient"].union(*by_recipient))
        for recipient, own in by_recipient.items():
            retried = [slot for slot in own if slot.occurrence]
            new = [slot for slot in own if not slot.occurrence]
            plan = catch_up(
                new,
                recipient.task_id.catch_up,
                recipient.company_id._get_catch_up_cap(),
                lambda slot: slot.is_missed,
                left.get(recipient),
            )
            issue += [*retried, *plan.issue]
            skip += plan.skip
            held += plan.held
        return issue, skip, held

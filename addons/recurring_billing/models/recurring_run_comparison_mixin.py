from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..run_comparison import Group
from .recurring_planner import ISSUED

#: Missing customers that a report names for each responsible; the others are counted.
NAMED_AT_MOST = 50


class RecurringRunComparisonMixin(models.AbstractModel):
    """A run against what was expected of it.

    Expected is what was due by the end of the run, at what the forecast said when the
    month began; of whom it did not know, at what the last document came to. Worked out
    once, when the run ends: what happens later to a task or a customer does not change
    what is told.
    """

    _name = "recurring.run.comparison.mixin"
    _description = "What was expected of a recurring run"

    comparison = fields.Json(
        readonly=True,
        copy=False,
        help="What was expected, as it was when the run ended.",
    )
    missing_count = fields.Integer(
        string="Expected but Missing",
        compute="_compute_missing_count",
        help="Customers whose date had come and who have nothing: neither a document "
        "nor a reason in the list of documents.",
    )

    @api.depends("comparison")
    def _compute_missing_count(self):
        for run in self:
            groups = run._get_comparison_groups()
            missing = [group for group in groups if group.outcome == "missing"]
            run.missing_count = sum(group.count for group in missing)

    def _get_comparison_groups(self, user=None):
        """Documents by outcome and currency, of one responsible or of all.

        :rtype: list[Group]
        """
        self.ensure_one()
        stored = (self.comparison or {}).get("groups", ())
        return [
            Group(*values)
            for user_id, *values in stored
            if user is None or user_id == user.id
        ]

    def _get_missing(self, user=None):
        """The missing ones that are named: dicts with ``recipient``, ``date``,
        ``reason`` and ``note``."""
        self.ensure_one()
        stored = (self.comparison or {}).get("missing", ())
        return [one for one in stored if user is None or one["user"] == user.id]

    def _get_missing_users(self):
        """Whom missing documents concern, also when nothing of theirs was issued."""
        self.ensure_one()
        stored = (self.comparison or {}).get("groups", ())
        ids = [user_id for user_id, outcome, *_ in stored if outcome == "missing"]
        return self.env["res.users"].browse(filter(None, ids))

    # === AT THE END OF THE RUN === #

    def _freeze_comparison(self):
        """Note what was expected. A mistake in it does not keep a run from ending."""
        self.ensure_one()
        with self._report_safely():
            missing = self._find_missing()
            reasons = {recipient: self._explain(recipient) for recipient in missing}
            groups = self._group_rows() + self._group_missing(missing)
            named = Counter()
            values = []
            for recipient, (reason, note) in reasons.items():
                user = recipient.task_id.user_id
                named[user] += 1
                if named[user] <= NAMED_AT_MOST:
                    values.append(
                        {
                            "user": user.id,
                            "recipient": recipient.id,
                            "date": fields.Date.to_string(recipient.date_next),
                            "reason": reason,
                            "note": note,
                        }
                    )
            self.comparison = {"groups": groups, "missing": values}

    def _group_rows(self):
        """The rows of this run, each beside what was expected of it."""
        self.env["recurring.occurrence"].flush_model()
        query = SQL(
            """
            SELECT o.user_id,
                   CASE WHEN o.state IN ('failed', 'held', 'skipped')
                        THEN o.state ELSE 'issued' END,
                   count(*), p.currency_id, coalesce(sum(p.amount_untaxed), 0),
                   o.currency_id, coalesce(sum(o.amount_untaxed), 0)
              FROM recurring_occurrence o
              LEFT JOIN LATERAL (%s) p ON true
             WHERE o.run_id = %s
          GROUP BY 1, 2, 4, 6
            """,
            self._get_expected(
                SQL.identifier("o", "recipient_id"),
                SQL.identifier("o", "scheduled_date"),
                SQL.identifier("o", "currency_id"),
            ),
            self.id,
        )
        return [list(row) for row in self.env.execute_query(query)]

    def _group_missing(self, recipients):
        if not recipients:
            return []
        query = SQL(
            """
            SELECT t.user_id, 'missing', count(*), p.currency_id,
                   coalesce(sum(p.amount_untaxed), 0), NULL, 0
              FROM recurring_task_recipient r
              JOIN recurring_task t ON t.id = r.task_id
              LEFT JOIN LATERAL (%s) p ON true
             WHERE r.id IN %s
          GROUP BY 1, 4
            """,
            self._get_expected(
                SQL.identifier("r", "id"), SQL.identifier("r", "date_next"), SQL("NULL")
            ),
            tuple(recipients.ids),
        )
        return [list(row) for row in self.env.execute_query(query)]

    def _get_expected(self, recipient, day, currency):
        """What the forecast kept for a date, else what the last document came to.

        The forecast is in the currency of the company. What is issued in another one
        is compared with its last document: amounts of two are never set side by side.
        """
        own = self.company_id.currency_id.id
        return SQL(
            """
            SELECT coalesce(b.amount_untaxed, d.amount_untaxed) AS amount_untaxed,
                   CASE WHEN b.amount_untaxed IS NULL THEN d.currency_id
                        ELSE %(own)s END AS currency_id
              FROM (VALUES (1)) AS one
              LEFT JOIN LATERAL (%(last)s) d ON true
              LEFT JOIN recurring_forecast_baseline b
                     ON b.recipient_id = %(recipient)s AND b.date = %(day)s
                        AND coalesce(%(currency)s, d.currency_id, %(own)s) = %(own)s
            """,
            own=own,
            last=self._get_last_document(recipient),
            recipient=recipient,
            day=day,
            currency=currency,
        )

    def _get_last_document(self, recipient):
        """The last document of a customer that this run has not issued."""
        return SQL(
            """
            SELECT d.amount_untaxed, d.currency_id
              FROM recurring_occurrence d
             WHERE d.recipient_id = %s AND d.state != 'void' AND d.state IN %s
                   AND d.run_id IS DISTINCT FROM %s
          ORDER BY d.scheduled_date DESC
             LIMIT 1
            """,
            recipient,
            ISSUED,
            self.id,
        )

    # === EXPECTED BUT MISSING === #

    def _find_missing(self):
        """Customers whose date came since the last run and of whom the list of
        documents knows nothing.

        Each is told once, by the first run after his date. "Run now" serves whom
        somebody named: nothing else was expected of it.
        """
        self.ensure_one()
        if self.trigger != "schedule":
            return self.env["recurring.task.recipient"]
        since, until = self._get_expected_time()
        near = self.env["recurring.task.recipient"].with_context(active_test=False)
        near = near.search(
            [
                ("company_id", "=", self.company_id.id),
                ("task_state", "!=", "draft"),
                ("date_next", ">=", since.date() - timedelta(days=1)),
                ("date_next", "<=", until.date() + timedelta(days=1)),
            ],
            order="date_next, id",
        )
        days = {
            task: (task._get_today(since), task._get_today(until))
            for task in near.task_id
        }
        come = near.filtered(
            lambda r: days[r.task_id][0] < r.date_next <= days[r.task_id][1]
        )
        pending = self.env["recurring.planner"]._get_pending(come)
        return come.filtered(
            lambda r: (
                r.date_next
                not in pending.get(r.id, self.env["recurring.occurrence"]).mapped(
                    "issue_date"
                )
            )
        )

    def _get_expected_time(self):
        """From the end of the last run, or a day ago, to the end of this one (UTC).

        :rtype: tuple[datetime, datetime]
        """
        until = self.date_end or fields.Datetime.now()
        last = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("trigger", "=", "schedule"),
                ("state", "=", "done"),
                ("id", "!=", self.id),
                ("date_end", "<=", until),
            ],
            order="date_end desc",
            limit=1,
        )
        return last.date_end or until - timedelta(days=1), until

    @api.model
    def _explain(self, recipient):
        """Why a customer has got nothing: a reason, and who said so.

        :rtype: tuple[str, str]
        """
        task = recipient.task_id
        if task.state in ("paused", "done"):
            return f"task_{task.state}", task.stop_reason or ""
        if not task.active:
            return "task_archived", ""
        if not recipient.active:
            return "line_archived", ""
        if recipient.state in ("paused", "stopped"):
            return f"customer_{recipient.state}", recipient.stop_reason or ""
        if recipient.requested_run_id:
            return "requested", ""
        if recipient.date_retry:
            return "retry", ""
        return "open", ""

    @api.model
    def _get_missing_reasons(self):
        """The reasons in words, in the reader's language."""
        return {
            "task_paused": self.env._("The task is paused."),
            "task_done": self.env._("The task is over."),
            "task_archived": self.env._("The task is archived."),
            "line_archived": self.env._("The customer was taken off the task."),
            "customer_paused": self.env._("The customer is paused."),
            "customer_stopped": self.env._("The customer is stopped."),
            "requested": self.env._("Another run is working on it."),
            "retry": self.env._(
                "It could not even be planned; it is tried again tomorrow. The "
                "server's log says why."
            ),
            "open": self.env._("Still open: the next run takes it."),
        }

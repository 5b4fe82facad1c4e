from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..sla_clock import get_answer

#: What makes the answer; written by ``_write_sla_facts`` alone.
ANSWER_FIELDS = ("sla_deadline", "sla_reached_date", "sla_paused_since")


class ProjectTaskSlaMixin(models.AbstractModel):
    """Does the task meet its SLA?

    Facts are stored (policy, hours promised, start, pause, reached; the stages in
    ``crm.sla.period``); the deadline follows from them and is stored in the same
    transaction. **Meets SLA?** is worked out by whoever asks, so no job is needed.
    """

    _name = "project.task.sla.mixin"
    _description = "Task under an SLA"

    sla_policy_id = fields.Many2one(
        "crm.sla.policy",
        string="SLA Policy",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    sla_hours = fields.Float(
        string="SLA Hours",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Hours of working time promised when the deadline was last worked out.",
    )
    sla_start = fields.Datetime(string="SLA Start", readonly=True, copy=False)
    sla_deadline = fields.Datetime(
        string="SLA Deadline", readonly=True, copy=False, index="btree_not_null"
    )
    sla_risk_date = fields.Datetime(string="At Risk From", readonly=True, copy=False)
    sla_paused_since = fields.Datetime(
        string="SLA Paused Since", readonly=True, copy=False
    )
    sla_reached_date = fields.Datetime(string="SLA Reached", readonly=True, copy=False)
    sla_hours_used = fields.Float(
        string="SLA Hours Used",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Hours of working time until it was reached, without the stops.",
    )
    sla_escalated_deadline = fields.Datetime(
        string="SLA Deadline Warned Of", readonly=True, copy=False
    )
    # === WORKED OUT BY WHOEVER ASKS === #
    meets_sla = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No"), ("none", "None")],
        string="Meets SLA?",
        compute="_compute_meets_sla",
        search="_search_meets_sla",
        compute_sudo=True,
    )
    sla_compliance = fields.Float(
        string="SLA Compliance",
        compute="_compute_meets_sla",
        compute_sudo=True,
        aggregator="avg",
        help="Share of the tasks under an SLA that meet it.",
    )
    sla_at_risk = fields.Boolean(
        string="SLA at Risk",
        compute="_compute_sla_at_risk",
        search="_search_sla_at_risk",
        compute_sudo=True,
        help="The clock is running and most of the hours are used up.",
    )

    # Two small sets that answer "No": open ones by deadline, and those decided late.
    _sla_running_idx = models.Index(
        "(sla_deadline) WHERE sla_deadline IS NOT NULL "
        "AND sla_reached_date IS NULL AND sla_paused_since IS NULL"
    )
    _sla_late_idx = models.Index(
        "(sla_deadline) WHERE COALESCE(sla_reached_date, sla_paused_since) "
        "> sla_deadline"
    )

    # === MEETS SLA? === #
    @api.depends(*ANSWER_FIELDS)
    def _compute_meets_sla(self):
        now = fields.Datetime.now()
        for task in self:
            task.meets_sla = get_answer(
                task.sla_deadline, task.sla_reached_date, task.sla_paused_since, now
            )
            task.sla_compliance = float(task.meets_sla == "yes")

    def _search_meets_sla(self, operator, value):
        """Conditions that an index can serve, unlike the CASE of a group-by.

        "Is not set" and unknown words match nothing and never reach the database.
        """
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        parts = {
            "yes": lambda: self._get_sla_domain(self._sla_met_sql, now),
            "no": lambda: self._get_sla_domain(self._sla_missed_sql, now),
            "none": lambda: Domain("sla_deadline", "=", False),
        }
        return Domain.OR(parts[word]() for word in parts if word in value)

    # === AT RISK === #
    @api.depends(*ANSWER_FIELDS, "sla_risk_date")
    def _compute_sla_at_risk(self):
        now = fields.Datetime.now()
        for task in self:
            task.sla_at_risk = bool(
                task.sla_deadline
                and not task.sla_reached_date
                and not task.sla_paused_since
                and task.sla_risk_date <= now <= task.sla_deadline
            )

    def _search_sla_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_sla_domain(self._sla_at_risk_sql, fields.Datetime.now())

    # === IN SQL === #
    # Each condition is true or false, never NULL: its negation must be right, too.
    # Columns are named here rather than in domains: a customer on the portal may read
    # the answer without reading every fact it is made of.
    @api.model
    def _get_sla_domain(self, get_sql, now):
        return Domain.custom(to_sql=lambda model, alias, _query: get_sql(alias, now))

    @api.model
    def _get_sla_columns(self, alias):
        return {
            name.removeprefix("sla_"): SQL.identifier(
                alias, name, to_flush=self._fields[name]
            )
            for name in (*ANSWER_FIELDS, "sla_risk_date")
        }

    @api.model
    def _sla_missed_sql(self, alias, now):
        return SQL(
            "((%(running)s AND %(deadline)s < %(now)s) OR (%(late)s))",
            running=self._sla_running_sql(alias),
            late=self._sla_late_sql(alias),
            now=now,
            **self._only(alias, "deadline"),
        )

    @api.model
    def _sla_met_sql(self, alias, now):
        return SQL(
            "((%(running)s AND %(deadline)s >= %(now)s)"
            " OR (%(deadline)s IS NOT NULL"
            " AND COALESCE(%(reached_date)s, %(paused_since)s) IS NOT NULL"
            " AND COALESCE(%(reached_date)s, %(paused_since)s) <= %(deadline)s))",
            running=self._sla_running_sql(alias),
            now=now,
            **self._only(alias, "deadline", "reached_date", "paused_since"),
        )

    @api.model
    def _sla_at_risk_sql(self, alias, now):
        return SQL(
            "(%(running)s AND %(deadline)s >= %(now)s AND %(risk_date)s <= %(now)s)",
            running=self._sla_running_sql(alias),
            now=now,
            **self._only(alias, "deadline", "risk_date"),
        )

    @api.model
    def _sla_running_sql(self, alias):
        return SQL(
            "%(deadline)s IS NOT NULL"
            " AND %(reached_date)s IS NULL AND %(paused_since)s IS NULL",
            **self._only(alias, "deadline", "reached_date", "paused_since"),
        )

    @api.model
    def _sla_late_sql(self, alias):
        return SQL(
            "%(deadline)s IS NOT NULL"
            " AND COALESCE(%(reached_date)s, %(paused_since)s) IS NOT NULL"
            " AND COALESCE(%(reached_date)s, %(paused_since)s) > %(deadline)s",
            **self._only(alias, "deadline", "reached_date", "paused_since"),
        )

    @api.model
    def _only(self, alias, *names):
        columns = self._get_sla_columns(alias)
        return {name: columns[name] for name in names}

    def _field_to_sql(self, alias, field_expr, query=None):
        """One CASE for group-by, pivot and order; rows reached by a path that have no
        task at all have no answer either."""
        if field_expr not in ("meets_sla", "sla_compliance"):
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        answers = {
            "meets_sla": (SQL("'none'"), SQL("'no'"), SQL("'yes'")),
            "sla_compliance": (SQL("NULL"), SQL("0.0"), SQL("1.0")),
        }
        none, missed, met = answers[field_expr]
        return SQL(
            "CASE WHEN %(id)s IS NULL THEN NULL WHEN %(deadline)s IS NULL THEN %(none)s"
            " WHEN COALESCE(%(reached_date)s, %(paused_since)s, %(now)s::timestamp)"
            " > %(deadline)s THEN %(missed)s ELSE %(met)s END",
            id=SQL.identifier(alias, "id"),
            now=fields.Datetime.now(),
            none=none,
            missed=missed,
            met=met,
            **self._only(alias, "deadline", "reached_date", "paused_since"),
        )

    # === PORTAL === #
    @property
    def TASK_PORTAL_READABLE_FIELDS(self):
        return super().TASK_PORTAL_READABLE_FIELDS | {"meets_sla", "sla_deadline"}

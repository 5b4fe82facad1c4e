from odoo import api, fields, models
from odoo.tools import SQL

from .recurring_planner import ISSUED, PENDING

#: Months that are looked ahead, from the month of today.
MONTHS_AHEAD = 24
#: More documents than any schedule has in that time.
MANY = 99_999

#: What the schedule of a customer of a task needs, one row for each.
MEMBERS = """
    SELECT recipient.id AS recipient_id, recipient.task_id, recipient.partner_id,
           recipient.company_id, company.currency_id, task.document_type,
           COALESCE(task.salesperson_id, partner.user_id, parent.user_id) AS user_id,
           %(key)s AS key, price.product_id, price.quantity, price.amount_untaxed,
           price.priced_on, today.day AS today, today.horizon,
           COALESCE(recipient.date_start, task.date_start) AS date_start,
           GREATEST(
               COALESCE(recipient.date_start, task.date_start),
               recipient.date_from, ledger.floor
           ) AS since,
           task.date_end, task.catch_up,
           recipient.date_next < today.day AS is_late,
           CASE WHEN task.max_documents > 0
                THEN LEAST(
                    GREATEST(task.max_documents - COALESCE(taken.documents, 0), 0),
                    %(many)s
                )
                ELSE %(many)s
            END AS documents_left,
           task.interval_unit IN ('month', 'year') AS is_monthly,
           task.interval * CASE task.interval_unit
                                WHEN 'week' THEN 7 WHEN 'year' THEN 12 ELSE 1
                            END AS step,
           CASE task.day_rule
                WHEN 'month_day' THEN task.month_day
                WHEN 'month_end' THEN 31
                ELSE date_part(
                    'day', COALESCE(recipient.date_start, task.date_start)
                )::int
            END AS wished_day
      FROM recurring_task_recipient recipient
      JOIN recurring_task task ON task.id = recipient.task_id
      JOIN today ON today.tz = task.tz
      JOIN res_company company ON company.id = recipient.company_id
      JOIN res_partner partner ON partner.id = recipient.partner_id
      LEFT JOIN res_partner parent ON parent.id = partner.commercial_partner_id
      LEFT JOIN ledger ON ledger.recipient_id = recipient.id
      LEFT JOIN taken ON taken.recipient_id = recipient.id
      LEFT JOIN (%(prices)s) price ON price.recipient_id = recipient.id
     WHERE recipient.active AND recipient.state = 'running'
       AND task.active AND task.state = 'running'
"""

#: Every date of every customer of a running task, see :meth:`_get_dates_sql`.
#: OFFSET 0 and MATERIALIZED have what is long to write worked out once for each row,
#: not at each place that uses it.
DATES = """
    WITH today (tz, day, horizon) AS MATERIALIZED (
        SELECT tz, day, %(horizon)s
          FROM unnest(%(zones)s::varchar[], %(days)s::date[]) AS zone (tz, day)
    ),
    ledger AS (
        SELECT recipient_id,
               max(CASE WHEN state = 'void' THEN scheduled_date + 1
                        ELSE period_end END) AS floor
          FROM recurring_occurrence
         GROUP BY recipient_id
    ),
    taken AS (
        SELECT occurrence.recipient_id, count(*)::int AS documents
          FROM recurring_task task
          JOIN recurring_task_recipient recipient ON recipient.task_id = task.id
          JOIN recurring_occurrence occurrence
               ON occurrence.recipient_id = recipient.id
         WHERE task.max_documents > 0 AND occurrence.state IN %(taken)s
         GROUP BY occurrence.recipient_id
    ),
    member AS (%(members)s),
    numbered AS (
        SELECT member.*, %(number_of_start)s AS first_number FROM member OFFSET 0
    ),
    begun AS (
        SELECT numbered.*,
               GREATEST(
                   %(since)s,
                   CASE WHEN catch_up = 'last' THEN %(after_last_due)s - step
                        WHEN catch_up = 'skip' AND is_late THEN %(from_today)s
                    END
               ) AS from_number
          FROM numbered OFFSET 0
    ),
    plan AS MATERIALIZED (
        SELECT begun.*,
               LEAST(
                   from_number + documents_left * step,
                   %(after_end)s,
                   %(horizon_number)s
               ) AS until_number
          FROM begun
    ),
    month AS MATERIALIZED (
        SELECT number,
               make_date(number / 12, mod(number, 12) + 1, 1) AS first_day,
               make_date((number + 1) / 12, mod(number + 1, 12) + 1, 1) - 1 AS last_day
          FROM generate_series(
                   (SELECT min(from_number) FROM plan WHERE is_monthly),
                   (SELECT max(until_number) FROM plan WHERE is_monthly)
               ) AS number
    )
    SELECT plan.*, LEAST(first_day + wished_day - 1, last_day) AS date,
           NULL::varchar AS waits
      FROM plan
      JOIN month ON number >= from_number AND number < until_number
                AND mod(number - from_number, step) = 0
     WHERE is_monthly
     UNION ALL
    SELECT plan.*, DATE '2000-01-01' + number, NULL
      FROM plan, generate_series(from_number, until_number - 1, step) AS number
     WHERE NOT is_monthly
     UNION ALL
    SELECT plan.*, occurrence.scheduled_date, occurrence.state
      FROM plan
      JOIN recurring_occurrence occurrence
           ON occurrence.recipient_id = plan.recipient_id
     WHERE occurrence.state IN %(pending)s
"""


class RecurringForecastSchedule(models.AbstractModel):
    """The coming dates of all schedules at once, in SQL.

    The same dates as ``schedule.py`` and the planner give, by the same idea: dates
    lie on a grid of numbered months (or days), counted from the first date. So the
    first and the last number of a customer follow by arithmetic, and the dates by
    joining a list of months. A property test compares both.
    """

    _name = "recurring.forecast.schedule"
    _description = "Coming dates of recurring tasks"

    @api.model
    def _get_dates_sql(self, prices, key):
        """One row for each customer of a running task and date.

        The date is that of the schedule, before it is moved to a working day. Dates
        that passed without a document are among them as the task's rule for missed
        dates has it, as if the engine ran now; so are failed and held documents, with
        ``waits`` telling which. Whoever reads it sees every company: rules are the
        business of the caller.

        :param SQL prices: ``recipient_id``, ``product_id``, ``quantity``,
            ``amount_untaxed``, ``priced_on``
        :param SQL key: of ``recipient`` and ``price``, to tell rows of a date apart
        """
        zones = self._get_todays()
        today, end = SQL("today"), SQL("date_end")
        # of several missed dates the last one not after the end of the schedule
        due = SQL("(LEAST(%s, %s) + 1)", today, end)
        return SQL(
            DATES,
            zones=list(zones),
            days=list(zones.values()),
            taken=(*ISSUED, *PENDING),
            pending=PENDING,
            members=SQL(MEMBERS, prices=prices, key=key, many=MANY),
            number_of_start=self._get_number_sql(SQL("date_start")),
            since=self._get_grid_sql(SQL("since")),
            after_last_due=self._get_grid_sql(due),
            from_today=self._get_grid_sql(today),
            after_end=SQL(
                "CASE WHEN date_end IS NOT NULL THEN %s END",
                self._get_grid_sql(SQL("(date_end + 1)")),
            ),
            horizon=SQL(
                "(date_trunc('month', day::timestamp) + %s * INTERVAL '1 month')::date",
                MONTHS_AHEAD,
            ),
            horizon_number=self._get_number_sql(SQL("horizon")),
        )

    @api.model
    def _get_todays(self):
        """Which day it is in each zone where a task runs: ``{zone: date}``."""
        now = fields.Datetime.now()
        Task = self.env["recurring.task"].sudo()
        zones = Task._read_group([("state", "=", "running")], ["tz"])
        return {tz: Task.new({"tz": tz})._get_today(now) for (tz,) in zones}

    @api.model
    def _get_number_sql(self, day):
        """Number of the first month whose document is dated ``day`` or later.

        For days and weeks the days since 2000.
        """
        return SQL(
            """CASE WHEN is_monthly
                    THEN date_part('year', %(day)s)::int * 12
                         + date_part('month', %(day)s)::int - 1
                         + (wished_day < date_part('day', %(day)s))::int
                    ELSE %(day)s - DATE '2000-01-01'
                END""",
            day=day,
        )

    @api.model
    def _get_grid_sql(self, day):
        """Number of the first date of the schedule on or after ``day``."""
        return SQL(
            "first_number"
            " + step * ((GREATEST(%s - first_number, 0) + step - 1) / step)",
            self._get_number_sql(day),
        )

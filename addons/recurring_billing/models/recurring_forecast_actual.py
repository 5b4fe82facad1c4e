import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .recurring_planner import ISSUED

#: Amounts of which the difference is smaller are the same.
ROUNDING = 0.005


class RecurringForecastActual(models.Model):
    """What was expected of past days, beside what was issued: the difference explained.

    A query over the baseline and the ledger; nothing is stored. What was issued
    without having been expected is there from the first month that was kept.
    """

    _name = "recurring.forecast.actual"
    _description = "Forecast Against Actual"
    _auto = False
    _order = "date desc, id"
    _rec_name = "partner_id"
    _depends = {
        "recurring.forecast.baseline": ["date", "amount_untaxed", "recipient_id"],
        "recurring.occurrence": [
            *("recipient_id", "scheduled_date", "state", "amount_untaxed"),
            *("currency_id", "attempt_date", "issue_date", "error", "company_id"),
            *("move_id", "sale_order_id", "task_id", "partner_id"),
        ],
        "recurring.task": ["state", "active", "salesperson_id", "tz"],
        "recurring.task.recipient": ["state", "active", "date_next", "company_id"],
        "res.partner": ["user_id", "commercial_partner_id"],
        "res.company": ["currency_id"],
        "account.move": ["invoice_currency_rate"],
        "sale.order": ["currency_rate"],
    }

    date = fields.Date(readonly=True, help="Of the schedule.")
    reason = fields.Selection(
        selection=[
            ("as_expected", "As Expected"),
            ("price", "Other Amount"),
            ("late", "Issued Late"),
            ("added", "Added"),
            ("failed", "Failed"),
            ("held", "Waiting for Release"),
            ("skipped", "Skipped"),
            ("cancelled", "Cancelled"),
            ("paused", "Paused"),
            ("stopped", "Stopped"),
            ("moved", "Schedule Changed"),
            ("missing", "Missing"),
        ],
        readonly=True,
        help="Added: issued, though it was not expected when the month began. "
        "Missing: its day has passed and nothing is known of it.",
    )
    is_different = fields.Boolean(readonly=True)
    expected_amount = fields.Monetary(string="Expected", readonly=True)
    actual_amount = fields.Monetary(
        string="Issued",
        readonly=True,
        help="Without taxes, in the currency of the company, as it was issued.",
    )
    difference = fields.Monetary(readonly=True, help="Issued less expected.")
    note = fields.Text(string="Explanation", readonly=True)
    task_id = fields.Many2one("recurring.task", string="Recurring Task", readonly=True)
    recipient_id = fields.Many2one(
        "recurring.task.recipient", string="Customer of the Task", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    document_type = fields.Selection(
        selection=lambda self: self.env["recurring.occurrence"]._get_document_types(),
        string="Document",
        readonly=True,
    )
    occurrence_id = fields.Many2one(
        "recurring.occurrence", string="Document of the Task", readonly=True
    )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, line.date, line.reason,
                   line.reason != 'as_expected' AS is_different,
                   line.expected_amount, line.actual_amount,
                   line.actual_amount - line.expected_amount AS difference,
                   line.note, line.task_id, line.recipient_id, line.partner_id,
                   line.user_id, line.company_id, company.currency_id,
                   line.document_type, line.occurrence_id
              FROM (%s UNION ALL %s) line
              JOIN res_company company ON company.id = line.company_id
            """,
            self._get_expected_sql(),
            self._get_added_sql(),
        )

    @api.model
    def _get_expected_sql(self):
        """What was expected and whose day has passed, or which was issued already."""
        days = self._get_todays()
        return SQL(
            """
            SELECT 2 * baseline.id::int8 AS id, baseline.date,
                   %(reason)s AS reason,
                   COALESCE(baseline.amount_untaxed, 0) AS expected_amount,
                   CASE WHEN occurrence.state IN %(issued)s THEN %(amount)s ELSE 0
                    END AS actual_amount,
                   occurrence.error AS note, baseline.task_id, baseline.recipient_id,
                   baseline.partner_id, baseline.user_id, baseline.company_id,
                   baseline.document_type, occurrence.id AS occurrence_id
              FROM recurring_forecast_baseline baseline
              JOIN unnest(%(companies)s::int4[], %(days)s::date[]) AS today (id, day)
                   ON today.id = baseline.company_id
              LEFT JOIN recurring_task_recipient recipient
                   ON recipient.id = baseline.recipient_id
              LEFT JOIN recurring_occurrence occurrence
                   ON occurrence.recipient_id = baseline.recipient_id
                  AND occurrence.scheduled_date = baseline.date
                  AND occurrence.state != 'void'
              %(joins)s
             WHERE baseline.date < today.day OR occurrence.state IN %(issued)s
            """,
            reason=self._get_reason_sql(),
            amount=self._get_amount_sql(),
            issued=ISSUED,
            companies=list(days),
            days=list(days.values()),
            joins=self._get_joins_sql(
                SQL("COALESCE(occurrence.task_id, baseline.task_id)"),
                SQL("COALESCE(occurrence.partner_id, baseline.partner_id)"),
            ),
        )

    @api.model
    def _get_reason_sql(self):
        """The first of these that is true explains the difference.

        Of a date that passed without a row in the ledger, the next date tells whether
        the schedule still has it: then it is missing, else the schedule was changed.
        """
        return SQL(
            """
            CASE WHEN occurrence.state IN %(issued)s THEN
                 CASE WHEN abs(COALESCE(baseline.amount_untaxed, 0) - %(amount)s)
                               > %(rounding)s THEN 'price'
                      WHEN %(issued_on)s > occurrence.issue_date THEN 'late'
                      ELSE 'as_expected'
                  END
                 WHEN occurrence.id IS NOT NULL THEN occurrence.state
                 WHEN EXISTS (
                          SELECT FROM recurring_occurrence void
                           WHERE void.recipient_id = baseline.recipient_id
                             AND void.scheduled_date = baseline.date
                      ) THEN 'cancelled'
                 WHEN recipient.id IS NULL OR NOT recipient.active OR NOT task.active
                      OR recipient.state IN ('stopped', 'done')
                      OR task.state IN ('draft', 'done') THEN 'stopped'
                 WHEN recipient.state = 'paused' OR task.state = 'paused' THEN 'paused'
                 WHEN recipient.date_next < today.day THEN 'missing'
                 ELSE 'moved'
             END
            """,
            issued=ISSUED,
            amount=self._get_amount_sql(),
            rounding=ROUNDING,
            issued_on=self._get_issued_on_sql(),
        )

    @api.model
    def _get_added_sql(self):
        """What was issued for months that were kept, without having been expected."""
        return SQL(
            """
            SELECT 2 * occurrence.id::int8 + 1, occurrence.scheduled_date, 'added', 0,
                   %(amount)s, NULL, occurrence.task_id, occurrence.recipient_id,
                   occurrence.partner_id, %(salesperson)s, occurrence.company_id,
                   occurrence.document_type, occurrence.id
              FROM recurring_occurrence occurrence
              JOIN (
                       SELECT company_id, min(date_trunc('month', date))::date AS since
                         FROM recurring_forecast_baseline
                        GROUP BY company_id
                   ) kept ON kept.company_id = occurrence.company_id
                         AND kept.since <= occurrence.scheduled_date
              JOIN res_company own ON own.id = occurrence.company_id
               AND occurrence.scheduled_date
                   < own.recurring_forecast_month + INTERVAL '1 month'
              %(joins)s
             WHERE occurrence.state IN %(issued)s
               AND NOT EXISTS (
                       SELECT FROM recurring_forecast_baseline baseline
                        WHERE baseline.recipient_id = occurrence.recipient_id
                          AND baseline.date = occurrence.scheduled_date
                   )
            """,
            amount=self._get_amount_sql(),
            salesperson=self._get_salesperson_sql(),
            joins=self._get_joins_sql(),
            issued=ISSUED,
        )

    # === PARTS OF THE QUERY === #

    @api.model
    def _get_joins_sql(self, task=None, partner=None):
        """What the amount, the day and the salesperson of a ledger row need."""
        return SQL(
            """
            LEFT JOIN account_move move ON move.id = occurrence.move_id
            LEFT JOIN sale_order sale ON sale.id = occurrence.sale_order_id
            LEFT JOIN recurring_task task ON task.id = %s
            LEFT JOIN res_partner partner ON partner.id = %s
            LEFT JOIN res_partner parent ON parent.id = partner.commercial_partner_id
            """,
            task or SQL("occurrence.task_id"),
            partner or SQL("occurrence.partner_id"),
        )

    @api.model
    def _get_amount_sql(self):
        """What was issued, at the rate of the document."""
        return SQL(
            "COALESCE(occurrence.amount_untaxed, 0) / COALESCE("
            "NULLIF(move.invoice_currency_rate, 0)::numeric,"
            " NULLIF(sale.currency_rate, 0)::numeric, 1)"
        )

    @api.model
    def _get_salesperson_sql(self):
        return SQL("COALESCE(task.salesperson_id, partner.user_id, parent.user_id)")

    @api.model
    def _get_issued_on_sql(self):
        """The day of issue where the task lives, at today's distance from UTC."""
        now = fields.Datetime.now()
        Task = self.env["recurring.task"].sudo().with_context(active_test=False)
        cases = []
        for (tz,) in Task._read_group([], ["tz"]):
            zone = Task.new({"tz": tz})._get_zone()
            if zone:
                local = pytz.utc.localize(now).astimezone(zone)
                offset = int(local.utcoffset().total_seconds())
                cases.append(SQL("WHEN %s THEN %s", tz, offset))
        if not cases:
            return SQL("occurrence.attempt_date::date")
        return SQL(
            "(occurrence.attempt_date + INTERVAL '1 second'"
            " * CASE task.tz %s ELSE 0 END)::date",
            SQL(" ").join(cases),
        )

    @api.model
    def _get_todays(self):
        """Which day it is in each company with a kept month: ``{id: date}``."""
        now = fields.Datetime.now()
        kept = [("recurring_forecast_month", "!=", False)]
        companies = self.env["res.company"].sudo().search(kept)
        return {company.id: company._get_local_date(now) for company in companies}

    # === BUTTONS === #

    def action_open_task(self):
        self.ensure_one()
        self.check_access("read")
        return self.task_id._get_records_action()

    def action_open_document(self):
        """The row of the ledger, or the task when there is none."""
        self.ensure_one()
        self.check_access("read")
        return (self.occurrence_id or self.task_id)._get_records_action()

    @api.model
    def action_keep_forecast(self):
        """From now on today's forecast of this month counts as expected, too; on its
        last day, of the next one.

        Nothing that was expected before is taken away or priced anew.

        :raises AccessError: for anybody but managers
        """
        if not self.env.user.has_group("recurring_billing.group_manager"):
            raise AccessError(
                self.env._(
                    "Only people with the right “Recurring Billing: Manager” may do "
                    "this. Ask your administrator."
                )
            )
        baseline = self.env["recurring.forecast.baseline"].sudo()
        for company in self.env.companies.sudo():
            baseline._keep_month(company, baseline._get_month(company))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The forecast of this month is kept."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

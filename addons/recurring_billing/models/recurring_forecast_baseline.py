from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..calendar_month import first_of_month
from .recurring_planner import ISSUED

#: What is taken over from the forecast as it is.
KEPT = (
    *("company_id", "recipient_id", "task_id", "partner_id", "user_id", "date"),
    *("document_type", "amount_untaxed", "priced_on"),
)


class RecurringForecastBaseline(models.Model):
    """What was expected of a month when it began: one row for each document.

    Kept on the day before the month begins, once for each company; never changed by
    itself afterwards. ``recurring.forecast.actual`` compares it with the ledger.
    """

    _name = "recurring.forecast.baseline"
    _description = "Expected Document"
    _order = "date, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    recipient_id = fields.Many2one(
        comodel_name="recurring.task.recipient",
        string="Customer of the Task",
        readonly=True,
        ondelete="set null",
    )
    task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Recurring Task",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        readonly=True,
        ondelete="set null",
    )
    document_type = fields.Selection(
        selection=lambda self: self.env["recurring.occurrence"]._get_document_types(),
        string="Document",
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True, help="Of the schedule.")
    amount_untaxed = fields.Monetary(
        string="Expected Amount",
        readonly=True,
        help="Without taxes, in the currency of the company.",
    )
    priced_on = fields.Date(readonly=True)
    kept_on = fields.Date(readonly=True, help="The day on which it was expected.")

    _date_uniq = models.Constraint(
        "UNIQUE (recipient_id, date)", "A date is expected once of each customer."
    )
    _company_date_idx = models.Index("(company_id, date)")

    # === KEEPING === #

    @api.model
    def _keep_due(self):
        """Keep the month that begins tomorrow, or the one that nobody has kept yet.

        Asked every day. When the server stood still on the last day of a month, it is
        kept later; what was issued of it meanwhile counts as expected.
        """
        running = self.env["recurring.task"]._read_group(
            [("state", "=", "running")], ["company_id"]
        )
        for (company,) in running:
            month = self._get_month(company)
            if not self._is_kept(company, month):
                self._keep_month(company, month)

    @api.model
    def _get_month(self, company):
        """First day of this month; on its last day, of the next one."""
        today = company._get_local_date(fields.Datetime.now())
        return first_of_month(today + relativedelta(days=1))

    @api.model
    def _is_kept(self, company, month):
        kept = company.recurring_forecast_month
        return bool(kept and kept >= month)

    @api.model
    def _keep_month(self, company, month):
        """Note what is expected of a month from now on; what was noted stays.

        :param date month: its first day
        """
        self._keep_coming(company, month)
        if not self._is_kept(company, month):
            self._keep_issued(company, month)
            company.recurring_forecast_month = month

    @api.model
    def _keep_coming(self, company, month):
        Forecast = self.env["recurring.forecast"].sudo()
        query = Forecast._search(
            Domain("company_id", "=", company.id)
            & Domain("source", "=", "task")
            & self._get_month_domain(month)
        )
        table = Forecast._table
        columns = query.select(*(SQL.identifier(table, name) for name in KEPT))
        self._insert(company, columns)

    @api.model
    def _keep_issued(self, company, month):
        """What was issued of the month before it was kept was expected as it came."""
        occurrence = self.env["recurring.occurrence"].sudo()
        query = occurrence._search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ISSUED)
            & self._get_month_domain(month, "scheduled_date")
        )
        actual = self.env["recurring.forecast.actual"]
        self._insert(
            company,
            SQL(
                """
                SELECT occurrence.company_id, occurrence.recipient_id,
                       occurrence.task_id, occurrence.partner_id,
                       %(salesperson)s, occurrence.scheduled_date,
                       occurrence.document_type, %(amount)s,
                       occurrence.document_date
                  FROM recurring_occurrence occurrence %(joins)s
                 WHERE occurrence.id IN %(ids)s
                """,
                salesperson=actual._get_salesperson_sql(),
                amount=actual._get_amount_sql(),
                joins=actual._get_joins_sql(),
                ids=query.subselect(),
            ),
        )

    @api.model
    def _get_month_domain(self, month, name="date"):
        following = month + relativedelta(months=1)
        return Domain(name, ">=", month) & Domain(name, "<", following)

    @api.model
    def _insert(self, company, select):
        """Add the rows of ``select`` (the columns ``KEPT``), those known excepted."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO recurring_forecast_baseline (
                       %(names)s, kept_on, create_uid, create_date,
                       write_uid, write_date
                   )
            SELECT kept.*, %(today)s, %(uid)s, now() AT TIME ZONE 'UTC',
                   %(uid)s, now() AT TIME ZONE 'UTC'
              FROM (%(select)s) kept
                ON CONFLICT (recipient_id, date) DO NOTHING
                """,
                names=SQL(", ").join(map(SQL.identifier, KEPT)),
                today=company._get_local_date(fields.Datetime.now()),
                uid=self.env.uid,
                select=select,
            )
        )
        self.invalidate_model()

    # === ASKED BY OTHERS === #

    @api.model
    def _get_missing(self, company, until):
        """Documents that were expected up to a day and of which nothing is known.

        :param date until: last day, inclusive
        :return: ``recurring.forecast.actual``
        """
        return self.env["recurring.forecast.actual"].search(
            [
                ("company_id", "=", company.id),
                ("date", "<=", until),
                ("reason", "=", "missing"),
            ]
        )

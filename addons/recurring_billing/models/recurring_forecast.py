from odoo import api, fields, models
from odoo.tools import SQL

#: Kinds of rows share the ids: the last digit tells where a row comes from.
SOURCES = 10
#: Days since 2000 fit into it; tells the dates of a customer apart.
DAYS = 100_000


class RecurringForecast(models.Model):
    """Documents that will be issued in this month and the 23 after it.

    A query over the schedules, right at the instant of looking: nothing is stored but
    the prices (``recurring.forecast.price``), which tell of which day they are. Each
    source is one SELECT of :meth:`_get_selects`; other add-ons add theirs.

    Amounts are untaxed, in the currency of the company. Dates are those of the
    schedule, before they are moved to a working day.
    """

    _name = "recurring.forecast"
    _description = "Billing Forecast"
    _auto = False
    _order = "date, id"
    _rec_name = "partner_id"
    _depends = {
        "recurring.task": [
            *("active", "state", "document_type", "salesperson_id", "tz", "catch_up"),
            *("date_start", "date_end", "max_documents", "interval", "interval_unit"),
            *("day_rule", "month_day"),
        ],
        "recurring.task.recipient": [
            *("active", "state", "task_id", "partner_id", "company_id"),
            *("date_start", "date_from", "date_next"),
        ],
        "recurring.occurrence": [
            *("recipient_id", "state", "scheduled_date", "period_end"),
        ],
        "recurring.forecast.price": ["recipient_id", "amount_untaxed", "priced_on"],
        "res.partner": ["user_id", "commercial_partner_id"],
        "res.company": ["currency_id"],
    }

    date = fields.Date(
        readonly=True,
        help="Of the schedule, before it is moved to a working day.",
    )
    source = fields.Selection(
        selection=[("task", "Recurring Task")], string="From", readonly=True
    )
    status = fields.Selection(
        selection=[
            ("coming", "Coming"),
            ("overdue", "Overdue"),
            ("failed", "Failed"),
            ("held", "Waiting for Release"),
        ],
        readonly=True,
        help="Overdue: its day has passed and it is not issued yet. Failed ones are "
        "tried again every day.",
    )
    task_id = fields.Many2one("recurring.task", string="Recurring Task", readonly=True)
    recipient_id = fields.Many2one(
        "recurring.task.recipient", string="Customer of the Task", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    document_type = fields.Selection(
        selection=lambda self: self._get_document_types(),
        string="Document",
        readonly=True,
    )
    amount_untaxed = fields.Monetary(
        string="Untaxed Amount",
        readonly=True,
        help="In the currency of the company, at the prices of the day in “Priced On”.",
    )
    priced_on = fields.Date(
        readonly=True,
        help="The day of which the prices are. Empty: not worked out yet, the amount "
        "is missing.",
    )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            SQL("(%s)", select) for select in self._get_selects()
        )

    @api.model
    def _get_selects(self):
        """TO OVERRIDE: one SELECT for each source, see :meth:`_get_columns_sql`.

        :rtype: list[SQL]
        """
        return [self._get_task_select()]

    @api.model
    def _get_columns(self):
        """TO OVERRIDE: columns and their types, the same in each SELECT."""
        return {
            "id": "int8",
            "date": "date",
            "source": "varchar",
            "status": "varchar",
            "task_id": "int4",
            "recipient_id": "int4",
            "partner_id": "int4",
            "user_id": "int4",
            "company_id": "int4",
            "currency_id": "int4",
            "document_type": "varchar",
            "amount_untaxed": "float8",
            "priced_on": "date",
        }

    @api.model
    def _get_columns_sql(self, **columns):
        """A SELECT's columns in their order; what is not named is empty."""
        return SQL(", ").join(
            SQL(
                "(%s)::%s AS %s",
                columns.get(name, SQL("NULL")),
                SQL(kind),
                SQL.identifier(name),
            )
            for name, kind in self._get_columns().items()
        )

    @api.model
    def _get_id_sql(self, number, key, date):
        """An id that stays as long as the row does.

        :param int number: of the source, 0 to 9
        :param SQL key: what has at most one row on a day
        """
        return SQL(
            "((%s)::int8 * %s + (%s - DATE '2000-01-01')) * %s + %s",
            key,
            DAYS,
            date,
            SOURCES,
            number,
        )

    @api.model
    def _get_task_select(self):
        schedule = self.env["recurring.forecast.schedule"]
        return SQL(
            "SELECT %s FROM (%s) AS coming",
            self._get_columns_sql(**self._prepare_task_columns()),
            schedule._get_dates_sql(self._get_prices_sql(), self._get_key_sql()),
        )

    @api.model
    def _prepare_task_columns(self):
        """Columns of a date of a recurring task: ``{name: SQL}``."""
        same = ("task_id", "recipient_id", "partner_id", "user_id", "company_id")
        same += ("date", "currency_id", "document_type", "priced_on")
        return {
            **{name: SQL.identifier("coming", name) for name in same},
            "id": self._get_id_sql(0, SQL("coming.key"), SQL("coming.date")),
            "source": SQL("'task'"),
            "status": SQL(
                "COALESCE(coming.waits, CASE WHEN coming.date < coming.today"
                " THEN 'overdue' ELSE 'coming' END)"
            ),
            "amount_untaxed": SQL("COALESCE(coming.amount_untaxed, 0)"),
        }

    @api.model
    def _get_prices_sql(self):
        """What a document comes to, by customer of a task."""
        return SQL(
            """
            SELECT recipient_id, NULL::int4 AS product_id, NULL::float8 AS quantity,
                   sum(amount_untaxed)::float8 AS amount_untaxed,
                   min(priced_on) AS priced_on
              FROM recurring_forecast_price
             GROUP BY recipient_id
            """
        )

    @api.model
    def _get_key_sql(self):
        return SQL("recipient.id")

    @api.model
    def _get_document_types(self):
        return self.env["recurring.occurrence"]._get_document_types()

    # === BUTTONS === #

    def action_open_task(self):
        """Open the task, or whatever else the row comes from."""
        self.ensure_one()
        self.check_access("read")
        return self._get_origin()._get_records_action()

    def _get_origin(self):
        """TO OVERRIDE: the record that the row comes from."""
        return self.task_id

    def action_update_prices(self):
        """Work out the prices of these rows anew, or of all in the open companies.

        A few at once; more are left to the scheduled action.

        :raises AccessError: without the right to work with recurring billing
        """
        self.env["recurring.task"]._check_billing_rights()
        recipients = self.recipient_id or self.env["recurring.task.recipient"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("state", "=", "running"),
                ("task_state", "=", "running"),
            ]
        )
        recipients.check_access("read")
        is_done = self.env["recurring.forecast.price"].sudo()._update(recipients)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_done else "info",
                "message": self.env._("The prices are up to date.")
                if is_done
                else self.env._(
                    "The prices are being worked out. Look again in a few minutes."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

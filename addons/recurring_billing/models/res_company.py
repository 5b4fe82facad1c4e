from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..row_lock import wait_for_others

#: Series of numbers that each company has for itself: code, name, prefix.
SEQUENCES = (
    ("recurring_billing.proforma", "Pro-Formas", "PF/%(range_year)s/"),
    ("recurring_billing.contract", "Contracts", "C/%(range_year)s/"),
    ("payment.reminder.letter", "Payment Reminders", "REM/%(range_year)s/"),
)
#: Documents that are caught up at once unless the company says otherwise.
DEFAULT_CATCH_UP_CAP = 12
#: Documents that a customer may get on one day unless the company says otherwise.
DEFAULT_DAILY_LIMIT = 20
#: Growth of a task's total, in percent, unless the company says otherwise.
DEFAULT_GROWTH_LIMIT = 200


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "res.company",
        "invoice.kind.company.mixin",
        "payment.charge.company.mixin",
        "payment.reminder.company.mixin",
        "accountant.pack.company.mixin",
        "recurring.forecast.company.mixin",
        "recurring.change.company.mixin",
        "recurring.watchdog.company.mixin",
    ]

    recurring_catch_up_cap = fields.Integer(
        string="Missed Dates at Once",
        help="A customer with more missed dates than this waits for somebody's "
        "release. 0: 12 dates.",
    )
    recurring_daily_limit = fields.Integer(
        string="Documents a Day for a Customer",
        help="A customer who would get more than this on one day, over all tasks, "
        "waits for somebody's release. 0: 20 documents.",
    )
    recurring_growth_limit = fields.Integer(
        string="Growth of a Task in Percent",
        help="When what is due comes to more than this above the largest documents "
        "so far of the same customers, all of it waits for somebody's release. New "
        "customers do not count. 0: 200 %, that is three times as much.",
    )
    recurring_hold_without_address = fields.Boolean(
        string="Issue Nothing Without an Address",
        help="A document that shall be mailed is not issued to a customer without an "
        "e-mail address. Otherwise it is issued and listed as not sent.",
    )
    recurring_report_always = fields.Boolean(
        string="Report Also When Nothing Was Due",
        help="Once a day, so that silence means that something is wrong.",
    )
    recurring_completion = fields.Selection(
        selection=[
            ("draft", "Create a draft"),
            ("confirm", "Create and confirm"),
            ("send", "Create, confirm and send by e-mail"),
        ],
        string="New Tasks",
    )
    recurring_price_mode = fields.Selection(
        selection=[
            ("keep", "Keep the prices of the lines"),
            ("pricelist", "By catalogue, pricelist and customer"),
        ],
        string="Prices of New Tasks",
    )
    recurring_send_hour = fields.Float(
        string="Usual Sending Hour",
        help="Proposed to new tasks that send at an hour of the day. 0: at 8:00.",
    )

    has_online_payment = fields.Boolean(
        compute="_compute_has_online_payment",
        compute_sudo=True,
        help="A payment provider is on, so that documents can offer to pay online.",
    )

    def _compute_has_online_payment(self):
        domain = [("state", "in", ("enabled", "test")), ("is_published", "=", True)]
        ready = self.env["payment.provider"].search(domain).company_id
        for company in self:
            company.has_online_payment = bool(ready & company.parent_ids)

    @api.constrains("recurring_daily_limit", "recurring_growth_limit")
    def _check_recurring_limits(self):
        for company in self:
            if min(company.recurring_daily_limit, company.recurring_growth_limit) < 0:
                raise ValidationError(
                    self.env._("The limits of recurring billing are not below 0.")
                )

    # === NUMBERS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_document_sequences()
        return companies

    @api.model
    def _get_document_sequences(self):
        """Series of numbers of each company: code, name, prefix."""
        return SEQUENCES

    def _create_document_sequences(self):
        """Give each of these companies (none: all) the series that it lacks."""
        companies = self or self.sudo().search([("id", "!=", False)])
        Sequence = self.env["ir.sequence"].sudo()
        codes = [code for code, __, __ in self._get_document_sequences()]
        taken = {
            (sequence.code, sequence.company_id)
            for sequence in Sequence.search([("code", "in", codes)])
        }
        Sequence.create(
            [
                {
                    "code": code,
                    "name": f"{name} – {company.name}",
                    "prefix": prefix,
                    "padding": 4,
                    "use_date_range": True,
                    "company_id": company.id,
                }
                for company in companies
                for code, name, prefix in self._get_document_sequences()
                if (code, company) not in taken
            ]
        )

    @api.model
    def _remove_document_sequences(self, codes):
        """Series are made by code, so core does not know that they go with the app."""
        sequences = self.env["ir.sequence"].sudo().with_context(active_test=False)
        sequences = sequences.search([("code", "in", codes)])
        # these first: core forgets PostgreSQL's counters of years it cascades to
        sequences.date_range_ids.unlink()
        sequences.unlink()

    def _next_document_number(self, code, day):
        """The next number of one of the company's own series.

        :param str code: of the series
        :param date day: of the document
        :raises UserError: when somebody has deleted the series
        """
        return self._get_series(code, day).next_by_id(sequence_date=day)

    def _get_series(self, code, day):
        """One of the company's own series, ready to draw numbers of this day.

        Numbers begin anew each year. Core makes the year's row when the first number is
        drawn: two who draw it at once would make two, and one would get an error. So
        the second one waits, and starts again with the row of the first.

        :raises UserError: when somebody has deleted the series
        """
        self.ensure_one()
        Sequence = self.env["ir.sequence"].sudo().with_company(self)
        series = Sequence.search([("code", "=", code), ("company_id", "=", self.id)])[
            :1
        ]
        if not series:
            raise UserError(
                self.env._(
                    "%(company)s has no series of numbers for this document. Create "
                    "one with the code “%(code)s” under Settings → Technical → "
                    "Sequences.",
                    company=self.name,
                    code=code,
                )
            )
        is_begun = series.date_range_ids.filtered(
            lambda year: year.date_from <= day <= year.date_to
        )
        if series.use_date_range and not is_begun:
            wait_for_others(series)
        return series

    # === LIMITS === #

    def _get_catch_up_cap(self):
        self.ensure_one()
        return self.recurring_catch_up_cap or DEFAULT_CATCH_UP_CAP

    def _get_daily_limit(self):
        self.ensure_one()
        return self.recurring_daily_limit or DEFAULT_DAILY_LIMIT

    def _get_growth_limit(self):
        """In percent: 200 means up to three times as much."""
        self.ensure_one()
        return self.recurring_growth_limit or DEFAULT_GROWTH_LIMIT

    def _get_recurring_defaults(self):
        """Values of new recurring tasks; what is not set is left to the task."""
        self.ensure_one()
        values = {
            "completion": self.recurring_completion,
            "price_mode": self.recurring_price_mode,
            "send_hour": self.recurring_send_hour,
            "currency_id": self.currency_id.id,
            "tz": self.partner_id.tz,
        }
        return {name: value for name, value in values.items() if value}

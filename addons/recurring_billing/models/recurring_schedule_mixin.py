import itertools
from collections import OrderedDict
from datetime import date, datetime, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from odoo.addons.base.models.res_partner import _tz_get

from ..rehearsal import get_now
from ..schedule import Schedule, shift_to_working_day

CYCLES = OrderedDict(
    monthly=(1, "month"),
    bimonthly=(2, "month"),
    quarterly=(3, "month"),
    half_yearly=(6, "month"),
    yearly=(1, "year"),
    seven_months=(7, "month"),
    fourteen_months=(14, "month"),
)
MAX_INTERVAL = 999


class RecurringScheduleMixin(models.AbstractModel):
    """The "When" of a recurring record: its fields, its words, its dates.

    The arithmetic is in :mod:`..schedule`; this model knows companies, calendars
    and languages.
    """

    _name = "recurring.schedule.mixin"
    _description = "Recurring schedule"

    tz = fields.Selection(
        selection=_tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self._default_tz(),
        help="Decides which day it is when documents are issued.",
    )
    date_start = fields.Date(
        string="First Date",
        required=True,
        default=lambda self: self._default_date_start(),
        help="No document is issued before this day. It must be after today.",
    )
    date_end = fields.Date(
        string="Last Date",
        help="No document is issued after this day. Empty: no end.",
    )
    max_documents = fields.Integer(
        string="Number of Documents",
        help="Documents for each customer, after which it stops by itself. "
        "0: no limit. Failed, skipped and voided documents do not count.",
    )
    cycle = fields.Selection(
        selection=[
            ("monthly", "Monthly"),
            ("bimonthly", "Every 2 months"),
            ("quarterly", "Quarterly"),
            ("half_yearly", "Half-yearly"),
            ("yearly", "Yearly"),
            ("seven_months", "Every 7 months"),
            ("fourteen_months", "Every 14 months"),
            ("custom", "Custom"),
        ],
        compute="_compute_cycle",
        inverse="_inverse_cycle",
        store=True,
        readonly=False,
    )
    interval = fields.Integer(string="Every", default=1)
    interval_unit = fields.Selection(
        selection=[
            ("day", "days"),
            ("week", "weeks"),
            ("month", "months"),
            ("year", "years"),
        ],
        string="Unit",
        default="month",
        required=True,
    )
    day_rule = fields.Selection(
        selection=[
            ("start", "Same day as the first date"),
            ("month_day", "A given day of the month"),
            ("month_end", "Last day of the month"),
        ],
        string="Day",
        default="start",
        required=True,
    )
    month_day = fields.Integer(
        string="Day of the Month",
        help="From 1 to 31. A shorter month uses its last day.",
    )
    business_day_shift = fields.Selection(
        selection=[
            ("none", "Keep the day"),
            ("before", "Move to the working day before"),
            ("after", "Move to the working day after"),
        ],
        string="On Days Off",
        default="none",
        required=True,
        help="What to do when the day is a day off in the company's working hours.",
    )
    schedule_text = fields.Char(
        string="What Will Happen",
        compute="_compute_schedule_preview",
    )
    next_dates_text = fields.Text(
        string="Next 12 Dates",
        compute="_compute_schedule_preview",
    )

    # === DEFAULTS === #

    def _default_tz(self):
        return self.env.company.partner_id.tz or self.env.user.tz or "UTC"

    def _default_date_start(self):
        return fields.Date.context_today(self) + relativedelta(months=1, day=1)

    # === COMPUTE METHODS === #

    @api.depends("interval", "interval_unit")
    def _compute_cycle(self):
        by_step = {step: cycle for cycle, step in CYCLES.items()}
        for record in self:
            if record.cycle != "custom":
                step = (record.interval, record.interval_unit)
                record.cycle = by_step.get(step, "custom")

    @api.onchange("cycle")
    def _inverse_cycle(self):
        for record in self:
            if record.cycle in CYCLES:
                record.interval, record.interval_unit = CYCLES[record.cycle]

    @api.depends_context("lang")
    @api.depends(lambda self: self._get_schedule_field_names())
    def _compute_schedule_preview(self):
        for record in self:
            error = record._get_schedule_error()
            if error:
                record.schedule_text = error
                record.next_dates_text = False
                continue
            record.schedule_text = record._describe_schedule()
            record.next_dates_text = "\n".join(
                format_date(record.env, day, date_format="EEE d MMM y")
                for day in record.preview_dates()
            )

    # === CONSTRAINTS === #

    @api.constrains(lambda self: self._get_schedule_field_names())
    def _check_schedule(self):
        for record in self:
            if error := record._get_schedule_error():
                raise ValidationError(
                    self.env._(
                        "%(task)s: %(problem)s",
                        task=record.display_name,
                        problem=error,
                    )
                )

    @api.model
    def _get_schedule_field_names(self):
        """Fields on which the dates depend."""
        return [
            "tz",
            "date_start",
            "date_end",
            "max_documents",
            "interval",
            "interval_unit",
            "day_rule",
            "month_day",
            "business_day_shift",
        ]

    def _get_schedule_error(self):
        """What is wrong with the schedule and how to mend it, or an empty string."""
        self.ensure_one()
        monthly = self.interval_unit in ("month", "year")
        problems = {
            self.env._("Enter the first date."): not self.date_start,
            self.env._("The last date is before the first date. Move one of them."): (
                self.date_start and self.date_end and self.date_end < self.date_start
            ),
            self.env._(
                "Every how many? Enter a number from 1 to %(max)s.", max=MAX_INTERVAL
            ): not 1 <= self.interval <= MAX_INTERVAL,
            self.env._("Choose days, weeks, months or years."): not self.interval_unit,
            self.env._(
                "The day of the month must be from 1 to 31. For the end of the month "
                "choose “Last day of the month”."
            ): self.day_rule == "month_day" and not 1 <= self.month_day <= 31,
            self.env._(
                "A day of the month needs a cycle of months or years. Choose “Same "
                "day as the first date” or another cycle."
            ): self.day_rule != "start" and not monthly,
            self.env._(
                "The number of documents cannot be negative. Enter 0 for no limit."
            ): self.max_documents < 0,
        }
        return next((text for text, is_wrong in problems.items() if is_wrong), "")

    # === DATES === #

    def _get_schedule(self, start=None):
        """The pure schedule of this record.

        :param date start: another first date, e.g. a customer's own
        """
        self.ensure_one()
        return Schedule(
            start=start or self.date_start,
            interval=self.interval,
            unit=self.interval_unit,
            day_rule=self.day_rule,
            month_day=self.month_day,
            end=self.date_end or None,
        )

    def _get_today(self, now=None):
        """The date of today where the record lives, never the server's.

        :param datetime now: naive UTC instant; default: now
        """
        now = pytz.utc.localize(now or get_now(self.env))
        return now.astimezone(self._get_zone() or pytz.utc).date()

    def _get_zone(self):
        """The time zone, ``None`` if the server does not know it (any more).

        Zones come and go with the server's data; one unknown must not stop the work
        for all. The ready check tells it, and nothing is issued there.
        """
        self.ensure_one()
        try:
            return pytz.timezone(self.tz or "UTC")
        except pytz.UnknownTimeZoneError:
            return None

    def _get_issue_date(self, day):
        """``day``, moved to a working day if the record says so."""
        return self._get_issue_dates([day])[day]

    def _get_issue_dates(self, days):
        """Each day and the day on which its document is issued.

        :param days: dates; the calendar is read once for all of them
        :rtype: dict[date, date]
        """
        lead = self._get_lead()
        working_days = self._get_working_days(days)
        return {day: moved - lead for day, moved in working_days.items()}

    def _get_lead(self):
        """TO OVERRIDE: how long before its day a document is issued.

        :rtype: timedelta
        """
        return timedelta()

    def _get_working_days(self, days):
        """Each day and the working day to which it is moved.

        :param days: dates; the calendar is read once for all of them
        :rtype: dict[date, date]
        """
        self.ensure_one()
        rule = self.business_day_shift
        if rule == "none" or not days:
            return {day: day for day in days}
        days_off = self._get_days_off(min(days), max(days))
        return {
            day: shift_to_working_day(day, rule, lambda date_: date_ not in days_off)
            for day in days
        }

    def _get_days_off(self, first, last):
        """Days off of the company's working hours from ``first`` to ``last``.

        Reads two months more on both sides, for the shift. One query per calendar,
        however long the range.

        :rtype: set[date]
        """
        calendar = self._get_schedule_company().resource_calendar_id
        if not calendar:
            return set()
        margin = timedelta(days=62)
        tz = pytz.timezone(calendar.tz or "UTC")
        begin = tz.localize(datetime.combine(first - margin, datetime.min.time()))
        end = tz.localize(datetime.combine(last + margin, datetime.max.time()))
        unusual = calendar.sudo()._get_unusual_days(begin, end, calendar.company_id)
        return {date.fromisoformat(day) for day, is_off in unusual.items() if is_off}

    def _get_schedule_company(self):
        """TO OVERRIDE: the company whose working hours count."""
        return self.env.company

    def _get_preview_start(self):
        """TO OVERRIDE: first day from which coming dates are shown."""
        return self.date_start

    def preview_dates(self, limit=12):
        """The coming days of the documents, also of a record that is not saved yet.

        :param int limit: at most so many; ``max_documents`` may make it fewer
        :rtype: list[date]
        """
        self.ensure_one()
        if self._get_schedule_error():
            return []
        left = self._get_preview_left()
        count = limit if left is None else min(limit, left)
        periods = self._get_schedule().periods(self._get_preview_start())
        days = [period.start for period in itertools.islice(periods, count)]
        return list(self._get_working_days(days).values())

    def _get_preview_left(self):
        """TO OVERRIDE: how many documents are left, ``None`` for no limit."""
        return self.max_documents or None

    # === WORDS === #

    def _describe_schedule(self):
        """The schedule as one sentence in the user's language."""
        self.ensure_one()
        parts = [self._describe_cycle(), self._describe_day()]
        dates = self.preview_dates(limit=1)
        if dates:
            first = format_date(self.env, dates[0], date_format="d MMMM y")
            parts.append(self.env._("starting %(date)s", date=first))
        else:
            parts.append(self.env._("no date is left"))
        if self.date_end:
            last = format_date(self.env, self.date_end, date_format="d MMMM y")
            parts.append(self.env._("until %(date)s", date=last))
        if self.max_documents:
            parts.append(self.env._("%(count)s documents", count=self.max_documents))
        return ", ".join(part for part in parts if part)

    def _describe_cycle(self):
        if self.interval == 1:
            return {
                "day": self.env._("Every day"),
                "week": self.env._("Every week"),
                "month": self.env._("Every month"),
                "year": self.env._("Every year"),
            }[self.interval_unit]
        texts = {
            "day": self.env._("Every %(count)s days", count=self.interval),
            "week": self.env._("Every %(count)s weeks", count=self.interval),
            "month": self.env._("Every %(count)s months", count=self.interval),
            "year": self.env._("Every %(count)s years", count=self.interval),
        }
        return texts[self.interval_unit]

    def _describe_day(self):
        if self.day_rule == "month_end":
            return self.env._("on the last day of the month")
        if self.day_rule == "month_day":
            return self.env._("on day %(day)s", day=self.month_day)
        return ""

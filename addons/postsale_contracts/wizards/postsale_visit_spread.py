from collections import Counter
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..visit_spread import Trip, get_days, spread

#: Longest time over which visits are spread.
MOST_WEEKS = 104


class PostsaleVisitSpread(models.TransientModel):
    """Own first dates for the customers of a task, so that not all are visited at once.

    Days off of the company, days that suit the customers and visits that the
    technicians have already are respected. Whoever was visited keeps his dates.
    """

    _name = "postsale.visit.spread"
    _description = "Spread the Visits"

    task_id = fields.Many2one(
        "recurring.task", string="Recurring Task", required=True, readonly=True
    )
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
    )
    weeks = fields.Integer(string="Over How Many Weeks", default=4, required=True)
    per_day = fields.Integer(
        string="Visits a Day at Most",
        help="Of one technician. 0: no limit. Several visits to one address fall on "
        "one day, however many they are.",
    )
    line_ids = fields.One2many(
        "postsale.visit.spread.line",
        "spread_id",
        string="Proposal",
        compute="_compute_line_ids",
        store=True,
    )
    kept_count = fields.Integer(string="Keep Their Dates", compute="_compute_figures")
    missing_count = fields.Integer(string="No Room", compute="_compute_figures")

    @api.depends("task_id")
    def _compute_date_from(self):
        for wizard in self.filtered("task_id"):
            tomorrow = wizard.task_id._get_today() + timedelta(days=1)
            wizard.date_from = max(wizard.task_id.date_start, tomorrow)

    @api.depends("task_id", "date_from", "weeks", "per_day")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create(self._prepare_line(recipient, day))
                for recipient, day in wizard._get_proposal().items()
            ]

    @api.depends("line_ids.day", "task_id")
    def _compute_figures(self):
        for wizard in self:
            lines = wizard.line_ids
            wizard.missing_count = len(lines.filtered(lambda line: not line.day))
            wizard.kept_count = len(wizard.task_id.recipient_ids) - len(lines)

    # === PROPOSAL === #

    def _get_proposal(self):
        """A day for each customer who was not visited yet; False where none is left.

        :rtype: dict[recurring.task.recipient, date | bool]
        """
        self.ensure_one()
        task = self.task_id._origin
        if not task or not self.date_from or not 1 <= self.weeks <= MOST_WEEKS:
            return {}
        recipients = task.recipient_ids - task.recipient_ids._get_used()
        trips = recipients.grouped(self._get_trip_key)
        last = self.date_from + timedelta(weeks=self.weeks)
        days_off = task._get_days_off(self.date_from, last)
        found = spread(
            [self._get_trip(key, members) for key, members in trips.items()],
            get_days(self.date_from, self.weeks, days_off),
            max(self.per_day, 0),
            self._get_taken(recipients, last),
        )
        return {
            recipient: found[self._get_trip_key(recipient)] or False
            for recipient in recipients
        }

    @api.model
    def _get_trip_key(self, recipient):
        """Visits that are made on one day: the address, and who goes there."""
        return recipient.visit_address_used_id, self._get_technician(recipient)

    @api.model
    def _get_trip(self, key, recipients):
        weekdays = recipients[0].partner_id._get_visit_weekdays()
        return Trip(key, key[1], weekdays, len(recipients))

    @api.model
    def _get_technician(self, recipient):
        """Whose days are filled: a technician's, else those of a role."""
        return recipient.technician_used_ids[:1] or recipient.role_used_id

    def _get_taken(self, recipients, last):
        """Other visits of the technicians until ``last``: created and planned ones."""
        planner = self.env["postsale.visit.planner"].sudo()
        taken = Counter(
            (self._get_technician(visit.recipient), visit.day)
            for visit in planner._get_planned(self.task_id.company_id, last)
            if visit.recipient not in recipients
        )
        groups = (
            self.env["project.task"]
            .sudo()
            ._read_group(
                [
                    ("is_work_order", "=", True),
                    ("is_closed", "=", False),
                    ("visit_date", ">=", self.date_from),
                    ("visit_date", "<=", last),
                ],
                ["user_ids", "visit_date:day"],
                ["__count"],
            )
        )
        for user, day, count in groups:
            taken[user, day] += count
        return taken

    @api.model
    def _prepare_line(self, recipient, day):
        return {
            "recipient_id": recipient.id,
            "user_id": recipient.technician_used_ids[:1].id,
            "day_before": recipient.date_next or recipient._get_start(),
            "day": day,
        }

    # === APPLY === #

    def action_apply(self):
        """Give the customers the proposed days as their own first dates.

        :raises UserError: when there is nobody to spread, or no room for all of them
        """
        self.ensure_one()
        self.task_id._check_billing_rights()
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "There is nothing to spread: enter 1 to %(most)s weeks. Customers "
                    "who were visited already keep their dates.",
                    most=MOST_WEEKS,
                )
            )
        if self.missing_count:
            raise UserError(
                self.env._(
                    "There is no room for %(missing)s of %(count)s customers. Choose "
                    "more weeks, or more visits a day.",
                    missing=self.missing_count,
                    count=len(self.line_ids),
                )
            )
        for day, lines in self.line_ids.grouped("day").items():
            lines.recipient_id.write({"date_start": day})
        return {"type": "ir.actions.act_window_close"}

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, split_every

from ..rehearsal import get_now
from .recurring_planner import ISSUED

#: Earlier documents that a task's total is compared with: a yearly one is among them.
COMPARED_DAYS = 400
#: Customers whose coming documents are worked out at once; memory stays flat.
MEASURED_AT_ONCE = 1000


def exceeds(planned: float, usual: float, percent: int) -> bool:
    """Whether a total has grown by more than ``percent``; nothing to compare, no.

    Sums of floats: a millionth more is not more.
    """
    limit = usual * (100 + percent) / 100
    return usual > 0 and planned > limit * (1 + 1e-6)


class RecurringRunaway(models.AbstractModel):
    """Parks what somebody set up by mistake, and lets it go on a person's click.

    Three rules: a task's total that has grown too much, a customer who would get too
    many documents on a day, and too many missed dates (in the planner). What is
    parked stands in the ledger as ``held``; once released, no rule stops it again.
    """

    _name = "recurring.runaway"
    _inherit = "recurring.batch.mixin"
    _description = "Stop of runaway recurring tasks"

    # === GROWTH OF A TASK === #

    @api.model
    def _get_parked(self, recipients):
        """Customers of a task to whom nothing may be issued by itself, and why.

        All who are due, or none. "Run now" is a person's wish and goes on.

        :param recipients: due ones of one task
        :rtype: tuple[recurring.task.recipient, str]
        """
        due = recipients.filtered(lambda r: not r.requested_run_id)
        company = recipients.company_id
        planned, usual = self._get_totals(due)
        percent = company._get_growth_limit()
        if not exceeds(planned, usual, percent):
            return due.browse(), ""
        env = self.env["recurring.engine"]._with_task_company(due.task_id).env
        currency = company.currency_id
        return due, env._(
            "Without taxes, what is due comes to %(planned)s. The largest documents so "
            "far of the same customers come to %(usual)s; the settings stop a growth "
            "of more than %(percent)s %%. Check prices and quantities, then release or "
            "skip them.",
            planned=format_amount(env, planned, currency),
            usual=format_amount(env, usual, currency),
            percent=percent,
        )

    @api.model
    def _get_totals(self, recipients):
        """What is due for these customers of a task, and what would be usual.

        Each document is set against the largest one of the same customer. So a new
        customer, a caught-up date or a run that was cut short changes nothing.

        :return: two untaxed totals in the currency of the company
        :rtype: tuple[float, float]
        """
        totals = []
        for ids in split_every(MEASURED_AT_ONCE, recipients.ids):
            self._work_or_halve(
                lambda members: totals.append(self._measure(members)),
                recipients.browse(ids),
                # what is wrong with him will show when his document is made
                lambda _member, _error: None,
            )
        return sum(pair[0] for pair in totals), sum(pair[1] for pair in totals)

    @api.model
    def _measure(self, recipients):
        engine = self.env["recurring.engine"]._with_task_company(recipients.task_id)
        usual = self._get_usual_amounts(recipients.with_env(engine.env))
        if not usual:
            return 0.0, 0.0
        planner = engine.env["recurring.planner"]
        known = recipients.with_env(engine.env).filtered(lambda r: r in usual)
        slots, _skip, _held = planner._choose(planner._get_due_slots(known))
        slots = [slot for slot in slots if not slot.is_released]
        planned = sum(self.with_env(engine.env)._get_amounts(slots))
        return planned, sum(usual[slot.recipient] for slot in slots)

    @api.model
    def _get_usual_amounts(self, recipients):
        """The largest document of each customer in the last 400 days."""
        company, today = recipients.company_id, recipients.task_id._get_today()
        groups = self.env["recurring.occurrence"]._read_group(
            [
                ("recipient_id", "in", recipients.ids),
                ("state", "in", ISSUED),
                ("document_date", ">=", today - timedelta(days=COMPARED_DAYS)),
            ],
            ["recipient_id", "currency_id"],
            ["amount_untaxed:max"],
        )
        amounts = defaultdict(float)
        for recipient, currency, largest in groups:
            amount = currency._convert(largest, company.currency_id, company, today)
            amounts[recipient] = max(amounts[recipient], amount)
        return {recipient: amount for recipient, amount in amounts.items() if amount}

    @api.model
    def _get_amounts(self, slots):
        """Untaxed amounts in the company's currency; each price worked out once."""
        for amounts in self.env["recurring.pricing"]._get_untaxed_amounts(slots):
            yield sum(amounts.values())

    # === DOCUMENTS OF A DAY === #

    @api.model
    def _sort_out(self, slots, hold_reason=""):
        """Slots to issue, and slots that wait for a person by reason.

        :param str hold_reason: why everything waits
        :rtype: tuple[list, dict[str, list]]
        """
        issue, parked = [], defaultdict(list)
        crowded = {} if hold_reason else self._get_crowded(slots)
        for slot in slots:
            if slot.is_released:
                issue.append(slot)
            elif reason := hold_reason or crowded.get(slot.recipient.partner_id):
                parked[reason].append(slot)
            else:
                issue.append(slot)
        return issue, parked

    @api.model
    def _get_crowded(self, slots):
        """Customers who would get too many documents today: ``{partner: reason}``.

        :param list slots: of one company
        """
        own = Counter(slot.recipient.partner_id for slot in slots)
        recipients = self.env["recurring.task.recipient"].union(
            *(slot.recipient for slot in slots)
        )
        others = self._count_others(recipients)
        limit = recipients.company_id._get_daily_limit() if slots else 0
        totals = {
            partner: count + others[partner]
            for partner, count in own.items()
            if count + others[partner] > limit
        }
        busiest = self._get_busiest_days(recipients, list(totals))
        return {
            partner: self._get_crowded_reason(total, limit)
            for partner, total in totals.items()
            if total > busiest.get(partner, 0)
        }

    @api.model
    def _get_busiest_days(self, recipients, partners):
        """The most documents that these customers got on one earlier day.

        What a person let go once is usual from then on: a customer with fifty lines
        is not stopped every month.
        """
        if not partners:
            return {}
        today = min(task._get_today() for task in recipients.task_id)
        days = self.env["recurring.occurrence"]._read_group(
            [
                ("company_id", "=", recipients.company_id.id),
                ("partner_id", "in", [partner.id for partner in partners]),
                ("state", "in", ISSUED),
                ("document_date", "<", today),
                ("document_date", ">=", today - timedelta(days=COMPARED_DAYS)),
            ],
            ["partner_id", "document_date:day"],
            ["__count"],
        )
        busiest = Counter()
        for partner, _day, count in days:
            busiest[partner] = max(busiest[partner], count)
        return busiest

    @api.model
    def _check_day(self, slots):
        """ "Run now" may go on if anybody gets a document; the others are parked.

        :raises UserError: when every customer has too many documents today
        """
        by_company = defaultdict(list)
        for slot in slots:
            by_company[slot.recipient.company_id].append(slot)
        reasons = []
        for own in by_company.values():
            issue, parked = self._sort_out(own)
            if issue:
                return
            reasons += parked
        raise UserError("\n".join(reasons))

    @api.model
    def _get_crowded_reason(self, count, limit):
        return self.env._(
            "%(count)s documents for this customer on one day, over all tasks: the "
            "settings stop more than %(limit)s.",
            count=count,
            limit=limit,
        )

    @api.model
    def _count_others(self, recipients):
        """Documents that these customers got today or may get on other lines.

        What is due or parked on another line counts as one: of thirty copies of a
        task the first one is stopped, too.
        """
        lines = self.env["recurring.task.recipient"]
        counts = Counter()
        if not recipients:
            return counts
        here = [
            ("company_id", "=", recipients.company_id.id),
            ("partner_id", "in", recipients.partner_id.ids),
        ]
        since = min(self._get_midnight(task) for task in recipients.task_id)
        today = Domain(here) & Domain("attempt_date", ">=", since)
        is_other = Domain("recipient_id", "not in", recipients.ids)
        noted = self.env["recurring.occurrence"]._read_group(
            today
            & (Domain("state", "in", ISSUED) | Domain("state", "=", "held") & is_other),
            ["partner_id", "state"],
            ["__count", "recipient_id:count_distinct"],
        )
        for partner, state, documents, others in noted:
            counts[partner] += others if state == "held" else documents
        due = lines._read_group(
            Domain(here)
            & Domain("id", "not in", recipients.ids)
            & self.env["recurring.engine"]._get_due_domain(),
            ["partner_id"],
            ["__count"],
        )
        counts.update(dict(due))
        return counts

    @api.model
    def _get_midnight(self, task):
        """Start of today where the task lives, in UTC as Odoo stores it."""
        midnight = datetime.combine(task._get_today(), time.min)
        local = (task._get_zone() or pytz.utc).localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    # === RELEASE === #

    @api.model
    def _get_released_rows(self):
        """Rows that a person let go and the scheduled action is to issue."""
        return self.env["recurring.occurrence"].search(
            self._get_released_domain(), order="task_id, scheduled_date, id"
        )

    @api.model
    def _get_released_domain(self):
        return Domain("state", "=", "held") & Domain("release_run_id", "!=", False)

    @api.model
    def _run_released(self, ids):
        """Issue these rows, whatever has become of their tasks meanwhile.

        :return: number of rows dealt with. Those of customers whom another runner
            holds are left to it.
        """
        rows = self.env["recurring.occurrence"].browse(ids)
        with self._taken_again():
            claimed = rows.recipient_id.try_lock_for_update(allow_referencing=True)
            mine = rows.filtered_domain(
                self._get_released_domain() & Domain("recipient_id", "in", claimed.ids)
            )
            for own in mine.grouped(lambda r: (r.task_id, r.release_run_id)).values():
                self._work_or_halve(self._issue_rows, own, self._set_aside)
        return len(ids)

    @api.model
    def _issue_rows(self, rows):
        engine = self.env["recurring.engine"]
        engine._issue_claimed_rows(rows, rows.release_run_id)

    @api.model
    def _set_aside(self, row, error):
        text = self.env["recurring.engine"]._describe_error(error)
        row.write(
            {
                "state": "failed",
                "run_id": row.release_run_id.id,
                "error": text,
                "attempts": row.attempts + 1,
                "attempt_date": get_now(self.env),
            }
        )

from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.tools import split_every

#: Customers whose reminders are worked out in one transaction.
BATCH_SIZE = 50


class RecurringSimulatorEvents(models.AbstractModel):
    """What else would happen until then: payment reminders."""

    _name = "recurring.simulator.events"
    _description = "Other events of a simulation"

    @api.model
    def _get_other_events(self, simulation, rehearsal):
        """TO EXTEND: generator of lists of values of ``recurring.simulation.document``.

        :param Rehearsal rehearsal: its clock may be set; play on ``_stage(rehearsal)``
        """
        yield from self._get_reminders(simulation, rehearsal)

    @api.model
    def _get_moments(self, simulation, days):
        """The moments at which something is looked at: now, then noon of each day."""
        start = simulation.date_start
        noons = (datetime.combine(day, time(12)) for day in sorted(days))
        return [start, *(noon for noon in noons if noon > start)]

    # === REMINDERS === #

    @api.model
    def _get_reminders(self, simulation, rehearsal):
        """Reminders of what is open today, if nobody pays meanwhile."""
        company = simulation.company_id.sudo()
        if not company.reminder_from_date:
            return
        planner = self.env["payment.reminder.planner"].sudo()
        partners = planner._get_customers(company, simulation.date_until)
        if partners := simulation._filter_reminded(partners):
            for ids in split_every(BATCH_SIZE, partners.ids):
                yield self._play_reminders(simulation, rehearsal, ids)

    @api.model
    def _play_reminders(self, simulation, rehearsal, ids):
        """Day by day what the engine would write down, for these customers."""
        events = []
        with self._stage(rehearsal) as env:
            company = env["res.company"].browse(simulation.company_id.id)
            engine = env["payment.reminder.engine"]._with_company(company)
            partners = engine.env["res.partner"].browse(ids)
            planner = engine.env["payment.reminder.planner"]
            days = self._get_reminder_days(simulation, engine.env, partners)
            for moment in self._get_moments(simulation, days):
                rehearsal.now = moment
                day = company._get_reminder_day()
                items = planner._plan(company, day, partners).due
                self._note_reminders(engine, company, day, items)
                events += [
                    self._describe_reminder(item, day)
                    for item in items
                    if simulation._concerns(item.move)
                ]
        return events

    @api.model
    def _get_reminder_days(self, simulation, env, partners):
        """Days on which a level can be reached: each so many days after an invoice is
        due, or as many days after an earlier level as the ladder has between them."""
        company = simulation.company_id
        levels = env["payment.reminder.level"].search([("company_id", "=", company.id)])
        steps = set(levels.mapped("days_overdue"))
        planner = env["payment.reminder.planner"]
        lines = env["account.move.line"].search(
            planner._get_debt_domain(company, simulation.date_until)
            & planner._get_partner_domain(partners)
        )
        earlier = env["payment.reminder"].search([("move_id", "in", lines.move_id.ids)])
        today = simulation.date_start.date()
        used = {today, *earlier.mapped("date")}
        gaps = {later - sooner for later in steps for sooner in steps if later > sooner}
        days = {
            due + timedelta(days=n)
            for due in set(lines.mapped("date_maturity"))
            for n in steps
        }
        days |= {day + timedelta(days=n) for day in used for n in gaps}
        return {day for day in days if today <= day <= simulation.date_until}

    @api.model
    def _note_reminders(self, engine, company, day, items):
        """In the ledger, as if they had left: the next level waits for that."""
        no_letter = engine.env["payment.reminder.letter"]
        engine.env["payment.reminder"].create(
            [
                {
                    **engine._prepare_reminder(company, day, item, no_letter),
                    "state": "notified",
                }
                for item in items
            ]
        )

    @api.model
    def _describe_reminder(self, item, day):
        address = item.move.partner_id
        is_mailed = bool(item.level.mail_template_id)
        return {
            "kind": "reminder",
            "state": "issued",
            "date": day,
            "partner_id": item.partner.id,
            "currency_id": item.currency.id,
            "amount_total": item.residual,
            "message": self.env._(
                "%(level)s: %(invoice)s, due on %(date)s. If nobody pays.",
                level=item.level.name,
                invoice=item.move.name,
                date=item.due,
            ),
            "email_to": (address.email or item.partner.email) if is_mailed else False,
        }

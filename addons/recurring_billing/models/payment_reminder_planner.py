from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..reminder_rules import Step, next_turn, settle

#: States of payment in which nothing is asked for, although something may be open.
SETTLED_STATES = ("in_payment", "paid", "reversed", "invoicing_legacy")


@dataclass(frozen=True)
class Item:
    """One overdue invoice, read against the rules on one day.

    partner: the customer (commercial entity); due: the earliest day that has passed
    residual: what is overdue, in the currency of the invoice; instalments of the
    future are left out
    level: what comes next, empty for none; decision: see ``_get_decisions``
    is_reached: it has had a level, or has one today
    """

    move: Any
    partner: Any
    currency: Any
    due: date
    days: int
    residual: float
    no_followup: bool = False
    level: Any = None
    decision: str = ""
    reason: str = ""
    is_reached: bool = False

    @property
    def is_open(self):
        """Whether it is really owed."""
        return self.decision not in ("excluded", "covered")


@dataclass(frozen=True)
class Credit:
    """A credit note, payment or other credit that no invoice has used yet."""

    name: str
    day: date
    amount: float


@dataclass
class Plan:
    """Decisions about all overdue invoices of some customers of a company.

    credits: by customer and currency: pairs of :class:`Credit` and what is left of it
    for the invoices that are not wholly covered
    """

    items: list = field(default_factory=list)
    credits: dict = field(default_factory=dict)

    @property
    def due(self):
        """Invoices that reach a level today."""
        return [item for item in self.items if item.decision == "remind"]


class PaymentReminderPlanner(models.AbstractModel):
    """Who is reminded today, at which level, and why the others are not.

    Reads only. The dry list, the scheduled action and the check before a mail leaves
    all ask here, so they cannot disagree.
    """

    _name = "payment.reminder.planner"
    _description = "Planner of payment reminders"

    @api.model
    def _get_decisions(self):
        """Words for what is decided about an invoice."""
        return [
            ("remind", self.env._("Today")),
            ("wait", self.env._("Later")),
            ("covered", self.env._("Covered by credit")),
            ("done", self.env._("All levels used")),
            ("excluded", self.env._("Not reminded")),
        ]

    # === ENTRY POINTS === #

    @api.model
    def _get_customers(self, company, day):
        """Customers with invoices that might be reminded; the plan says which are."""
        domain = self._get_debt_domain(company, day) & Domain(
            "date_maturity", ">=", company.reminder_from_date
        )
        groups = (
            self.env["account.move.line"].sudo()._read_group(domain, ["partner_id"])
        )
        partners = self.env["res.partner"].union(*(partner for (partner,) in groups))
        return partners.commercial_partner_id.sorted("id")

    @api.model
    def _plan(self, company, day, partners=None):
        """Decide about every overdue invoice.

        :param date day: today where the company is
        :param partners: only of these customers (commercial entities); None: of all
        :rtype: Plan
        """
        planner = (
            self.sudo()
            .with_company(company)
            .with_context(allowed_company_ids=company.ids)
        )
        debts = planner._get_debts(company, day, partners)
        paying = planner._get_paid_online(debts)
        paying |= planner.env["payment.charge.planner"]._get_waiting(company, debts)
        reasons = [planner._get_exclusion(debt, company, paying) for debt in debts]
        plan = Plan(
            [
                replace(debt, decision="excluded", reason=reason)
                for debt, reason in zip(debts, reasons, strict=True)
                if reason
            ]
        )
        candidates = [
            debt for debt, reason in zip(debts, reasons, strict=True) if not reason
        ]
        candidates = planner._set_credit_against(plan, candidates, company)
        plan.items += planner._choose_levels(candidates, company, day)
        return plan

    # === DEBTS === #

    @api.model
    def _get_debt_domain(self, company, day):
        return (
            self._get_open_domain(company)
            & Domain("move_id.move_type", "in", ("out_invoice", "out_receipt"))
            & Domain("date_maturity", "<", day)
            & Domain("amount_residual_currency", ">", 0)
        )

    @api.model
    def _get_open_domain(self, company):
        return (
            Domain("company_id", "=", company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("account_type", "=", "asset_receivable")
            & Domain("reconciled", "=", False)
            & Domain("partner_id", "!=", False)
        )

    @api.model
    def _get_debts(self, company, day, partners):
        domain = self._get_debt_domain(company, day)
        if partners is not None:
            domain &= self._get_partner_domain(partners)
        lines = self.env["account.move.line"].search(domain, order="date_maturity, id")
        debts = {}
        for line in lines:
            known = debts.get(line.move_id)
            debts[line.move_id] = replace(
                known or self._prepare_item(line, day),
                residual=(known.residual if known else 0)
                + line.amount_residual_currency,
                no_followup=line.no_followup,  # the same on all lines of an invoice
            )
        return list(debts.values())

    @api.model
    def _prepare_item(self, line, day):
        """An invoice by the first of its overdue lines."""
        due = line.date_maturity
        return Item(
            line.move_id,
            line.partner_id.commercial_partner_id,
            line.currency_id,
            due,
            (day - due).days,
            0.0,
        )

    @api.model
    def _get_partner_domain(self, partners):
        return Domain("partner_id.commercial_partner_id", "in", partners.ids)

    @api.model
    def _get_exclusion(self, debt, company, paying):
        """Why an invoice is not reminded as things stand; empty if nothing speaks
        against it."""
        move = debt.move
        start = company.reminder_from_date
        if not start:
            return self.env._("Reminders are switched off.")
        if debt.due < start:
            return self.env._(
                "Due before %s, the day from which reminders are sent.",
                format_date(self.env, start),
            )
        if move.payment_state == "blocked":
            return self.env._("The invoice is blocked: it is disputed.")
        if move.payment_state in SETTLED_STATES or move in paying:
            return self.env._("A payment is under way.")
        if move.no_reminder:
            return self.env._("“No Reminder” is ticked on the invoice.")
        if debt.no_followup:
            return self.env._("“No Follow-Up” is ticked on the invoice.")
        if debt.partner.no_reminder or move.partner_id.no_reminder:
            return self.env._("“No Reminder” is ticked on the customer.")
        return ""

    @api.model
    def _get_paid_online(self, debts):
        """Invoices that somebody is paying online at this moment.

        A transaction becomes a payment some minutes after it is done. What a customer
        only announces, such as a bank transfer, may never come.
        """
        transactions = self.env["payment.transaction"].search(
            [
                ("invoice_ids", "in", [debt.move.id for debt in debts]),
                ("provider_code", "not in", ("none", "custom")),
                "|",
                ("state", "in", ("pending", "authorized")),
                "&",
                ("state", "=", "done"),
                ("is_post_processed", "=", False),
            ]
        )
        return transactions.invoice_ids

    # === CREDIT === #

    @api.model
    def _set_credit_against(self, plan, candidates, company):
        """Sort out what the customers' credit covers, the oldest invoices first.

        Only invoices that could be reminded count: a doubt is the customer's.

        :return: the candidates that are not wholly covered
        """
        groups = {}
        for debt in sorted(candidates, key=lambda debt: (debt.due, debt.move.id)):
            groups.setdefault((debt.partner, debt.currency), []).append(debt)
        available = self._get_credits(company, {partner for partner, _c in groups})
        remaining = []
        for key, debts in groups.items():
            currency = key[1]
            result = settle(
                [(debt, debt.residual) for debt in debts],
                [(credit, credit.amount) for credit in available.get(key, ())],
                currency.rounding,
            )
            plan.credits[key] = result.credits
            reason = self.env._("The customer has credit that covers it.")
            plan.items += [
                replace(debt, decision="covered", reason=reason)
                for debt in result.covered
            ]
            remaining += result.open
        return remaining

    @api.model
    def _get_credits(self, company, partners):
        """Unused credit by customer and currency, oldest first."""
        partners = self.env["res.partner"].union(*partners)
        found = {}
        lines = self.env["account.move.line"].search(
            self._get_open_domain(company)
            & self._get_partner_domain(partners)
            & Domain("amount_residual_currency", "<", 0),
            order="date, id",
        )
        for line in lines:
            key = line.partner_id.commercial_partner_id, line.currency_id
            found.setdefault(key, []).append(
                Credit(line.move_id.name, line.date, -line.amount_residual_currency)
            )
        for money in (
            *self._get_payments_on_account(company, partners),
            *self._get_money_in_bank(company, partners),
        ):
            key = money.partner_id.commercial_partner_id, money.currency_id
            found.setdefault(key, []).append(
                Credit(money.display_name, money.date, money.amount)
            )
        return found

    @api.model
    def _get_payments_on_account(self, company, partners):
        """Payments that have no journal items yet and belong to no invoice."""
        return self.env["account.payment"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "in_process"),
                ("move_id", "=", False),
                ("payment_type", "=", "inbound"),
                ("partner_type", "=", "customer"),
                ("invoice_ids", "=", False),
                ("partner_id.commercial_partner_id", "in", partners.ids),
            ],
            order="date, id",
        )

    @api.model
    def _get_money_in_bank(self, company, partners):
        """Money of these customers in bank statements that nobody has booked yet."""
        return self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", company.id),
                ("is_reconciled", "=", False),
                ("amount", ">", 0),
                ("partner_id.commercial_partner_id", "in", partners.ids),
            ],
            order="internal_index",
        )

    # === LEVELS === #

    @api.model
    def _choose_levels(self, debts, company, day):
        moves = self.env["account.move"].union(*(debt.move for debt in debts))
        Reminder = self.env["payment.reminder"]
        used = Reminder._get_used(moves)
        called_back = Reminder.search(
            [
                ("move_id", "in", moves.ids),
                ("state", "=", "void"),
                ("date", "=", day),
            ]
        ).move_id
        levels = self.env["payment.reminder.level"].search(
            [("company_id", "=", company.id)]
        )
        ladders = levels.grouped("ladder_id")
        return [
            self._choose_level(
                debt,
                self._get_levels(debt.partner, ladders),
                used.get(debt.move, Reminder),
                day,
                debt.move in called_back,
            )
            for debt in debts
        ]

    @api.model
    def _get_levels(self, partner, ladders):
        """Levels of the customer's own ladder, else of the company's."""
        ladder = partner.reminder_ladder_id
        own = ladders.get(ladder) if ladder.active else None
        standard = self.env["payment.reminder.ladder"]
        return own or ladders.get(standard, self.env["payment.reminder.level"])

    @api.model
    def _choose_level(self, debt, levels, used, day, is_called_back):
        """The decision about an invoice that is really owed."""
        if not levels:
            return replace(
                debt, decision="excluded", reason=self.env._("No reminder levels.")
            )
        debt = replace(debt, decision="wait", is_reached=bool(used))
        if waiting := used.filtered(lambda row: row.state == "queued"):
            reason = self.env._(
                "The reminder of %s has not left yet.",
                format_date(self.env, waiting[:1].date),
            )
            return replace(debt, level=waiting[:1].level_id, reason=reason)
        turn = next_turn(
            levels._get_steps(),
            debt.due,
            [(Step(row.level_id, row.level_id.days_overdue), row.date) for row in used],
        )
        if not turn:
            reason = self.env._(
                "All levels were used, the last one on %s.",
                format_date(self.env, used[-1:].date),
            )
            return replace(debt, decision="done", reason=reason)
        debt = replace(debt, level=turn.step.key)
        if turn.day > day:
            reason = self.env._("Its turn is on %s.", format_date(self.env, turn.day))
            return replace(debt, reason=reason)
        if is_called_back:
            reason = self.env._(
                "The reminder of today was called back; again tomorrow."
            )
            return replace(debt, reason=reason)
        reason = self.env._("%s days overdue.", debt.days)
        return replace(debt, decision="remind", reason=reason, is_reached=True)

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from odoo import api, models

from ..charge_rules import next_attempt


@dataclass(frozen=True)
class Due:
    """An invoice to charge today.

    amount: in the currency of the invoice, what is due by today and open
    objection: why it is not charged, empty if nothing speaks against it
    """

    move: Any
    consent: Any
    amount: float
    due: date
    objection: str = ""


class PaymentChargePlanner(models.AbstractModel):
    """What is charged today, and why something is not. Reads only."""

    _name = "payment.charge.planner"
    _description = "Planner of charges"

    @api.model
    def _find_due(self, company, moves=None):
        """What is to be charged today, the oldest first.

        Owed is what the reminders would ask for, a day earlier: both read the same
        planner.

        :param moves: only these invoices
        :rtype: list[Due]
        """
        day = company._get_reminder_day()
        consents = self.env["payment.charge.consent"]._get_current(
            company, None if moves is None else moves.commercial_partner_id
        )
        planner = self.env["payment.reminder.planner"].sudo()
        debts = planner._get_debts(
            company, day + timedelta(days=1), consents.partner_id
        )
        if moves is not None:
            debts = [debt for debt in debts if debt.move in moves]
        debts = self._skip_settled(company, planner, debts)
        tried = self._get_tried([debt.move.id for debt in debts])
        debts = [
            debt
            for debt in debts
            if self._is_its_turn(debt, day, tried.get(debt.move, ()))
        ]
        unused = planner._get_credits(company, {debt.partner for debt in debts})
        by_partner = consents.grouped("partner_id")
        return [
            Due(
                debt.move,
                by_partner[debt.partner],
                debt.residual,
                debt.due,
                self._get_objection(debt, by_partner[debt.partner], unused),
            )
            for debt in debts
        ]

    @api.model
    def _skip_settled(self, company, planner, debts):
        """Without what is disputed, being paid, or too old to be charged."""
        moves = self.env["account.move"].union(*(debt.move for debt in debts))
        busy = planner._get_paid_online(debts)
        busy |= self.env["payment.charge"]._get_unsettled(moves)
        return [
            debt
            for debt in debts
            if debt.due >= company.charge_from_date
            and debt.move.payment_state in ("not_paid", "partial")
            and debt.move not in busy
        ]

    @api.model
    def _get_tried(self, move_ids):
        """Rows of these invoices that count, oldest first, by invoice."""
        rows = (
            self.env["payment.charge"]
            .sudo()
            .search(
                [("move_id", "in", move_ids), ("state", "!=", "void")], order="date, id"
            )
        )
        return rows.grouped("move_id")

    @api.model
    def _is_its_turn(self, debt, day, rows):
        if any(row.date == day for row in rows):
            return False  # one a day, whatever became of it
        turn = next_attempt(debt.due, self._get_attempts(debt.due, rows))
        return bool(turn and turn <= day)

    @api.model
    def _get_attempts(self, due, rows):
        """The days on which a provider was asked for what was due that day."""
        return [row.date for row in rows if row.date_due == due and row.state == "sent"]

    @api.model
    def _get_objection(self, debt, consent, unused):
        """Why the card is not charged although it is its turn."""
        token = consent.token_id
        if unused.get((debt.partner, debt.currency)):
            return self.env._(
                "The customer has credit. Settle it with this invoice first."
            )
        if not token.active or token.provider_id.capture_manually:
            return self.env._("The card cannot be charged any more.")
        providers = token.provider_id._get_compatible_providers(
            consent.company_id.id,
            token.partner_id.id,
            debt.residual,
            currency_id=debt.currency.id,
        )
        if token.provider_id not in providers:
            return self.env._(
                "%s takes no such amount or currency, or is switched off.",
                token.provider_id.name,
            )
        return ""

    # === FOR THE REMINDERS === #

    @api.model
    def _get_waiting(self, company, debts):
        """Invoices whose card is still to be charged: nobody is reminded of them.

        Not for ever: where the turn has passed without an attempt, or the card cannot
        be charged, the reminders go on.

        :param debts: items of the reminders' plan
        """
        moves = self.env["account.move"].union(*(debt.move for debt in debts))
        if not company.charge_from_date or not moves:
            return moves.browse()
        day = company._get_reminder_day()
        consents = self.env["payment.charge.consent"]
        agreed = consents._get_current(company, moves.commercial_partner_id).partner_id
        tried = self._get_tried(moves.ids)
        waiting = self.env["payment.charge"]._get_unsettled(moves)
        for debt in debts:
            rows = tried.get(debt.move, self.env["payment.charge"])
            turn = next_attempt(debt.due, self._get_attempts(debt.due, rows))
            if (
                debt.partner in agreed
                and debt.due >= company.charge_from_date
                and rows[-1:].state != "held"
                and turn
                and turn >= day - timedelta(days=1)
            ):
                waiting |= debt.move
        return waiting

import logging
from datetime import timedelta

from odoo import Command, api, models
from odoo.fields import Datetime
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..charge_rules import next_attempt
from ..failpoint import failpoint

_logger = logging.getLogger(__name__)

#: A claim that is older has no process behind it any more.
INTERRUPTED = timedelta(hours=1)


class PaymentChargeEngine(models.AbstractModel):
    """find → claim and commit → look again, ask the provider, commit → book.

    One invoice at a time: the provider is asked outside of anything that could be
    undone, and nobody asks twice for what may have been charged.
    """

    _name = "payment.charge.engine"
    _description = "Engine of charges"

    @api.model
    def _cron_charge(self):
        """Scheduled action: charge in every company that has switched it on."""
        if self.env["recurring.copy.guard"]._is_held():
            return
        self.env["payment.charge"]._check_guards()
        self._tell_interrupted()
        companies = self.env["res.company"].search(
            [("charge_from_date", "!=", False)], order="id"
        )
        for company in companies:
            engine = self.with_company(company).with_context(
                allowed_company_ids=company.ids, tz=company.partner_id.tz or "UTC"
            )
            if not engine._charge_company(company):
                return  # the slice is used up: the scheduled action calls again

    @api.model
    def _charge_company(self, company):
        """:return: whether there was time for all invoices"""
        cron = self.env["ir.cron"]
        planner = self.env["payment.charge.planner"]
        moves = [item.move.id for item in planner._find_due(company)]
        cron._commit_progress(remaining=len(moves))
        for move_id in moves:
            self._charge_alone(company, self.env["account.move"].browse(move_id))
            if not cron._commit_progress(1):
                return False
        return True

    # === ONE INVOICE === #

    @api.model
    def _charge_alone(self, company, move):
        """One customer's error never leaves this method."""
        try:
            charge = self._claim(company, move)
            # It stands before the provider is asked: from here on nobody else asks.
            self.env["ir.cron"]._commit_progress()
            failpoint("charge-claimed")
            if charge:
                self._ask_provider(charge)
                failpoint("charge-asked")
                self.env["ir.cron"]._commit_progress()
                self._book(charge)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # what was claimed is told an hour later
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Charging %s failed", move.display_name)
            self._set_aside(move, str(error))

    @api.model
    def _set_aside(self, move, reason):
        claimed = self.env["payment.charge"].search(
            [("move_id", "=", move.id), ("state", "=", "claimed")]
        )
        if claimed:
            self._set_unknown(claimed, reason)
        else:
            self._tell(move, self.env._("Card not charged"), reason)

    @api.model
    def _claim(self, company, move):
        """Write down, in a transaction of its own, that the card will be charged.

        :return: the row of the ledger; none when somebody else works on the invoice,
            or nothing is due any more
        """
        charge = self.env["payment.charge"]
        move = move.try_lock_for_update()
        planner = self.env["payment.charge.planner"]
        for item in planner._find_due(company, move) if move else ():
            if item.objection:
                self._hold(company, item)
            else:
                charge = charge.create(
                    {
                        **self._prepare_charge(company, item),
                        "state": "claimed",
                        "transaction_id": self._create_transaction(item).id,
                    }
                )
        return charge

    @api.model
    def _hold(self, company, item):
        """Told once, until something else stands in the way."""
        Charge = self.env["payment.charge"]
        last = Charge.search([("move_id", "=", item.move.id)], limit=1)
        if last.state == "held" and last.reason == item.objection:
            return
        Charge.create(
            {
                **self._prepare_charge(company, item),
                "state": "held",
                "reason": item.objection,
            }
        )
        self._tell(item.move, self.env._("Card not charged"), item.objection)

    @api.model
    def _prepare_charge(self, company, item):
        return {
            "move_id": item.move.id,
            "partner_id": item.consent.partner_id.id,
            "company_id": company.id,
            "consent_id": item.consent.id,
            "date": company._get_reminder_day(),
            "date_due": item.due,
            "amount": item.amount,
            "currency_id": item.move.currency_id.id,
        }

    @api.model
    def _create_transaction(self, item):
        token = item.consent.token_id
        Transaction = self.env["payment.transaction"].sudo()
        invoices = [Command.set(item.move.ids)]
        return Transaction.create(
            {
                "provider_id": token.provider_id.id,
                "payment_method_id": token.payment_method_id.id,
                "token_id": token.id,
                "reference": Transaction._compute_reference(
                    token.provider_id.code, invoice_ids=invoices
                ),
                "amount": item.amount,
                "currency_id": item.move.currency_id.id,
                "partner_id": token.partner_id.id,
                "operation": "offline",
                "invoice_ids": invoices,
            }
        )

    @api.model
    def _ask_provider(self, charge):
        """Look again, then charge: a few milliseconds after the claim."""
        self.env.invalidate_all()  # what was read before the commit may be old
        move = charge.move_id.try_lock_for_update()
        transaction = charge.transaction_id
        if not move or not self._is_still_owed(charge):
            charge._update_state("void", self.env._("It was paid in the meantime."))
            transaction._set_canceled(charge.reason)
            return
        transaction._charge_with_token()
        if transaction.state == "draft":
            self._set_unknown(charge, self.env._("The provider gave no answer."))
        else:
            charge._update_state("sent", transaction.state_message)

    @api.model
    def _book(self, charge):
        """What the provider said is committed; an error here loses nothing."""
        transaction = charge.transaction_id
        if charge.state == "sent" and transaction.state in ("error", "cancel"):
            self._tell_refused(charge)
        if transaction.state != "done":
            return
        try:
            transaction._post_process()
            self.env.flush_all()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("%s: core tries again to book it", transaction.reference)

    @api.model
    def _is_still_owed(self, charge):
        move = charge.move_id
        return (
            not charge.consent_id.date_revoked
            and move.state == "posted"
            and move.payment_state in ("not_paid", "partial")
            and move.currency_id.compare_amounts(move.amount_residual, charge.amount)
            >= 0
        )

    # === TELL === #

    @api.model
    def _tell_interrupted(self):
        """Claims whose process is gone: nobody knows whether the card was charged."""
        left = self.env["payment.charge"].search(
            [
                ("state", "=", "claimed"),
                ("create_date", "<", Datetime.now() - INTERRUPTED),
            ]
        )
        self._set_unknown(left, self.env._("The server stopped in the middle of it."))

    @api.model
    def _set_unknown(self, charges, reason):
        for charge in charges._update_state("unknown", reason):
            self._tell(
                charge.move_id,
                self.env._("Was the card charged?"),
                self.env._(
                    "%(invoice)s: %(reason)s Look at the provider, then say so in "
                    "Recurring Billing → Payments → Charged Cards. Until then the card "
                    "is not charged again.",
                    invoice=charge.move_id.name,
                    reason=reason,
                ),
            )

    @api.model
    def _tell_refused(self, charge):
        """After the last attempt; the reminders go on from there."""
        planner = self.env["payment.charge.planner"]
        rows = planner._get_tried(charge.move_id.ids)[charge.move_id]
        tried = planner._get_attempts(charge.date_due, rows)
        if next_attempt(charge.date_due, tried) is None:
            self._tell(
                charge.move_id,
                self.env._("Card refused"),
                self.env._(
                    "%(invoice)s: refused %(count)s times, at last: %(reason)s",
                    invoice=charge.move_id.name,
                    count=len(tried),
                    reason=charge.reason or "",
                ),
            )

    @api.model
    def _tell(self, move, summary, text):
        call = self.env["payment.reminder.call"]
        user = call._get_responsible(move.company_id, move.commercial_partner_id, move)
        call._tell(move.commercial_partner_id, user, summary, text)

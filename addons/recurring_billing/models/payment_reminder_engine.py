import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Datetime
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every
from odoo.tools.mail import email_normalize_all

from ..local_hour import next_local_hour

_logger = logging.getLogger(__name__)

#: Customers that are claimed and reminded between two commits.
BATCH_SIZE = 50
#: Customers whose invoices are read at once to find those who are due.
SEARCH_SIZE = 500
#: Hour of the company's day from which mails leave unless the company says otherwise.
DEFAULT_HOUR = 8.0


class PaymentReminderEngine(models.AbstractModel):
    """plan → claim → write down → send, customer by customer.

    Whatever is committed stands in the ledger, which takes an invoice and level only
    once; so the action may be called at any time, as often as one likes.
    """

    _name = "payment.reminder.engine"
    _inherit = "recurring.batch.mixin"
    _description = "Engine of payment reminders"

    # === ENTRY POINTS === #

    @api.model
    def _cron_remind(self):
        """Scheduled action: remind in every company that has switched it on.

        One customer's error never leaves this method.
        """
        if self.env["recurring.copy.guard"]._is_held():
            return
        self.env["payment.reminder"]._check_guards()
        companies = self.env["res.company"].search(
            [("reminder_from_date", "!=", False)], order="id"
        )
        if companies:
            self.env["recurring.copy.guard"]._settle_first()
        for company in companies:
            if not self._with_company(company)._remind_company(company):
                return  # the slice is used up: the scheduled action calls again

    @api.model
    def _remind_company(self, company):
        """:return: whether there was time for all customers"""
        cron = self.env["ir.cron"]
        ids = self._find_due(company)
        # commits, so that the claims below see a fresh snapshot
        cron._commit_progress(remaining=len(ids))
        for batch in split_every(BATCH_SIZE, ids):
            self._run_batch(company, batch)
            if not cron._commit_progress(len(batch)):
                return False
        return True

    @api.model
    def _remind_now(self, company, partners):
        """The same for chosen customers, because a person asked for it.

        :param partners: customers (commercial entities)
        :return: those who were reminded
        """
        self.env["recurring.copy.guard"]._check_not_held()
        self.env["payment.reminder"]._check_guards()
        engine = self._with_company(company)
        partners = engine.env["res.partner"].browse(partners.ids)
        partners.lock_for_update(allow_referencing=True)
        return engine._process_or_halve(company, partners)

    # === CLAIM === #

    @api.model
    def _find_due(self, company):
        """Ids of customers with a level to reach today."""
        planner = self.env["payment.reminder.planner"]
        day = company._get_reminder_day()
        found = []
        for ids in split_every(SEARCH_SIZE, planner._get_customers(company, day).ids):
            plan = planner._plan(company, day, self.env["res.partner"].browse(ids))
            found += {item.partner.id for item in plan.due}
            self.env.invalidate_all(flush=False)  # memory stays flat
        return sorted(found)

    @api.model
    def _run_batch(self, company, ids):
        """Remind these customers; those that somebody else holds have their turn later.

        A stale snapshot is nobody's fault: the batch is undone, an hour later is soon
        enough.
        """
        try:
            mine = (
                self.env["res.partner"]
                .browse(ids)
                .try_lock_for_update(allow_referencing=True)
            )
            self._process_or_halve(company, mine)
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()

    # === REMIND === #

    @api.model
    def _process_or_halve(self, company, partners):
        """:return: the customers who were reminded"""
        reminded = []
        self._work_or_halve(
            lambda members: reminded.append(self._process(company, members)),
            partners,
            lambda member, error: self._set_aside(company, member, error),
        )
        return self.env["res.partner"].union(*reminded)

    @api.model
    def _process(self, company, partners):
        """Write down who is reminded of what; the mails are made later.

        :param partners: claimed customers
        """
        day = company._get_reminder_day()
        plan = self.env["payment.reminder.planner"]._plan(company, day, partners)
        by_partner = {}
        for item in plan.due:
            by_partner.setdefault(item.partner, []).append(item)
        letters = self._create_letters(company, day, by_partner)
        self.env["payment.reminder"].create(
            [
                self._prepare_reminder(company, day, item, letters.get(item.partner))
                for item in plan.due
            ]
        )
        self._queue_letters(company, letters)
        calls = {
            partner: [item for item in items if item.level.notify_user]
            for partner, items in by_partner.items()
        }
        self.env["payment.reminder.call"]._schedule(company, calls)
        return self.env["res.partner"].union(*by_partner)

    @api.model
    def _prepare_reminder(self, company, day, item, letter):
        has_mail = bool(item.level.mail_template_id)
        return {
            "move_id": item.move.id,
            "level_id": item.level.id,
            "date": day,
            "state": "queued" if has_mail else "notified",
            "partner_id": item.partner.id,
            "company_id": company.id,
            "letter_id": letter.id if has_mail else False,
            "date_due": item.due,
            "amount_residual": item.residual,
            "currency_id": item.currency.id,
        }

    @api.model
    def _create_letters(self, company, day, by_partner):
        """One letter for each customer with a level that sends an e-mail."""
        mailed = {
            partner: [item for item in items if item.level.mail_template_id]
            for partner, items in by_partner.items()
        }
        mailed = {partner: items for partner, items in mailed.items() if items}
        letters = self.env["payment.reminder.letter"].create(
            [
                self._prepare_letter(company, day, partner, items)
                for partner, items in mailed.items()
            ]
        )
        return dict(zip(mailed, letters, strict=True))

    @api.model
    def _prepare_letter(self, company, day, partner, items):
        highest = max(items, key=lambda item: item.level.days_overdue)
        return {
            "date": day,
            "company_id": company.id,
            "partner_id": partner.id,
            "addressee_id": self._get_addressee(partner, items).id,
            "level_id": highest.level.id,
        }

    @api.model
    def _get_addressee(self, partner, items):
        """Whom the invoices were made out to, else the customer's invoice address.

        Without an e-mail address there: the customer himself.
        """
        address = self.env["res.partner"].union(
            *(item.move.partner_id for item in items)
        )
        if len(address) > 1:
            address = partner.browse(partner.address_get(["invoice"])["invoice"])
        return address if email_normalize_all(address.email or "") else partner

    @api.model
    def _queue_letters(self, company, letters):
        """The mails wait for the company's usual hour; then the accounts are asked
        again."""
        hour = company.recurring_send_hour or DEFAULT_HOUR
        now, tz = Datetime.now(), company.partner_id.tz or "UTC"
        # before that hour: today's; after it, tomorrow's is a day away: at once
        due = next_local_hour(now, hour, tz)
        at_once = company._get_local_date(due) != company._get_reminder_day()
        deliveries = self.env["document.delivery"]._create_for_documents(
            [
                (
                    letter,
                    letter.addressee_id,
                    {"next_attempt": False if at_once else due},
                )
                for letter in letters.values()
            ]
        )
        stuck = deliveries.filtered(lambda row: row.state == "no_address")
        self.env["document.sender.reminder"]._note_state(stuck, "no_address")

    # === TROUBLE === #

    @api.model
    def _set_aside(self, company, partner, error):
        """Tell the responsible that a customer could not be reminded, and go on."""
        if isinstance(error, psycopg2.errors.UniqueViolation):
            return  # somebody else has reminded him in this moment
        if isinstance(error, UserError | RedirectWarning):
            reason = str(error.args[0])
        else:
            _logger.warning("%s cannot be reminded", partner, exc_info=error)
            reason = f"{type(error).__name__}: {error}"
        self.env["payment.reminder.call"]._tell_failed(company, partner, reason)

    @api.model
    def _with_company(self, company):
        """The engine acting for a company, quietly, in its language and zone.

        A scheduled action has neither companies nor language nor time zone.
        """
        context = {
            "allowed_company_ids": company.ids,
            "lang": company.partner_id.lang,
            "tz": company.partner_id.tz,
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "mail_notify_force_send": False,
        }
        return self.sudo().with_company(company).with_context(**context)

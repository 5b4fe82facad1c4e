import logging
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, format_date, split_every

from odoo.addons.crm_sla.halving import work_or_halve
from odoo.addons.recurring_billing.failpoint import failpoint

from ..contract_term import count_missed
from .postsale_contract_renewal_mixin import RUNNING

_logger = logging.getLogger(__name__)

#: Contracts that are claimed and dealt with between two commits.
BATCH_SIZE = 100
#: Renewals that are caught up without a person's decision.
MAX_MISSED = 3
#: What is done day by day, in this order. Each has a domain, and the work itself.
STEPS = ("expire", "call", "tell", "renew")


class PostsaleRenewalEngine(models.AbstractModel):
    """end → call → tell → renew: what happens to contracts by itself, day by day.

    Whatever is committed stands in the ledgers of renewals and notices, which take a
    term only once; so the action may be called at any time, by several at once.
    """

    _name = "postsale.renewal.engine"
    _description = "Engine of renewals"

    # === ENTRY POINT === #

    @api.model
    def _cron_contracts(self):
        """Scheduled action. One contract's error never leaves this method."""
        if self.env["recurring.copy.guard"]._is_held():
            return
        self.env["postsale.renewal"]._check_guards()
        self.env["postsale.renewal.notice"]._check_guards()
        cron = self.env["ir.cron"]
        work = [
            (engine, step, ids)
            for engine in self._get_engines()
            for step in STEPS
            if (ids := engine._find(step).ids)
        ]
        # commits, so that the claims below see a fresh snapshot
        cron._commit_progress(remaining=sum(len(ids) for _e, _s, ids in work))
        self.env.invalidate_all(flush=False)
        for engine, step, ids in work:
            for batch in split_every(BATCH_SIZE, ids):
                engine._run_batch(step, batch)
                failpoint("renewal:before_commit")
                if not cron._commit_progress(len(batch)):
                    return  # the slice is used up: the scheduled action calls again
                failpoint("renewal:after_commit")
                self.env.invalidate_all(flush=False)  # memory stays flat

    @api.model
    def _get_engines(self):
        """The engine acting for each company with contracts, quietly, in its language
        and zone: a scheduled action has none of these."""
        groups = (
            self.env["postsale.contract"]
            .sudo()
            ._read_group([("state", "in", RUNNING)], ["company_id"])
        )
        return [
            self.sudo()
            .with_company(company)
            .with_context(
                allowed_company_ids=company.ids,
                lang=company.partner_id.lang,
                tz=company.partner_id.tz or "UTC",
                tracking_disable=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                mail_auto_subscribe_no_notify=True,
                mail_notify_force_send=False,
            )
            for (company,) in groups
        ]

    # === FIND AND CLAIM === #

    @api.model
    def _find(self, step, among=None):
        """Contracts of the company for which a step is due.

        :param list among: ids, all by default
        """
        domain = (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "in", RUNNING)
            & getattr(self, f"_get_{step}_domain")()
        )
        if among is not None:
            domain &= Domain("id", "in", among)
        return self.env["postsale.contract"].search(domain, order="id")

    @api.model
    def _get_expire_domain(self):
        """The term is over, and nothing brings about another one."""
        ends = Domain("auto_renew", "=", False) | Domain(
            "notice_given_date", "!=", False
        )
        return Domain("date_end", "<", self._get_today()) & ends

    @api.model
    def _get_call_domain(self):
        """Somebody should decide, and may not know it."""
        days = timedelta(days=self._get_settings().lead_days)
        return (
            Domain("state", "=", "active")
            & Domain("notice_given_date", "=", False)
            & Domain("decide_before", "<=", self._get_today() + days)
        )

    @api.model
    def _get_automatic_domain(self):
        return Domain("auto_renew", "=", True) & Domain("notice_given_date", "=", False)

    @api.model
    def _get_tell_domain(self):
        """The customer is to be told of the next term, and was not yet."""
        today = self._get_today()
        untold = Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "NOT EXISTS (SELECT FROM postsale_renewal_notice n"
                " WHERE n.contract_id = %s AND n.date_start = %s + 1"
                " AND n.is_void IS NOT TRUE)",
                SQL.identifier(alias, "id"),
                SQL.identifier(alias, "date_end", to_flush=model._fields["date_end"]),
            )
        )
        return (
            self._get_automatic_domain()
            & Domain("customer_notice_date", "<=", today)
            & Domain("decide_before", ">=", today)
            & untold
        )

    @api.model
    def _get_renew_domain(self):
        """Notice was due, and none was given."""
        today = self._get_today()
        return (
            self._get_automatic_domain()
            & Domain("decide_before", "<", today)
            & (
                Domain("renewal_retry_date", "=", False)
                | Domain("renewal_retry_date", "<=", today)
            )
        )

    @api.model
    def _get_today(self):
        return self.env["postsale.contract"]._get_today()

    @api.model
    def _get_settings(self):
        return self.env["postsale.config"]._get_renewal_settings(self.env.company)

    @api.model
    def _run_batch(self, step, ids):
        """Do a step for these contracts; those that another runner holds are left to
        it.

        A stale snapshot is nobody's fault: the batch is undone, and taken again.
        """
        try:
            contracts = self.env["postsale.contract"].browse(ids)
            mine = contracts.try_lock_for_update(allow_referencing=True)
            failpoint("renewal:claimed")
            work_or_halve(
                getattr(self, f"_{step}"), self._find(step, mine.ids), self._set_aside
            )
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            self.env.ref("postsale_contracts.ir_cron_contracts")._trigger()

    # === THE STEPS === #

    @api.model
    def _expire(self, contracts):
        contracts._update_state(RUNNING, "expired")

    @api.model
    def _call(self, contracts):
        contracts._update_state(("active",), "to_renew")

    @api.model
    def _tell(self, contracts):
        self.env["postsale.renewal.notice"]._create_for_contracts(contracts)
        failpoint("renewal:told")

    @api.model
    def _renew(self, contracts):
        """Term by term until notice can be given again."""
        today = self._get_today()
        made = self.env["postsale.renewal"]
        while contracts:
            contracts -= self._hold_missed(contracts)
            contracts -= self._hold_untold(contracts)
            made |= contracts._renew(is_automatic=True)
            contracts = contracts.filtered(lambda c: c.decide_before < today)
        failpoint("renewal:renewed")
        self._follow_up(made)
        failpoint("renewal:followed_up")

    # === OBJECTIONS === #

    @api.model
    def _hold_missed(self, contracts):
        """After a long silence a person decides.

        :return: contracts that are not renewed by themselves
        """
        today = self._get_today()
        missed = contracts.filtered(
            lambda contract: (
                count_missed(
                    today,
                    contract.date_end,
                    contract._get_renewals(),
                    contract.notice_days,
                    MAX_MISSED,
                )
                > MAX_MISSED
            )
        )
        reason = self.env._(
            "More than %s terms have passed since anybody looked. Renew term by term, "
            "or note that notice was given.",
            MAX_MISSED,
        )
        self._note_problems(dict.fromkeys(missed, reason))
        return missed

    @api.model
    def _hold_untold(self, contracts):
        """Where the company wants the customer to know, contracts of which he does not
        end with their term.

        :return: contracts that are not renewed by themselves
        """
        if not self._get_settings().needs_notice:
            return contracts.browse()
        reasons = {
            contract: reason
            for contract in contracts
            if (reason := self._get_notice_objection(contract))
        }
        self._note_problems(reasons)
        untold = contracts.browse().union(*reasons)
        today = self._get_today()
        untold.filtered(lambda c: c.date_end < today)._update_state(RUNNING, "expired")
        return untold

    @api.model
    def _get_notice_objection(self, contract):
        notice = contract._get_notice(contract._get_renewals().get_next().start)
        last_day = contract.decide_before
        if not notice:
            return self.env._(
                "The customer was not told before %s that the contract goes on, and "
                "without that your company does not renew it automatically.",
                format_date(self.env, last_day),
            )
        if not notice._is_delivered_by(last_day):
            return self.env._(
                "The notice to the customer was not delivered by %s, and without that "
                "your company does not renew the contract automatically.",
                format_date(self.env, last_day),
            )
        return None

    # === WHAT FOLLOWS === #

    @api.model
    def _follow_up(self, renewals):
        """Orders, or somebody who makes them."""
        if not renewals:
            return
        contracts = renewals.contract_id
        last = {renewal.contract_id: renewal for renewal in renewals.sorted("date_end")}
        contracts._message_log_batch(
            {
                contract.id: self.env._(
                    "Renewed automatically until %s.",
                    format_date(self.env, last[contract].date_end),
                )
                for contract in contracts
            }
        )
        unbilled = renewals.filtered(lambda renewal: not renewal.billing_task_id)
        if not unbilled:
            return
        if self._get_settings().makes_order:
            unbilled._create_orders()
            return
        contracts._tell_responsible(
            {
                renewal.contract_id: (
                    self.env._("Make the order of the renewal"),
                    self.env._(
                        "The contract was renewed automatically until %s.",
                        format_date(self.env, renewal.date_end),
                    ),
                )
                for renewal in unbilled.sorted("date_end")
            }
        )

    # === TROUBLE === #

    @api.model
    def _set_aside(self, contract, error):
        """Note on a contract what went wrong, and go on with the others."""
        if self._is_done_by_another(error):
            return
        if isinstance(error, UserError | RedirectWarning):
            reason = str(error.args[0])
        else:
            _logger.warning("%s fails", contract, exc_info=error)
            reason = self.env._(
                "Unexpected error: %(error)s. Show this to your administrator; the "
                "server's log says more.",
                error=f"{type(error).__name__}: {error}",
            )
        try:
            with self.env.cr.savepoint():
                self._note_problems({contract: reason})
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as again:
            self.env.invalidate_all(flush=False)
            _logger.error("%s: nobody could be told", contract, exc_info=again)

    @api.model
    def _is_done_by_another(self, error):
        """Whether somebody else has renewed or told in this moment."""
        guards = (
            *self.env["postsale.renewal"]._guards,
            *self.env["postsale.renewal.notice"]._guards,
        )
        return (
            isinstance(error, psycopg2.IntegrityError)
            and error.diag.constraint_name in guards
        )

    @api.model
    def _note_problems(self, reasons):
        """On the contract, and to its responsible unless he knows it already."""
        contracts = self.env["postsale.contract"].union(*reasons)
        news = contracts.filtered(lambda c: c.renewal_problem != reasons[c])
        tomorrow = self._get_today() + timedelta(days=1)
        for reason, members in contracts.grouped(reasons.get).items():
            members.write({"renewal_problem": reason, "renewal_retry_date": tomorrow})
        summary = self.env._("Not renewed automatically")
        news._tell_responsible(
            {contract: (summary, reasons[contract]) for contract in news}
        )

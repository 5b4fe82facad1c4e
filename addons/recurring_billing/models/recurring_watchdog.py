import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

#: A scheduled action that should have run so many hours ago is late.
LATE_HOURS = 2
#: A run that has issued nothing for so many hours hangs.
STUCK_HOURS = 2
#: A date that passed so many days ago should have been taken.
MISSED_DAYS = 1
#: A failed document is tried again every day: after so many it needs somebody.
FAILED_DAYS = 3
#: Failures in a row that a scheduled action may have; core switches it off later.
FAILURES = 3
#: So many e-mails that nobody took are no accident.
REFUSED_COUNT = 5
#: Scheduled actions that a finding names; of the others it says how many.
NAMED = 3


class RecurringWatchdog(models.AbstractModel):
    """Looks for what has stopped, hangs or waits, and tells people who can help.

    A finding is a dictionary: ``key`` (what is wrong), ``level`` (``warning`` or
    ``danger``), ``text``, ``company_id`` (empty: of the whole database) and ``action``
    (opens the records; empty when the person may not see them).

    Nothing is stored and nothing is mended: what is wrong is asked of the database at
    the moment of looking, so a finding is gone when its cause is.
    """

    _name = "recurring.watchdog"
    _inherit = "recurring.watchdog.mail.mixin"
    _description = "Watchdog of recurring billing"

    # === ENTRY POINTS === #

    @api.model
    def get_findings(self):
        """What is wrong in the companies chosen, for whoever sees recurring billing.

        :rtype: list[dict]
        :raises AccessError: to people without that right
        """
        self.env["recurring.task"].check_access("read")
        return self._get_findings(self.env.companies)

    @api.model
    def _get_findings(self, companies):
        """Findings in the user's language, the worst first."""
        watchdog = self.sudo()
        findings = []
        for check in self._get_checks():
            findings += watchdog._look(check, companies.sudo())
        if len(companies) > 1:
            names = {company.id: company.name for company in companies.sudo()}
            for finding in findings:
                if name := names.get(finding["company_id"]):
                    finding["text"] = f"{name}: {finding['text']}"
        return sorted(findings, key=lambda finding: finding["level"] != "danger")

    @api.model
    def _look(self, check, companies):
        """A check that breaks is a finding itself, and hides none of the others."""
        try:
            with self.env.cr.savepoint():
                return getattr(self, check)(companies)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.warning("Watchdog: %s is broken", check, exc_info=True)
            text = self.env._(
                "One of the checks does not work (%s). The server's log says more.",
                type(error).__name__,
            )
            return [self._prepare_finding(check.strip("_"), "danger", text)]

    @api.model
    def _get_checks(self):
        """Names of the methods that look for something."""
        return [
            "_find_copy",
            "_find_missing_guards",
            "_find_idle_actions",
            "_find_hanging_runs",
            "_find_missed_dates",
            "_find_refusing_mail_server",
            "_find_waiting_documents",
            "_find_failed_documents",
        ]

    @api.model
    def _prepare_finding(self, key, level, text, action=False, company=False):
        """:param str action: XML id of the window with the records"""
        if action:
            action = self.env["ir.actions.actions"]._for_xml_id(action)
        return {
            "key": key,
            "level": level,
            "text": text,
            "company_id": company and company.id,
            "action": action,
        }

    # === THE DATABASE === #

    @api.model
    def _find_copy(self, _companies):
        """Everything waits until a manager says that this is no copy."""
        guard = self.env["recurring.copy.guard"]
        if not guard._is_held():
            return []
        is_manager = self.env.user.has_group("recurring_billing.group_manager")
        action = is_manager and "recurring_billing.recurring_copy_release_action"
        return [self._prepare_finding("copy", "danger", guard._get_text(), action)]

    @api.model
    def _find_missing_guards(self, _companies):
        """Ledgers whose second rows the database would let in."""
        ledgers = [
            self.env[name]
            for name, model in self.env.registry.items()
            if getattr(model, "_guards", ())
        ]
        return [
            self._prepare_finding(
                f"guards_{ledger._table}",
                "danger",
                ledger._get_missing_guards_message(", ".join(sorted(missing))),
            )
            for ledger in ledgers
            if (missing := ledger._get_missing_guards())
        ]

    # === SCHEDULED ACTIONS === #

    @api.model
    def _get_watched_modules(self):
        """Modules whose scheduled actions must run."""
        return ["recurring_billing"]

    @api.model
    def _get_watched_actions(self):
        """Scheduled actions of the suite, and core's that sends its e-mails."""
        data = self.env["ir.model.data"].search(
            [
                ("model", "=", "ir.cron"),
                "|",
                ("module", "in", self._get_watched_modules()),
                "&",
                ("module", "=", "mail"),
                ("name", "=", "ir_cron_mail_scheduler_action"),
            ]
        )
        actions = self.env["ir.cron"].with_context(active_test=False)
        return actions.browse(data.mapped("res_id")).exists().sorted("id")

    @api.model
    def _find_idle_actions(self, _companies):
        """Scheduled actions that are switched off, fail or are late."""
        actions = self._get_watched_actions()
        off = actions.filtered(lambda action: not action.active)
        failing = (actions - off).filtered(lambda a: a.failure_count >= FAILURES)
        late = self._get_late_actions(actions - off - failing)
        texts = self._get_idle_texts()
        findings = []
        for key, found in (("switched_off", off), ("failing", failing), ("late", late)):
            if found:
                text = texts[key] % self._name_actions(found)
                finding = self._prepare_finding(key, "danger", text)
                finding["action"] = self._open_scheduled_actions(found)
                findings.append(finding)
        return findings

    @api.model
    def _name_actions(self, actions):
        """The first ones by name: all of them would fill a phone's screen."""
        names = ", ".join(f"“{name}”" for name in actions[:NAMED].mapped("name"))
        if more := len(actions[NAMED:]):
            return self.env._("%(names)s and %(count)s more", names=names, count=more)
        return names

    @api.model
    def _get_idle_texts(self):
        return {
            "switched_off": self.env._(
                "Switched off: %s. Nothing of this happens until an administrator "
                "switches it on again."
            ),
            "failing": self.env._(
                "Fails again and again: %s. The server's log tells your administrator "
                "why."
            ),
            "late": self.env._(
                "Late by more than two hours: %s. The server does not run its "
                "scheduled actions, or is busy with something else."
            ),
        }

    @api.model
    def _get_late_actions(self, actions):
        """Due for hours and not at work: large runs are called again and again."""
        limit = fields.Datetime.now() - timedelta(hours=LATE_HOURS)
        late = actions.filtered(lambda action: action.nextcall < limit)
        at_work = self.env["ir.cron.progress"]._read_group(
            [("cron_id", "in", late.ids), ("create_date", ">=", limit)], ["cron_id"]
        )
        return late.filtered(lambda action: (action,) not in at_work)

    @api.model
    def _open_scheduled_actions(self, actions):
        """Only administrators may see them."""
        if not self.env.user.has_group("base.group_system"):
            return False
        action = self.env["ir.actions.actions"]._for_xml_id("base.ir_cron_act")
        return action | {
            "domain": [("id", "in", actions.ids)],
            "context": {"active_test": False},
        }

    # === RUNS AND DATES === #

    @api.model
    def _find_hanging_runs(self, companies):
        limit = fields.Datetime.now() - timedelta(hours=STUCK_HOURS)
        runs = self.env["recurring.run"].search(
            [
                ("state", "=", "running"),
                ("date_start", "<", limit),
                ("company_id", "in", companies.ids),
            ]
        )
        groups = self.env["recurring.occurrence"]._read_group(
            [("run_id", "in", runs.ids), ("attempt_date", ">=", limit)], ["run_id"]
        )
        hanging = runs.filtered(lambda run: (run,) not in groups)
        return [
            self._prepare_finding(
                "hanging_run",
                "danger",
                self.env._(
                    "%(run)s has not moved for hours: %(left)s are left.",
                    run=own[0].name,
                    left=own[0].left_count,
                )
                if len(own) == 1
                else self.env._("%s runs have not moved for hours.", len(own)),
                "recurring_billing.recurring_watchdog_action_runs",
                company,
            )
            for company, own in hanging.grouped("company_id").items()
        ]

    @api.model
    def _get_missed_domain(self, companies):
        """Customers whose day has passed, with nothing that would explain it.

        Of a task that issues ahead of its day, ``date_next`` lies before that day.
        """
        limit = fields.Date.today() - timedelta(days=MISSED_DAYS)
        passed = (
            Domain("company_id", "in", companies.ids)
            & Domain("task_state", "=", "running")
            & Domain("task_id.active", "=", True)
            & Domain("state", "=", "running")
            & Domain("date_next", "<", limit)
            & (Domain("date_retry", "=", False) | Domain("date_retry", "<", limit))
        )
        groups = self.env["recurring.task.recipient"]._read_group(passed, ["task_id"])
        tasks = self.env["recurring.task"].union(*(task for (task,) in groups))
        return passed & Domain.OR(
            Domain("task_id", "in", own.ids) & Domain("date_next", "<", limit - lead)
            for lead, own in tasks.grouped(lambda task: task._get_lead()).items()
        )

    @api.model
    def _find_missed_dates(self, companies):
        domain = self._get_missed_domain(companies)
        groups = self.env["recurring.task.recipient"]._read_group(
            domain, ["company_id"], ["__count", "task_id:count_distinct"]
        )
        findings = []
        for company, customers, tasks in groups:
            text = self.env._(
                "Dates have passed and nothing was issued. Customers: %(customers)s, "
                "recurring tasks: %(tasks)s.",
                customers=customers,
                tasks=tasks,
            )
            action = "recurring_billing.recurring_watchdog_action_recipients"
            finding = self._prepare_finding(
                "missed_date", "danger", text, action, company
            )
            finding["action"]["domain"] = list(domain)
            findings.append(finding)
        return findings

    # === DOCUMENTS AND E-MAILS === #

    @api.model
    def _find_refusing_mail_server(self, companies):
        """Nobody took an e-mail since yesterday, although several were tried."""
        groups = self.env["document.delivery"]._read_group(
            [
                ("company_id", "in", companies.ids),
                ("state", "in", ("sent", "refused", "deferred")),
                ("state_date", ">=", fields.Datetime.now() - timedelta(days=1)),
            ],
            ["company_id", "state"],
            ["__count"],
        )
        accepted = {company for company, state, _count in groups if state == "sent"}
        counts = dict.fromkeys((group[0] for group in groups), 0)
        for company, _state, count in groups:
            counts[company] += count
        return [
            self._prepare_finding(
                "mail_server",
                "danger",
                self.env._(
                    "None of the last %s e-mails was accepted. Look at the reasons; "
                    "the mail server may refuse everything.",
                    count,
                ),
                "recurring_billing.recurring_watchdog_action_deliveries",
                company,
            )
            for company, count in counts.items()
            if company not in accepted and count >= REFUSED_COUNT
        ]

    @api.model
    def _find_waiting_documents(self, companies):
        """Those of one task are released on it with one click, beside the reason."""
        findings = self._find_documents(
            companies,
            "waiting",
            self.env["recurring.occurrence"]._get_waiting_domain(),
            self.env._("Documents that wait for your release: %s."),
        )
        for finding, tasks in findings:
            if len(tasks) == 1:
                finding["action"] = tasks._get_records_action()
        return [finding for finding, _tasks in findings]

    @api.model
    def _find_failed_documents(self, companies):
        limit = fields.Date.today() - timedelta(days=FAILED_DAYS)
        findings = self._find_documents(
            companies,
            "failed",
            Domain("state", "=", "failed") & Domain("issue_date", "<", limit),
            self.env._("Documents that have failed for more than three days: %s."),
        )
        return [finding for finding, _tasks in findings]

    @api.model
    def _find_documents(self, companies, key, domain, text):
        """A finding for each company with such documents, and their tasks."""
        groups = self.env["recurring.occurrence"]._read_group(
            domain & Domain("company_id", "in", companies.ids),
            ["company_id"],
            ["__count", "task_id:recordset"],
        )
        window = f"recurring_billing.recurring_watchdog_action_{key}"
        return [
            (
                self._prepare_finding(key, "warning", text % count, window, company),
                tasks,
            )
            for company, count, tasks in groups
        ]

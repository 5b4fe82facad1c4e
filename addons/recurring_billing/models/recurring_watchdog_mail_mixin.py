from odoo import api, fields, models
from odoo.tools import email_normalize


class RecurringWatchdogMailMixin(models.AbstractModel):
    """Tells the managers once a day what the watchdog has found."""

    _name = "recurring.watchdog.mail.mixin"
    _description = "Daily warning of the watchdog"

    @api.model
    def _cron_watch(self):
        """One e-mail for each manager, about all his companies; none when all is well.

        A company that was told about today is left out: running this again does no
        harm.
        """
        now = fields.Datetime.now()
        companies = self.env["res.company"].search(
            [("recurring_watchdog_silent", "!=", True)]
        )
        due = companies.filtered(
            lambda c: c.recurring_watchdog_date != c._get_local_date(now)
        )
        found, mails, told = {}, [], due.browse()
        for person, own in self._get_people(due).items():
            watchdog = self.with_context(
                lang=person.lang, tz=person.tz, allowed_company_ids=own.ids
            )
            # the same words for all who speak this language and may see the same
            key = person.lang, own, person.has_group("base.group_system")
            if key not in found:
                found[key] = watchdog.with_user(person)._get_findings(own)
            if found[key]:
                mails.append(watchdog._prepare_mail(person, own[0], found[key]))
                told |= own
        self.env["recurring.run.report"]._queue(mails)
        for company in told:
            company.recurring_watchdog_date = company._get_local_date(now)

    @api.model
    def _get_people(self, companies):
        """Managers with an address, and those of these companies that are theirs."""
        return {
            person: own
            for person in self._get_managers()
            if (own := person.company_ids & companies)
            and email_normalize(person.email or "")
        }

    @api.model
    def _get_managers(self):
        manager = self.env.ref("recurring_billing.group_manager")
        return self.env["res.users"].search(
            [("all_group_ids", "in", manager.ids), ("share", "=", False)]
        )

    @api.model
    def _prepare_mail(self, person, company, findings):
        watchdog = self.with_company(company)
        return {
            "subject": watchdog.env._("Recurring billing needs you: %s", len(findings)),
            "body_html": watchdog.env["ir.qweb"]._render(
                "recurring_billing.recurring_watchdog_mail",
                {
                    "findings": findings,
                    "company": company.with_env(watchdog.env),
                    "base_url": company.get_base_url(),
                    "get_path": self._get_path,
                },
            ),
            "email_to": person.email_formatted,
            "email_from": company.email_formatted or person.email_formatted,
            "auto_delete": False,
        }

    @api.model
    def _get_path(self, finding):
        """Where the records of a finding stand in the web client."""
        action = finding["action"]
        if not action or action.get("target") == "new":
            return ""  # a dialogue opens from the list only
        if action.get("res_id"):
            return f"/odoo/{action['res_model']}/{action['res_id']}"
        path = action.get("path") or f"action-{action['id']}"
        return f"/odoo/{path}"

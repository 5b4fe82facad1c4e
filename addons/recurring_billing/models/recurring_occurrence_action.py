from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .recurring_lifecycle_mixin import RUN_NOW_AT_ONCE


class RecurringOccurrenceAction(models.AbstractModel):
    """The buttons on rows of the ledger."""

    _name = "recurring.occurrence.action"
    _description = "Buttons of recurring documents"

    @api.model
    def _get_waiting_domain(self):
        """Rows that wait for a person; released ones are issued by themselves."""
        return Domain("state", "=", "held") & Domain("release_run_id", "=", False)

    def action_retry(self):
        """Issue failed documents now.

        :return: action that opens the run
        """
        return self._issue_again("failed", self.env._("There is nothing to retry."))

    def action_release(self):
        """Issue documents that wait for a release.

        Up to 20 are issued at once, the oldest first, more by the scheduled action.

        :return: action that opens the run
        """
        waiting = self.filtered_domain(self._get_waiting_domain())
        return waiting._issue_again("held", self.env._("There is nothing to release."))

    def action_reissue(self):
        """Issue a new document for a voided one."""
        rows = self.filtered(lambda row: not row._get_standing_rows())
        for row in rows:
            row._check_limit()
        return rows._issue_again(
            "void", self.env._("A document for this period exists already.")
        )

    def _check_limit(self):
        """A voided document was replaced by a later date, if there was a limit."""
        self.ensure_one()
        planner = self.env["recurring.planner"].sudo()
        recipient = self.recipient_id
        limit = self.task_id.max_documents
        used = planner._get_issued_counts(recipient).get(recipient.id, 0)
        used += len(planner._get_pending(recipient).get(recipient.id, ()))
        if limit and used >= limit:
            raise UserError(
                self.env._(
                    "%(customer)s has all %(limit)s documents of “%(task)s” already. "
                    "Raise the number of documents first.",
                    customer=self.partner_id.display_name,
                    limit=limit,
                    task=self.task_id.display_name,
                )
            )

    def _get_standing_rows(self):
        """Rows of the same customer and date that are not void."""
        self.ensure_one()
        return self.search(
            [
                ("recipient_id", "=", self.recipient_id.id),
                ("scheduled_date", "=", self.scheduled_date),
                ("state", "!=", "void"),
            ],
            limit=1,
        )

    def _issue_again(self, state, nothing):
        self.task_id._check_billing_rights()
        rows = self.filtered(lambda row: row.state == state)
        if not rows:
            raise UserError(nothing)
        rows = rows.sudo().sorted(lambda row: (row.scheduled_date, row.id))
        Run = self.env["recurring.run"].sudo()
        runs = Run._open("manual", rows.company_id, self.env.user)
        Run._note_requested(runs, [row.company_id for row in rows])
        now = rows
        if state == "held":
            for company, own in rows.grouped("company_id").items():
                own.release_run_id = runs[company]
            now = rows[:RUN_NOW_AT_ONCE]
        self.env["recurring.engine"].sudo()._issue_rows(now, runs)
        if rows - now:
            self.env.ref("recurring_billing.ir_cron_generate").sudo()._trigger()
        return Run.union(*runs.values())._get_records_action(name=self.env._("Run"))

    def action_skip(self):
        """Issue nothing for these dates, for good."""
        self.task_id._check_billing_rights()
        rows = self.filtered(lambda row: row.state in ("failed", "held"))
        rows.sudo().write(
            {
                "state": "skipped",
                "error": self.env._("Skipped by %s.", self.env.user.name),
            }
        )
        rows.recipient_id.sudo()._refresh_next_date()
        return True

    def action_open_document(self):
        self.ensure_one()
        document = self._get_document()
        if not document:
            raise UserError(self.env._("There is no document for this date."))
        return document._get_records_action()

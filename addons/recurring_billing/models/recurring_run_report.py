from odoo import api, models
from odoo.tools import email_normalize, format_amount


class RecurringRunReport(models.AbstractModel):
    """The report of a run: one e-mail for each responsible, and a page.

    It says what was issued and mailed, what failed or was skipped and why, the
    totals by currency, and what comes next.
    """

    _name = "recurring.run.report"
    _inherit = "recurring.run.report.comparison"
    _description = "Report of a recurring run"

    @api.model
    def _send(self, run):
        """Queue one e-mail for each person responsible for a task of the run."""
        no_rows = self.env["recurring.occurrence"]
        by_user = run.occurrence_ids.grouped("user_id")
        by_user = dict.fromkeys(run._get_missing_users(), no_rows) | by_user
        if not by_user and run.company_id.recurring_report_always:
            by_user = dict.fromkeys(self._get_responsible(run), no_rows)
        self._queue(
            [
                self._prepare_mail(run, user, rows, is_compared=True)
                for user, rows in by_user.items()
                if email_normalize(user.email or "")
            ]
        )

    @api.model
    def _send_follow_up(self, run, deliveries):
        """Tell what was refused after the report had left.

        :param deliveries: refused ones of ``run``
        """
        values = []
        for user, own in deliveries.grouped(lambda d: d.task_id.user_id).items():
            if email_normalize(user.email or ""):
                rows = own.occurrence_id
                mail = self._prepare_mail(run, user, rows)
                mail["subject"] = self.with_context(lang=user.lang).env._(
                    "Recurring billing: %(count)s e-mails were refused later",
                    count=len(own),
                )
                values.append(mail)
        self._queue(values)

    @api.model
    def _queue(self, values):
        self.env["mail.mail"].sudo().create(values)
        if values:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _get_responsible(self, run):
        """Who cares about a run without documents."""
        tasks = self.env["recurring.task"].search(
            [("state", "=", "running"), ("company_id", "=", run.company_id.id)]
        )
        return tasks.user_id

    @api.model
    def _prepare_mail(self, run, user, rows, is_compared=False):
        report = self.with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=run.company_id.ids
        ).with_company(run.company_id)
        figures = report._get_figures(run, rows)
        if is_compared:
            figures |= report._get_comparison(run, user)
        return {
            "subject": report._get_subject(figures),
            "body_html": report._render(run, rows, figures, user),
            "email_to": user.email_formatted,
            "email_from": run.company_id.email_formatted or user.email_formatted,
            "auto_delete": False,
            "model": run._name,
            "res_id": run.id,
        }

    @api.model
    def _get_subject(self, figures):
        issued = len(figures["issued"])
        left = len(figures["failed"]) + len(figures["held"])
        if left == 1:
            return self.env._(
                "Recurring billing: %(issued)s issued, 1 needs you", issued=issued
            )
        if left:
            return self.env._(
                "Recurring billing: %(issued)s issued, %(open)s need you",
                issued=issued,
                open=left,
            )
        if missing := figures.get("missing_count"):
            return self.env._(
                "Recurring billing: %(issued)s issued, %(missing)s expected but "
                "missing",
                issued=issued,
                missing=missing,
            )
        return self.env._("Recurring billing: %(issued)s issued", issued=issued)

    @api.model
    def _render(self, run, rows, figures, user=None):
        """The report as HTML with its styles inline, for mail programs.

        :param rows: the rows of the ledger to report on
        """
        return self.env["ir.qweb"]._render(
            "recurring_billing.run_report",
            {
                "run": run.with_env(self.env),
                "figures": figures,
                "user": user,
                "company": run.company_id.with_env(self.env),
                "delivery_labels": self._get_delivery_labels(),
                "format_total": self._format_total,
                "coming": self._get_coming(rows),
                "base_url": run.get_base_url(),
            },
        )

    # === FIGURES === #

    @api.model
    def _get_figures(self, run, rows):
        """Rows by outcome, totals and deliveries.

        :rtype: dict
        """
        rows = rows.with_env(self.env)
        issued = rows.filtered(lambda row: row.state in ("generated", "sent", "void"))
        deliveries = issued.delivery_ids
        return {
            "issued": issued,
            "failed": rows.filtered(lambda row: row.state == "failed"),
            "held": rows.filtered(lambda row: row.state == "held"),
            "skipped": rows.filtered(lambda row: row.state == "skipped"),
            "changed": issued.filtered("changes_text"),
            "totals": self._get_totals(issued),
            "deliveries": self._count_deliveries(deliveries),
            "troubled": deliveries.filtered(
                lambda delivery: (
                    delivery.state
                    in ("refused", "unknown", "no_address", "blocked", "deferred")
                )
            ),
        }

    @api.model
    def _get_totals(self, issued):
        """``[(kind, currency, number, total)]`` of issued documents."""
        labels = dict(
            self.env["recurring.task"]
            ._fields["document_type"]
            ._description_selection(self.env)
        )
        groups = issued.grouped(lambda row: (row.document_type, row.currency_id))
        return [
            (labels[kind], currency, len(rows), sum(rows.mapped("amount_total")))
            for (kind, currency), rows in groups.items()
        ]

    @api.model
    def _count_deliveries(self, deliveries):
        """``[(state, number)]``, in the order in which a clerk should look."""
        groups = deliveries.grouped("state")
        return [(state, len(groups[state])) for state in sorted(groups)]

    @api.model
    def _get_delivery_labels(self):
        field = self.env["document.delivery"]._fields["state"]
        return dict(field._description_selection(self.env))

    @api.model
    def _format_total(self, currency, amount):
        return format_amount(self.env, amount, currency)

    @api.model
    def _get_coming(self, rows, limit=10):
        """``[(date, task, number of customers)]``: what these tasks issue next."""
        groups = self.env["recurring.task.recipient"]._read_group(
            [
                ("task_id", "in", rows.task_id.ids),
                ("state", "=", "running"),
                ("task_state", "=", "running"),
                ("date_next", "!=", False),
            ],
            ["date_next:day", "task_id"],
            ["__count"],
            order="date_next:day",
            limit=limit,
        )
        return list(groups)

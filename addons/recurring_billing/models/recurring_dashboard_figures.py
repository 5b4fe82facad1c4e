from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..local_hour import local_midnight
from .recurring_planner import ISSUED

#: How far "What was sent" looks back.
SENT_DAYS = 30
#: What became of e-mails, as a clerk asks: figure, states of ``document.delivery``.
SENT_STATES = {
    "delivered": ("sent",),
    "sending": ("queued", "sending", "deferred"),
    "approval": ("held",),
    "refused": ("refused", "no_address", "blocked"),
    "unknown": ("unknown",),
}
#: How they look where there are some.
SENT_TONES = {
    "delivered": "success",
    "approval": "warning",
    "refused": "danger",
    "unknown": "warning",
}


class RecurringDashboardFigures(models.AbstractModel):
    """The figures. Each counts the records behind its link, no more and no fewer."""

    _name = "recurring.dashboard.figures"
    _description = "Part of the dashboard: figures"

    @api.model
    def _get_figure_groups(self):
        """Groups of figures in their order. Overridden by add-ons that have more.

        A group has ``key``, ``label``, ``figures`` and perhaps ``action``. A figure
        has ``key``, ``label``, ``value`` (number of records), ``tone`` (empty,
        ``success``, ``warning`` or ``danger``), ``action`` (a window with exactly
        these records), and perhaps ``amount`` (in the currency of the current
        company) with ``amount_label``.

        :rtype: list[dict]
        """
        return [
            self._get_document_group(),
            self._get_sent_group(),
            self._get_money_group(),
        ]

    # === GROUPS === #

    @api.model
    def _get_document_group(self):
        Occurrence = self.env["recurring.occurrence"]
        window = "recurring_billing.recurring_occurrence_action"
        return {
            "key": "documents",
            "label": self.env._("Documents"),
            "figures": [
                self._prepare_figure(
                    "due",
                    self.env._("Due Now"),
                    "recurring_billing.recurring_task_recipient_action",
                    self.env["recurring.engine"]._get_due_domain(),
                ),
                self._get_issued_figure(
                    "issued_today", self.env._("Issued Today"), "day"
                ),
                self._get_issued_figure(
                    "issued_month", self.env._("Issued This Month"), "month"
                ),
                self._prepare_figure(
                    "failed",
                    self.env._("Failed"),
                    window,
                    Domain("state", "=", "failed"),
                    tone="danger",
                ),
                self._prepare_figure(
                    "held",
                    self.env._("Waiting for Release"),
                    window,
                    Occurrence._get_waiting_domain(),
                    tone="warning",
                ),
            ],
        }

    @api.model
    def _get_issued_figure(self, key, label, span):
        """Documents issued today or this month, and what was invoiced with them."""
        domain = Domain("state", "in", ISSUED) & self._since("attempt_date", span)
        count, amount = 0, 0.0
        groups = self.env["recurring.occurrence"]._read_group(
            domain, ["res_model", "currency_id"], ["__count", "amount_untaxed:sum"]
        )
        for res_model, currency, documents, total in groups:
            count += documents
            if res_model == "account.move":
                amount += self._convert(total, currency)
        return self._prepare_figure(
            key,
            label,
            "recurring_billing.recurring_occurrence_action",
            domain,
            count,
            amount=amount,
            amount_label=self.env._("invoiced, untaxed"),
        )

    @api.model
    def _get_sent_group(self):
        """What became of the e-mails of the last days."""
        window = "recurring_billing.document_delivery_action_follow_up"
        recent = self._get_recent_delivery_domain()
        counts = dict(
            self.env["document.delivery"]._read_group(recent, ["state"], ["__count"])
        )
        labels = {
            "delivered": self.env._("Accepted by the Mail Server"),
            "sending": self.env._("On Its Way"),
            "approval": self.env._("Waiting for Approval"),
            "refused": self.env._("Refused or Not Sent"),
            "unknown": self.env._("Not Known Whether It Arrived"),
        }
        figures = [
            self._prepare_figure(
                key,
                label,
                window,
                recent & Domain("state", "in", SENT_STATES[key]),
                sum(counts.get(state, 0) for state in SENT_STATES[key]),
                tone=SENT_TONES.get(key, ""),
            )
            for key, label in labels.items()
        ]
        figures.append(
            self._prepare_figure(
                "unconfirmed",
                self.env._("Receipt Not Confirmed"),
                window,
                recent & self._get_unconfirmed_domain(),
            )
        )
        return {
            "key": "sent",
            "label": self.env._("What Was Sent in the Last %s Days", SENT_DAYS),
            "figures": figures,
            "action": self._get_window(window),
        }

    @api.model
    def _get_recent_delivery_domain(self):
        """The last e-mail about each document, if it is recent or has not left yet.

        What was sent again is settled.
        """
        since = fields.Datetime.now() - timedelta(days=SENT_DAYS)
        return (
            Domain("state_date", ">=", fields.Datetime.to_string(since))
            | Domain("state", "in", SENT_STATES["sending"] + SENT_STATES["approval"])
        ) & Domain("later_ids", "not any", [("state", "!=", "cancelled")])

    @api.model
    def _get_unconfirmed_domain(self):
        return (
            Domain("state", "=", "sent")
            & Domain("ask_acknowledgement", "=", True)
            & Domain("acknowledged_date", "=", False)
        )

    @api.model
    def _get_money_group(self):
        figures = [self._get_overdue_figure()]
        if any(self.env.companies.mapped("reminder_from_date")):
            figures += self._get_reminder_figures()
        return {"key": "money", "label": self.env._("Payments"), "figures": figures}

    @api.model
    def _get_overdue_figure(self):
        """All customer invoices, whoever made them; the part that is overdue."""
        planner = self.env["payment.reminder.planner"]
        debts = Domain.OR(
            planner._get_debt_domain(company, company._get_reminder_day())
            for company in self.env.companies
        )
        groups = self.env["account.move.line"]._read_group(
            debts,
            ["company_currency_id"],
            ["move_id:count_distinct", "amount_residual:sum"],
        )
        return self._prepare_figure(
            "overdue",
            self.env._("Overdue Invoices"),
            "account.action_move_out_invoice_type",
            Domain("line_ids", "any", debts),
            sum(count for _currency, count, _amount in groups),
            tone="danger",
            amount=sum(
                self._convert(amount, currency) for currency, _count, amount in groups
            ),
            amount_label=self.env._("overdue"),
        )

    @api.model
    def _get_reminder_figures(self):
        window = "recurring_billing.payment_reminder_action"
        return [
            self._prepare_figure(
                "reminders_waiting",
                self.env._("Reminders to Send"),
                window,
                Domain("state", "=", "queued"),
            ),
            self._prepare_figure(
                "reminders_sent",
                self.env._("Reminders Sent This Month"),
                window,
                Domain("state", "in", ("sent", "notified"))
                & self._since("date", "month"),
            ),
            self._prepare_figure(
                "reminders_failed",
                self.env._("Reminders Not Delivered"),
                window,
                Domain("state", "in", ("failed", "unknown"))
                & self._since("date", "month"),
                tone="danger",
            ),
        ]

    # === HELPERS === #

    @api.model
    def _prepare_figure(
        self, key, label, window, domain, value=None, tone="", **values
    ):
        """
        :param str window: XML id of the action whose views show the records
        :param domain: the records that are counted
        :param int value: their number where it is known already
        :param str tone: how bad (or good) it is that there are any
        """
        action = self._get_window(window, name=label, domain=list(domain))
        if value is None:
            value = self.env[action["res_model"]].search_count(domain)
        return {
            "key": key,
            "label": label,
            "value": value,
            "tone": tone if value else "",
            "action": action,
            **values,
        }

    @api.model
    def _get_window(self, xmlid, **values):
        """An action that shows records as a list, or as cards on a phone."""
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        if "domain" in values:
            # the filters that the action usually starts with would hide records
            values["context"] = {"create": False}
            values["mobile_view_mode"] = "kanban"
            values["views"] = sorted(action["views"], key=lambda v: v[1] != "list")
        return {**action, **values}

    @api.model
    def _get_today(self):
        return self.env.company._get_reminder_day()

    @api.model
    def _since(self, field_name, span):
        """Records of today or of this month, by the calendar of their company.

        :param str field_name: a date, or a moment in UTC
        :param str span: ``day`` or ``month``
        """
        parts = []
        is_moment = field_name == "attempt_date"
        for company in self.env.companies:
            day = company._get_reminder_day()
            start = day.replace(day=1) if span == "month" else day
            value = start
            if is_moment:
                value = local_midnight(start, company.partner_id.tz)
            parts.append(
                Domain("company_id", "=", company.id)
                & Domain(field_name, ">=", str(value))
            )
        return Domain.OR(parts)

    @api.model
    def _convert(self, amount, currency):
        """The amount in the currency of the current company, at today's rate."""
        company = self.env.company
        if not currency or not amount:
            return amount or 0.0
        return currency._convert(
            amount, company.currency_id, company, self._get_today()
        )

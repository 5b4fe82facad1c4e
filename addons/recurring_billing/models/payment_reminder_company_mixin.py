from odoo import api, fields, models

from ..rehearsal import get_now


class PaymentReminderCompanyMixin(models.AbstractModel):
    """The switch of payment reminders, and what today is."""

    _name = "payment.reminder.company.mixin"
    _description = "Company that may remind of payments"

    reminder_from_date = fields.Date(
        string="Remind of Invoices Due From",
        help="Payment reminders are off while this is empty. Only invoices that are "
        "due on this day or later are reminded; choose an earlier day to include "
        "older ones.",
    )
    reminder_user_id = fields.Many2one(
        "res.users",
        string="Responsible for Reminders",
        domain="[('share', '=', False)]",
        help="Told about customers whose invoices and record name no salesperson.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("reminder_from_date")._start_reminders()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if vals.get("reminder_from_date"):
            self._start_reminders()
        return result

    def _start_reminders(self):
        """Whoever switches reminders on gets a ladder, and is told about troubles."""
        user = self.env.user
        if user._is_internal() and user.active:
            for company in self.filtered(lambda c: not c.reminder_user_id):
                company.reminder_user_id = user
        Level = self.env["payment.reminder.level"].sudo()
        groups = Level.with_context(active_test=False)._read_group(
            [("company_id", "in", self.ids), ("ladder_id", "=", False)], ["company_id"]
        )
        supplied = self.browse().union(*(company for (company,) in groups))
        Level._create_standard(self - supplied)

    def _get_reminder_day(self):
        """Today where the company is; its partner's time zone says where."""
        return self._get_local_date(get_now(self.env))

    def _get_local_date(self, moment):
        """:param datetime moment: in UTC, without a zone"""
        self.ensure_one()
        local = self.with_context(tz=self.partner_id.tz or "UTC")
        return fields.Datetime.context_timestamp(local, moment).date()

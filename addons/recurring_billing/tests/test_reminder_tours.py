"""Reminders as people use them: settings, dry list, history."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_tours import TourCase


class ReminderTourCase(TourCase):
    def _switch_on(self):
        self.biller.group_ids |= self.env.ref("base.group_system") | self.env.ref(
            "recurring_billing.group_manager"
        )
        self.start_tour(
            "/odoo/action-recurring_billing.res_config_settings_action",
            "recurring_billing_reminder_settings",
            login="tour_biller",
        )
        company = self.biller.company_id
        self.assertEqual(company.reminder_from_date, company._get_reminder_day())

    def _create_overdue_invoice(self):
        due = fields.Date.today() - timedelta(days=5)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        invoice.action_post()
        self.biller.company_id.reminder_from_date = due
        return invoice

    def _remind(self, name):
        invoice = self._create_overdue_invoice()
        self.start_tour("/odoo/reminders-today", name, login="tour_biller")
        rows = self.env["payment.reminder"]._get_used(invoice)[invoice]
        self.assertEqual(rows.mapped("level_id.days_overdue"), [3])


@tagged("post_install", "-at_install", "tour")
class TestReminderDesktop(ReminderTourCase):
    browser_size = "1366x768"

    def test_switched_on_in_the_settings(self):
        self._switch_on()

    def test_from_the_dry_list_to_the_history(self):
        self._remind("recurring_billing_reminder_desktop")


@tagged("post_install", "-at_install", "tour")
class TestReminderPhone(ReminderTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_switched_on_in_the_settings(self):
        self._switch_on()

    def test_from_the_dry_list_to_the_history(self):
        self._remind("recurring_billing_reminder_phone")

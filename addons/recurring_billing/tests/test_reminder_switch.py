"""Reminders are off until somebody switches them on."""

from datetime import timedelta

import psycopg2

from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import RecurringCommon
from .reminder_common import TODAY


@tagged("post_install", "-at_install")
class TestReminderSwitch(RecurringCommon):
    def _get_levels(self, company=None):
        return self.env["payment.reminder.level"]._get_standard(company or self.company)

    def test_they_are_off_in_a_new_company(self):
        self.assertFalse(self.company.reminder_from_date)
        self.assertFalse(self._get_levels())

    def test_the_settings_propose_today(self):
        with Form(self.env["res.config.settings"]) as settings:
            settings.reminder_active = True
            self.assertEqual(settings.reminder_from_date, TODAY)
        settings.record.execute()
        self.assertEqual(self.company.reminder_from_date, TODAY)
        with Form(self.env["res.config.settings"]) as settings:
            self.assertTrue(settings.reminder_active)
            settings.reminder_active = False
        settings.record.execute()
        self.assertFalse(self.company.reminder_from_date)

    def test_switching_on_makes_the_standard_ladder(self):
        self.company.reminder_from_date = TODAY
        levels = self._get_levels()
        self.assertEqual(levels.mapped("days_overdue"), [3, 15, 25])
        self.assertEqual(
            [bool(level.mail_template_id) for level in levels], [True, True, False]
        )
        self.assertEqual(levels.mapped("notify_user"), [False, False, True])
        self.assertEqual(len(levels.mail_template_id), 2)

    def test_a_company_made_with_reminders_has_a_ladder(self):
        company = self.env["res.company"].create(
            {"name": "New", "reminder_from_date": TODAY}
        )
        self.assertEqual(len(self._get_levels(company)), 3)

    def test_a_ladder_of_ones_own_is_kept(self):
        self.env["payment.reminder.level"].create(
            {"name": "Call", "days_overdue": 5, "notify_user": True}
        )
        self.company.reminder_from_date = TODAY
        self.assertEqual(self._get_levels().mapped("days_overdue"), [5])

    def test_switching_on_again_makes_no_second_ladder(self):
        self.company.reminder_from_date = TODAY
        self._get_levels().active = False
        self.company.reminder_from_date = False
        self.company.reminder_from_date = TODAY
        self.assertFalse(self._get_levels())

    def test_whoever_switches_it_on_is_told_about_troubles(self):
        user = self._create_user(
            "boss", "recurring_billing.group_manager,base.group_erp_manager"
        )
        self.company.with_user(user).reminder_from_date = TODAY
        self.assertEqual(self.company.reminder_user_id, user)


@tagged("post_install", "-at_install")
class TestReminderLevel(RecurringCommon):
    def assertRefused(self, constraint, **values):
        with (
            self.assertRaises(psycopg2.IntegrityError) as caught,
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["payment.reminder.level"].create(
                {"name": "Level", "days_overdue": 3, "notify_user": True, **values}
            )
        self.assertEqual(caught.exception.diag.constraint_name, constraint)

    def test_it_comes_after_the_due_date(self):
        self.assertRefused("payment_reminder_level_days_after_due", days_overdue=0)

    def test_it_does_something(self):
        self.assertRefused("payment_reminder_level_does_something", notify_user=False)

    def test_one_level_a_day(self):
        self.company.reminder_from_date = TODAY
        self.assertRefused("payment_reminder_level_one_a_day")
        ladder = self.env["payment.reminder.ladder"].create(
            {
                "name": "Patient",
                "level_ids": [
                    Command.create(
                        {"name": "Call", "days_overdue": 3, "notify_user": True}
                    )
                ],
            }
        )
        self.assertEqual(ladder.level_ids.company_id, self.company)

    def test_a_used_level_is_archived_not_deleted(self):
        self.company.reminder_from_date = TODAY
        level = self.env["payment.reminder.level"]._get_standard(self.company)[0]
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": TODAY - timedelta(days=40),
                "invoice_line_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        self.env["payment.reminder"].create(
            {
                "move_id": move.id,
                "level_id": level.id,
                "date": TODAY,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": move.currency_id.id,
            }
        )
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            level.unlink()

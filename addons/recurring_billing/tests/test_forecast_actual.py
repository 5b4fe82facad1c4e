"""What became of what was expected, row by row."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .forecast_common import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecastActual(ForecastCommon):
    people = ("stranger", "portal", "reader", "manager")

    def _keep(self, moment="2027-03-31 10:00:00"):
        """The scheduled action, on the last day of March unless told otherwise."""
        self.clock.move_to(moment)
        self.env["recurring.forecast.baseline"].sudo()._keep_due()

    def _look(self, task, moment="2027-05-02 10:00:00", user=None):
        self.clock.move_to(moment)
        self.env.invalidate_all()
        user = user or self.biller
        rows = self.env["recurring.forecast.actual"].with_user(user)
        rows = rows.with_context(allowed_company_ids=user.company_id.ids)
        return rows.search([("task_id", "=", task.id)], order="date, id")

    def assertReason(self, task, reason, expected, actual):
        row = self._look(task)[0]
        self.assertEqual(row.reason, reason)
        self.assertEqual((row.expected_amount, row.actual_amount), (expected, actual))
        self.assertEqual(row.difference, actual - expected)
        self.assertEqual(row.is_different, reason != "as_expected")

    # === REASONS === #

    def test_as_expected(self):
        task = self._start_priced()
        self._keep()
        self._run_cron("2027-04-01 08:00:00")
        self.assertReason(task, "as_expected", 100, 100)

    def test_another_amount(self):
        task = self._start_priced()
        self._keep()
        task.line_ids.price_unit = 120
        self._run_cron("2027-04-01 08:00:00")
        self.assertReason(task, "price", 100, 120)

    def test_late(self):
        task = self._start_priced()
        self._keep()
        self._run_cron("2027-04-03 08:00:00")
        self.assertReason(task, "late", 100, 100)

    def test_late_is_judged_where_the_task_lives(self):
        task = self._start_priced(tz="Pacific/Honolulu")
        self._keep()
        self._run_cron("2027-04-02 06:00:00")  # 1 April, 20:00 there
        self.assertReason(task, "as_expected", 100, 100)

    def test_added(self):
        self._start_priced()  # so that the month is kept
        self._keep()
        task = self._start_priced(
            customers=self.other_customer, date_start="2027-04-10"
        )
        self._run_cron("2027-04-10 08:00:00")
        self.assertReason(task, "added", 0, 100)

    def test_failed(self):
        task = self._start_priced()
        self._keep()
        self.customer.active = False
        self._run_cron("2027-04-01 08:00:00")
        self.assertReason(task, "failed", 100, 0)
        self.assertIn("archived", self._look(task).note)

    def test_cancelled(self):
        task = self._start_priced()
        self._keep()
        self._run_cron("2027-04-01 08:00:00")
        move = self._get_documents(task)
        move.button_draft()
        move.button_cancel()
        self.assertReason(task, "cancelled", 100, 0)

    def test_paused_stopped_and_skipped(self):
        tasks = [self._start_priced() for _number in range(3)]
        self._keep()
        tasks[0].action_pause()
        tasks[1].action_stop()
        tasks[2].action_pause()
        self.clock.move_to("2027-04-05 08:00:00")
        tasks[2].action_resume()
        for task, reason in zip(tasks, ("paused", "stopped", "skipped"), strict=True):
            self.assertReason(task, reason, 100, 0)

    def test_one_customer_stopped(self):
        task = self._start_priced()
        self._keep()
        task.recipient_ids.action_stop()
        self.assertReason(task, "stopped", 100, 0)

    def test_the_schedule_was_changed(self):
        task = self._start_priced()
        self._keep()
        task.write({"date_start": "2027-06-10"})
        self.assertReason(task, "moved", 100, 0)

    def test_missing_is_told_to_who_asks(self):
        task = self._start_priced()
        self._keep()
        self.assertReason(task, "missing", 100, 0)
        missing = self.env["recurring.forecast.baseline"]._get_missing
        until = self._look(task)[0].date
        self.assertEqual(missing(self.company, until).task_id, task)
        self._run_cron()
        self.env.invalidate_all()
        self.assertFalse(missing(self.company, until))

    def test_what_is_still_to_come_is_not_judged(self):
        task = self._start_priced(date_start="2027-04-20")
        self._keep()
        self.assertFalse(self._look(task, "2027-04-20 10:00:00"))
        self.assertTrue(self._look(task, "2027-04-21 10:00:00"))

    def test_other_currencies_are_converted(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "name": "2027-01-01",
                "rate": 2.0,
                "company_id": self.company.id,
            }
        )
        lines = [{"name": "Work", "price_unit": 100}]
        tasks = [
            self._start_priced(currency_id=dollar.id, lines=lines, document_type=kind)
            for kind in ("invoice",)
        ]
        tasks.append(
            self._start_priced(
                currency_id=dollar.id,
                lines=[{"product_id": self.product.id, "price_unit": 100}],
                document_type="order",
            )
        )
        self._keep()
        self._run_cron("2027-04-01 08:00:00")
        for task in tasks:
            self.assertReason(task, "as_expected", 50, 50)

    # === KEEPING === #

    def test_a_month_is_kept_once(self):
        task = self._start_priced()
        self._keep("2027-03-30 10:00:00")
        self.assertEqual(str(self.company.recurring_forecast_month), "2027-03-01")
        self._keep()
        task.line_ids.price_unit = 500
        self._settle()
        self._keep("2027-04-01 05:00:00")
        baseline = self.env["recurring.forecast.baseline"].search(
            [("task_id", "=", task.id)]
        )
        self.assertEqual(baseline.mapped("amount_untaxed"), [100])
        self.assertEqual(str(baseline.kept_on), "2027-03-31")
        self.assertEqual(baseline.partner_id, self.customer)

    def test_a_month_kept_late_expects_what_was_issued_already(self):
        task = self._start_priced()
        self._run_cron("2027-04-01 08:00:00")
        self._keep("2027-04-05 10:00:00")
        self.assertReason(task, "as_expected", 100, 100)

    def test_a_manager_keeps_the_forecast_of_today(self):
        task = self._start_priced()
        self._keep()
        task._add_recipients(self.other_customer)
        self._settle()
        self.env["recurring.forecast.actual"].with_user(
            self.manager
        ).action_keep_forecast()
        self._run_cron("2027-04-01 08:00:00")
        rows = self._look(task)
        self.assertEqual(rows.mapped("reason"), ["as_expected"] * 2)

    def test_nobody_else_does(self):
        for user in (self.biller, self.reader, self.stranger, self.portal):
            with self.assertRaises(AccessError):
                self.env["recurring.forecast.actual"].with_user(
                    user
                ).action_keep_forecast()

    def test_each_company_has_its_own(self):
        other = self._create_billing_company(name="Other Co")
        task = self._start_priced()
        self._keep()
        neighbour = self._create_user(
            "neighbour", "recurring_billing.group_billing", company=other
        )
        self.assertTrue(self._look(task))
        self.assertFalse(self._look(task, user=neighbour))

    def test_what_is_deleted_later_stays_expected(self):
        task = self._start_priced(customers=self.customer + self.other_customer)
        self._keep()
        task.write({"recipient_ids": [Command.delete(task.recipient_ids[0].id)]})
        self.assertEqual(self._look(task).mapped("reason").count("stopped"), 1)

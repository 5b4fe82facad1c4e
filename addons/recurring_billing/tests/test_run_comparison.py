"""A run against what was expected of it: in figures, and who is missing."""

from odoo.tests import tagged

from ..run_comparison import explain
from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestRunComparison(RecurringCommon):
    people = ("reader", "manager")

    def _run_may(self):
        self._run_cron("2027-05-01 08:00:00")
        return self._get_run()

    def _get_run(self):
        return self.env["recurring.run"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def _keep_forecast(self, moment):
        """Prices, and what is expected of the month that begins."""
        self.clock.move_to(moment)
        self.env["recurring.forecast.price"].sudo()._update(
            self.env["recurring.task.recipient"].sudo().search([])
        )
        self.env["recurring.forecast.baseline"].sudo()._keep_due()

    def _get_mails(self, run):
        self.env["recurring.run"]._send_due_reports()
        return self.env["mail.mail"].search(
            [("model", "=", "recurring.run"), ("res_id", "=", run.id)]
        )

    def _get_missing(self, run):
        report = self.env["recurring.run.report"]
        missing = report._get_comparison(run)["missing"]
        return [(line[0].partner_id, str(line[1]), line[2]) for line in missing]

    # === FIGURES === #

    def test_a_month_like_the_last_one_is_issued_as_expected(self):
        self._start_task(customers=self.customer + self.other_customer)
        self._run_cron("2027-04-01 08:00:00")
        html = str(self._run_may().with_user(self.reader).report_html)
        self.assertIn("Issued, as expected", html)
        self.assertIn("200.00", html)

    def test_the_difference_is_explained_step_by_step(self):
        """Expected 100 from each of five; a new one joins."""
        customers = self._create_customers(6)
        task = self._start_task(customers=customers[:2])
        failing = self._start_task(name="Failing", customers=customers[2])
        held = self._start_task(name="Held", customers=customers[3])
        paused = self._start_task(name="Paused", customers=customers[4])
        self._run_cron("2027-04-01 08:00:00")
        self.company.recurring_change_growth = 20
        self._start_task(name="New", customers=customers[5], date_start="2027-05-01")
        task.line_ids.price_unit = 110
        customers[2].active = False
        held.line_ids.price_unit = 200
        paused.action_pause()
        run = self._run_may()
        (own,) = explain(run._get_comparison_groups()).values()
        self.assertEqual((own.expected, own.first, own.changed), (500, 100, 20))
        self.assertEqual((own.failed, own.held, own.missing), (100, 100, 100))
        issued = run.occurrence_ids.filtered(lambda row: row.state == "generated")
        self.assertEqual(own.issued, sum(issued.mapped("amount_untaxed")))
        self.assertEqual(own.issued, 320)
        self.assertEqual(failing.sudo().occurrence_ids[0].state, "failed")
        # P12 still holds: what is missing is not among what was planned
        self.assertEqual(run.planned_count, len(run.occurrence_ids))

    def test_currencies_are_told_apart(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"name": "2027-01-01", "currency_id": dollar.id, "rate": 2.0}
        )
        self._start_task(lines=[{"name": "Work", "price_unit": 100}])
        self._start_task(
            name="Abroad",
            currency_id=dollar.id,
            lines=[{"name": "Work", "price_unit": 70}],
        )
        self._run_cron("2027-04-01 08:00:00")
        found = explain(self._run_may()._get_comparison_groups())
        self.assertEqual(
            {currency: own.issued for currency, own in found.items()},
            {self.company.currency_id.id: 100, dollar.id: 70},
        )

    def test_the_forecast_of_the_month_is_what_was_expected(self):
        """Also of a customer who has had nothing before; a later price is a change."""
        task = self._start_task(customers=self.customer + self.other_customer)
        self._keep_forecast("2027-03-31 20:00:00")
        task.line_ids.price_unit = 130
        self._run_cron("2027-04-01 08:00:00")
        (own,) = explain(self._get_run()._get_comparison_groups()).values()
        self.assertEqual((own.expected, own.first, own.changed), (200, 0, 60))
        self.assertEqual(own.issued, 260)

    def test_who_is_missing_was_expected_at_the_forecast(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        self._keep_forecast("2027-03-31 20:00:00")
        task.recipient_ids[0].action_pause()
        self._run_cron("2027-04-01 08:00:00")
        (own,) = explain(self._get_run()._get_comparison_groups()).values()
        self.assertEqual((own.expected, own.missing, own.issued), (200, 100, 100))

    def test_another_currency_is_not_compared_with_the_forecast(self):
        """The forecast is in the currency of the company."""
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"name": "2027-01-01", "currency_id": dollar.id, "rate": 2.0}
        )
        task = self._start_task(
            currency_id=dollar.id, lines=[{"name": "Work", "price_unit": 70}]
        )
        self._run_cron("2027-04-01 08:00:00")
        self._keep_forecast("2027-04-30 20:00:00")
        task.line_ids.price_unit = 80
        found = explain(self._run_may()._get_comparison_groups())
        self.assertEqual(list(found), [dollar.id])
        own = found[dollar.id]
        self.assertEqual((own.expected, own.changed, own.issued), (70, 10, 80))

    def test_what_happens_later_does_not_change_it(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        self._run_cron("2027-04-01 08:00:00")
        task.recipient_ids[0].action_pause()
        run = self._run_may()
        before = self._get_missing(run)
        task.recipient_ids[0].action_resume()
        self.assertEqual(run.missing_count, 1)
        self.assertEqual(self._get_missing(run), before)

    # === EXPECTED BUT MISSING === #

    def test_each_missing_one_is_named_with_its_reason(self):
        customers = self._create_customers(5)
        task = self._start_task(customers=customers[:3])
        paused = self._start_task(name="Paused", customers=customers[3])
        stopped = self._start_task(name="Stopped", customers=customers[4])
        self._run_cron("2027-04-01 08:00:00")
        task.recipient_ids[0].action_pause()
        task.recipient_ids[1].action_stop()
        paused.action_pause()
        stopped.action_stop()
        run = self._run_may()
        self.assertEqual(
            self._get_missing(run),
            [
                (customers[0], "2027-05-01", "The customer is paused."),
                (
                    customers[1],
                    "2027-05-01",
                    f"The customer is stopped. Stopped by {self.biller.name}.",
                ),
                (customers[3], "2027-05-01", "The task is paused."),
                (
                    customers[4],
                    "2027-05-01",
                    f"The task is over. Stopped by {self.biller.name}.",
                ),
            ],
        )
        self.assertEqual(run.missing_count, 4)
        html = str(run.with_user(self.reader).report_html)
        self.assertIn("Expected but missing (4)", html)

    def test_it_is_told_once(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        self._run_cron("2027-04-01 08:00:00")
        task.recipient_ids[0].action_pause()
        self._run_may()
        self._run_cron("2027-06-01 08:00:00")
        self.assertFalse(self._get_missing(self._get_run()))

    def test_who_failed_or_waits_is_not_missing(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        self._run_cron("2027-04-01 08:00:00")
        self.company.recurring_change_vat = True
        self.customer.vat = "ESA12345674"
        self.other_customer.active = False
        run = self._run_may()
        self.assertEqual((run.held_count, run.failed_count), (1, 1))
        self.assertEqual(run.missing_count, 0)
        self.assertEqual(len(task.sudo().occurrence_ids), 4)

    def test_of_run_now_nothing_else_was_expected(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        self._run_cron("2027-04-01 08:00:00")
        task.recipient_ids[0].action_pause()
        self.clock.move_to("2027-05-01 08:00:00")
        task.action_run_now()
        self.assertEqual(self._get_run().missing_count, 0)

    def test_the_responsible_is_told_although_nothing_of_his_was_issued(self):
        self._start_task()
        theirs = self._start_task(name="Theirs", user_id=self.manager.id)
        self._run_cron("2027-04-01 08:00:00")
        theirs.action_pause()
        mails = self._get_mails(self._run_may()).sorted("email_to")
        self.assertEqual(len(mails), 2)
        self.assertIn("0 issued, 1 expected but missing", mails[1].subject)
        self.assertIn("The task is paused.", mails[1].body_html)
        self.assertNotIn("missing", mails[0].body_html)

    def test_another_company_sees_nothing_of_it(self):
        self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        other = self._create_billing_company(name="Other Co")
        run = self.env["recurring.run"]._open("schedule", other)[other]
        self.clock.move_to("2027-05-01 08:00:00")
        self.assertFalse(run._find_missing())


@tagged("post_install", "-at_install", "slow")
class TestRunComparisonBudget(RecurringCommon):
    def test_it_costs_the_same_for_any_number_of_customers(self):
        customers = self._create_customers(110)
        counts, missing = [], 0
        for members in (customers[:10], customers[10:]):
            task = self._start_task(customers=members)
            self._run_cron("2027-04-01 08:00:00")
            run = self._get_rows(task).run_id
            task.action_pause()
            self.clock.move_to("2027-05-01 08:00:00")
            run.date_end = "2027-05-01 08:00:00"
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            run._freeze_comparison()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            missing += len(members)  # those of the first task still are
            self.assertEqual(run.missing_count, missing)
            run.date_end = "2027-04-01 08:00:00"
            self.clock.move_to("2027-03-15 10:00:00")
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLessEqual(counts[0], 25)

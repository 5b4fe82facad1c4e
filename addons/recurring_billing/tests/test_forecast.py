"""What the forecast shows, and to whom."""

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .forecast_common import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecast(ForecastCommon):
    people = ("stranger", "portal", "reader", "manager")

    # === DATES === #

    def test_the_month_of_today_and_the_23_after_it(self):
        task = self._start_priced(date_start="2027-03-20")
        rows = self._get_forecast(task)
        self.assertEqual(len(rows), 24)
        self.assertEqual(str(rows[0].date), "2027-03-20")
        self.assertEqual(str(rows[-1].date), "2029-02-20")

    def test_what_is_issued_is_not_expected_any_more(self):
        task = self._start_priced()
        self._run_cron("2027-04-01 08:00:00")
        self.assertForecast(task, "2027-05-01", "2027-06-01")

    def test_only_what_runs_is_expected(self):
        task = self._create_task(customers=self.customer + self.other_customer)
        self.assertFalse(self._get_forecast(task))
        task.action_start()
        task.recipient_ids[0].action_pause()
        rows = self._get_forecast(task)
        self.assertEqual(rows.partner_id, self.other_customer)
        task.action_pause()
        self.assertFalse(self._get_forecast(task))

    def test_the_schedules_date_is_shown_not_the_working_day(self):
        task = self._start_priced(business_day_shift="after")
        self.assertForecast(task, "2027-04-01", "2027-05-01")  # a Saturday

    def test_a_missed_date_is_overdue(self):
        task = self._start_priced()
        self.clock.move_to("2027-05-10 08:00:00")
        self.assertForecast(task, "2027-04-01", "2027-05-01", states=("overdue",))
        self.assertForecast(task, "2027-06-01")

    def test_a_missed_date_that_will_be_skipped_is_not_expected(self):
        task = self._start_priced(catch_up="skip")
        self.clock.move_to("2027-05-10 08:00:00")
        self.assertForecast(task, "2027-06-01", states=("coming", "overdue"))

    def test_until_its_working_day_has_passed_a_date_is_not_missed(self):
        task = self._start_priced(
            date_start="2027-05-01", catch_up="skip", business_day_shift="after"
        )
        self.clock.move_to("2027-05-03 05:00:00")  # Monday, before the run
        self.assertForecast(task, "2027-05-01", states=("overdue",))

    def test_failed_and_held_documents_are_still_expected(self):
        task = self._start_priced(customers=self.customer + self.other_customer)
        self.customer.active = False
        self._run_cron("2027-04-01 08:00:00")
        row = self._get_forecast(task)[0]
        self.assertEqual((str(row.date), row.status), ("2027-04-01", "failed"))
        self.assertEqual(row.partner_id, self.customer)

    def test_an_unknown_time_zone_counts_as_utc(self):
        task = self._start_priced()
        self.env.cr.execute(
            "UPDATE recurring_task SET tz = 'Mars/Base' WHERE id = %s", (task.id,)
        )
        self.assertForecast(task, "2027-04-01")

    # === AMOUNTS === #

    def test_amounts_are_untaxed_in_the_currency_of_the_company(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "name": "2027-01-01",
                "rate": 2.0,
                "company_id": self.company.id,
            }
        )
        included = self._create_tax(
            name="Incl", amount=25, price_include_override="tax_included"
        )
        task = self._start_priced(
            currency_id=dollar.id,
            lines=[
                {
                    "name": "A",
                    "price_unit": 125,
                    "tax_ids": [Command.set(included.ids)],
                },
                {"name": "B", "price_unit": 50, "quantity": 2, "discount": 10},
            ],
        )
        row = self._get_forecast(task)[0]
        self.assertEqual(row.amount_untaxed, 95)  # (100 + 90) dollars
        self.assertEqual(row.currency_id, self.company.currency_id)
        self.assertEqual(str(row.priced_on), "2027-03-15")

    def test_by_product_a_row_for_each_line(self):
        task = self._start_priced(
            lines=[
                {"product_id": self.product.id, "quantity": 3},
                {"display_type": "line_note", "name": "Thank you"},
                {"product_id": self.other_product.id},
            ]
        )
        rows = self._get_forecast(task, model="recurring.forecast.line")
        self.assertEqual(len(rows), 2 * 23)
        first = rows[:2].sorted("amount_untaxed", reverse=True)
        self.assertEqual(first.mapped("amount_untaxed"), [300, 40])
        self.assertEqual(first[0].product_id, self.product)
        self.assertEqual(first[0].quantity, 3)
        self.assertEqual(
            sum(rows.mapped("amount_untaxed")),
            sum(self._get_forecast(task).mapped("amount_untaxed")),
        )

    def test_the_salesperson_is_that_of_the_documents(self):
        self.customer.user_id = self.manager
        task = self._start_priced()
        self.assertEqual(self._get_forecast(task).user_id, self.manager)
        task.salesperson_id = self.reader
        self.assertEqual(self._get_forecast(task).user_id, self.reader)

    # === READING === #

    def test_rows_can_be_grouped_by_everything_that_the_screen_offers(self):
        task = self._start_priced()
        own = [("task_id", "=", task.id), ("date", "<", "2027-05-01")]
        for model in ("recurring.forecast", "recurring.forecast.line"):
            Forecast = self.env[model].with_user(self.biller)
            for field in ("task_id", "partner_id", "user_id", "document_type"):
                self.assertEqual(
                    Forecast._read_group(own, [field], ["amount_untaxed:sum"])[0][1],
                    100,
                )
            groups = Forecast.formatted_read_group(
                own, ["date:month", "source"], ["amount_untaxed:sum_currency"]
            )
            self.assertEqual(groups[0]["amount_untaxed:sum_currency"], 100)

    def test_ids_stay(self):
        task = self._start_priced()
        before = {r.date: r.id for r in self._get_forecast(task)}
        self._run_cron("2027-04-01 08:00:00")
        for row in self._get_forecast(task):
            if row.date in before:
                self.assertEqual(row.id, before[row.date])

    def test_a_row_leads_to_its_task(self):
        task = self._start_priced()
        for model in ("recurring.forecast", "recurring.forecast.line"):
            row = self._get_forecast(task, user=self.reader, model=model)[0]
            action = row.action_open_task()
            self.assertEqual(
                (action["res_model"], action["res_id"]), (task._name, task.id)
            )

    # === RIGHTS === #

    def test_nobody_but_the_people_of_recurring_billing_looks_into_it(self):
        self._start_priced()
        for user in (self.stranger, self.portal):
            for model in ("recurring.forecast", "recurring.forecast.line"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_each_company_has_its_own(self):
        other = self._create_billing_company(name="Other Co")
        task = self._start_priced()
        neighbour = self._create_user(
            "neighbour", "recurring_billing.group_billing", company=other
        )
        self.assertTrue(self._get_forecast(task))
        self.assertFalse(self._get_forecast(task, user=neighbour))

    def test_readers_do_not_update_prices(self):
        row = self._get_forecast(self._start_priced(), user=self.reader)[0]
        for user in (self.reader, self.stranger, self.portal):
            with self.assertRaises(AccessError):
                row.with_user(user).action_update_prices()
            with self.assertRaises(AccessError):
                self.env["recurring.forecast"].with_user(user).action_update_prices()

    def test_a_clerk_updates_the_prices_of_a_row(self):
        task = self._start_priced(price_mode="pricelist")
        self.product.list_price = 130
        row = self._get_forecast(task)[0]
        self.assertEqual(row.amount_untaxed, 100)
        action = row.action_update_prices()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(self._get_forecast(task)[0].amount_untaxed, 130)
        self.assertEqual(row.priced_on, fields.Date.to_date("2027-03-15"))

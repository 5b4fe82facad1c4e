"""The dashboard's chart, its bars as links, and what the watchdog has to say."""

from odoo.tests import tagged

from .forecast_common import ForecastCommon
from .test_dashboard import DashboardCommon


@tagged("post_install", "-at_install")
class TestDashboardChart(ForecastCommon, DashboardCommon):
    """Two customers get an invoice of 100 every month from April 2027 on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._start_task(cls.customer | cls.other_customer)

    def setUp(self):
        super().setUp()
        self._settle()

    def _get_bars(self, **values):
        chart = self._get_dashboard(**values).get_chart()
        (series,) = chart["series"]
        return dict(zip(chart["months"], series["bars"], strict=True))

    def test_a_bar_for_each_of_twelve_months(self):
        bars = self._get_bars()
        self.assertEqual(
            [(month, bar["amount"]) for month, bar in bars.items()][:3],
            [("Mar 27", 0.0), ("Apr 27", 200.0), ("May 27", 200.0)],
        )
        self.assertEqual(list(bars)[-1], "Feb 28")

    def test_the_records_behind_a_bar_come_to_as_much(self):
        forecast = self._get_dashboard().env["recurring.forecast"]
        for month, bar in self._get_bars().items():
            with self.subTest(month):
                rows = forecast.search(bar["domain"])
                self.assertEqual(sum(rows.mapped("amount_untaxed")), bar["amount"])

    def test_amounts_of_several_companies_are_converted(self):
        dollar = self._enable_currency("USD")
        other = self._create_billing_company(name="Dollar Co", currency_id=dollar.id)
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2027-01-01",
                "rate": 2.0,
            }
        )
        self.biller.company_ids |= other
        env = self._get_company_env(other)
        line = {"name": "Work", "price_unit": 60.0}
        task = env["recurring.task"].create(
            self._prepare_task(lines=[line], company_id=other.id)
        )
        task.action_start()
        self._settle()
        bars = self._get_bars(companies=self.company + other)
        self.assertEqual(bars["Apr 27"]["amount"], 200.0 + 30.0)

    def test_nothing_expected_no_chart(self):
        self.task.action_stop()
        self.assertEqual(self._get_dashboard().get_chart(), {})

    def test_the_number_of_queries_does_not_grow(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._get_dashboard().get_chart()
            return self.cr.sql_log_count - before

        count()  # caches of the server
        few = count()
        self._start_task(self._create_customers(50))
        self._settle()
        self.assertEqual(self._get_bars()["Apr 27"]["amount"], 5200.0)
        self.assertLessEqual(count(), few)

    def test_what_the_watchdog_found_stands_on_top(self):
        self.task.action_run_now()
        rows = self.task.sudo().occurrence_ids
        rows.move_id.button_cancel()
        rows.write({"state": "held", "res_id": False})
        findings = self._get_dashboard().get_data()["findings"]
        self.assertIn("waiting", [finding["key"] for finding in findings])

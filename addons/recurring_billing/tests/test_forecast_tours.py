"""The forecast as people look at it, on a desktop and on a phone."""

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_tours import TourCase


class ForecastTourCase(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = fields.Date.today() + relativedelta(months=1, day=1)
        cls.task = cls.env["recurring.task"].create(
            {
                "name": "Tour task",
                "completion": "confirm",
                "date_start": first,
                "line_ids": [Command.create({"product_id": cls.product.id})],
                "recipient_ids": [Command.create({"partner_id": cls.customer.id})],
            }
        )
        cls.task.action_start()
        cls.env["recurring.forecast.price"]._update(cls.task.recipient_ids)

    def _keep_past_month(self):
        """A document that was expected and issued a month ago."""
        baseline = self.env["recurring.forecast.baseline"]
        self.task.action_run_now()
        row = self.task.occurrence_ids
        self.assertEqual(row.state, "generated")
        baseline._keep_month(self.env.company, row.scheduled_date.replace(day=1))


@tagged("post_install", "-at_install", "tour")
class TestForecastDesktop(ForecastTourCase):
    browser_size = "1366x768"

    def test_the_coming_months_and_what_became_of_the_past_ones(self):
        self._keep_past_month()
        self.start_tour(
            "/odoo/recurring-forecast",
            "recurring_billing_forecast_desktop",
            login="tour_biller",
        )


@tagged("post_install", "-at_install", "tour")
class TestForecastPhone(ForecastTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_the_coming_months(self):
        self.start_tour(
            "/odoo/recurring-forecast",
            "recurring_billing_forecast_phone",
            login="tour_biller",
        )

"""The dashboard as people use it."""

from odoo import Command, fields
from odoo.tests import tagged

from .test_tours import TourCase


class DashboardTourCase(TourCase):
    def _start_task(self):
        task = self.env["recurring.task"].create(
            {
                "name": "Tour task",
                "date_start": fields.Date.add(fields.Date.today(), days=9),
                "line_ids": [Command.create({"product_id": self.product.id})],
                "recipient_ids": [Command.create({"partner_id": self.customer.id})],
            }
        )
        task.action_start()
        return task

    def _look(self, name):
        """One document failed: the figure leads to it."""
        task = self._start_task()
        self.customer.active = False
        task.action_run_now()
        self.start_tour("/odoo/billing-dashboard", name, login="tour_biller")


@tagged("post_install", "-at_install", "tour")
class TestDashboardDesktop(DashboardTourCase):
    browser_size = "1366x768"

    def test_figures_are_links_and_back_works(self):
        self._look("recurring_billing_dashboard_desktop")

    def test_bars_are_links(self):
        self._start_task()
        self.env["recurring.forecast.price"].sudo()._update_changed()
        self.start_tour(
            "/odoo/billing-dashboard",
            "recurring_billing_dashboard_chart",
            login="tour_biller",
        )

    def test_the_first_day(self):
        company = self.env["res.company"].create({"name": "Fresh Co"})
        self.biller.write(
            {
                "company_ids": [Command.set(company.ids)],
                "company_id": company.id,
            }
        )
        self.start_tour(
            "/odoo/billing-dashboard",
            "recurring_billing_dashboard_start",
            login="tour_biller",
        )


@tagged("post_install", "-at_install", "tour")
class TestDashboardPhone(DashboardTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_figures_are_links_and_back_works(self):
        self._look("recurring_billing_dashboard_phone")

"""The portfolio as people use it, on a desktop and on a phone."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_portfolio_upload import UploadCommon


class PortfolioTourCase(UploadCommon, HttpCase):
    is_clock_frozen = False

    def setUp(self):
        super().setUp()
        self.customer = self._create_customer("1 Tour Customer", user_id=self.seller.id)
        year = fields.Date.today().year
        self.portfolio.write({"date_from": f"{year}-01-01", "date_to": f"{year}-12-31"})
        self.line_values = {"billing_initial": 500, "billing_uploaded": 500}

    def _fill(self):
        self._bill(self.customer, 500, day=self.portfolio.reference_from)
        self._tour("crm_sla_portfolio_fill", f"portfolios/{self.portfolio.id}")
        self.assertEqual(self.portfolio.line_ids.billing_initial, 500)

    def _upload_files(self):
        self._add_line(self.customer, **self.line_values)
        for name, customer in (("wrong", "Nobody"), ("right", self.customer.name)):
            self.env["ir.attachment"].create(
                {
                    "name": f"{name}.xlsx",
                    "url": f"/crm_sla_tour/{name}.xlsx",
                    "raw": self._make_file(
                        ["Customer", "Final billing"], [customer, 77]
                    ),
                    "public": True,
                }
            )
        self._tour("crm_sla_portfolio_upload", f"portfolios/{self.portfolio.id}")
        self.assertEqual(self.portfolio.line_ids.billing_final, 77)
        states = self.portfolio.upload_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["refused", "done"])

    def _look(self):
        self._add_line(self.customer, **self.line_values)
        self._add_line(self._create_customer("2 Tour Customer"))
        self._tour("crm_sla_portfolio_agent", "my-portfolio", "seller")

    def _tour(self, tour, path, login="sales_manager"):
        self.start_tour(f"/odoo/{path}", tour, login=login)


@tagged("post_install", "-at_install", "tour")
class TestPortfolioDesktop(PortfolioTourCase):
    browser_size = "1366x768"

    def test_customers_are_filled_in(self):
        self._fill()

    def test_a_wrong_file_comes_back_and_a_right_one_is_read(self):
        self._upload_files()

    def test_an_agent_sees_his_customers(self):
        self._look()


@tagged("post_install", "-at_install", "tour")
class TestPortfolioPhone(PortfolioTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_customers_are_filled_in(self):
        self._fill()

    def test_a_wrong_file_comes_back_and_a_right_one_is_read(self):
        self._upload_files()

    def test_an_agent_sees_his_customers(self):
        self._look()

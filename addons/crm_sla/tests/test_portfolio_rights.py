"""Who sees which line: the agent his own, portal users nothing, companies apart."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .portfolio_common import PortfolioCommon


@tagged("post_install", "-at_install")
class TestPortfolioRights(PortfolioCommon):
    def setUp(self):
        super().setUp()
        self.alma.user_id = self.seller
        self.own = self._add_line(billing_initial=300, billing_uploaded=350)
        self.foreign = self._add_line(
            self.borja, billing_initial=5, agent_custom_id=self.other_seller.id
        )

    def _get_lines(self, user):
        return self.env["crm.portfolio.line"].with_user(user).search([])

    def test_an_agent_sees_his_lines_only(self):
        self.assertEqual(self._get_lines(self.seller), self.own)
        self.assertEqual(self._get_lines(self.other_seller), self.foreign)
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.seller).read(["billing_initial"])
        self.own.agent_custom_id = self.other_seller
        self.assertFalse(self._get_lines(self.seller))

    def test_an_agent_sees_the_portfolio_with_the_sum_of_his_own(self):
        other = self._create_portfolio(name="Other")
        portfolios = self.env["crm.portfolio"].with_user(self.seller)
        self.assertEqual(portfolios.search([]), self.portfolio)
        portfolio = portfolios.browse(self.portfolio.id)
        self.assertEqual((portfolio.line_count, portfolio.billing_initial), (1, 300))
        self.assertFalse(portfolios.search([("id", "=", other.id)]))

    def test_an_agent_sees_what_others_invoiced_to_his_customer(self):
        line = self._add_line(self.carla, agent_custom_id=self.seller.id)
        self._bill(self.carla, 70, invoice_user_id=self.other_seller.id)
        line = line.with_user(self.seller)
        line.invalidate_recordset()
        self.assertEqual(line.billing_final, 70)
        domain = [("id", "=", line.id), ("billing_final", "=", 70)]
        self.assertEqual(line.search(domain), line)

    def test_an_agent_follows_his_line_with_notes_and_activities(self):
        line = self.own.with_user(self.seller)
        line.message_post(body="Called")
        line.activity_schedule("mail.mail_activity_data_call", user_id=self.seller.id)
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.seller).message_post(body="Called")

    def test_an_agent_changes_nothing(self):
        line = self.own.with_user(self.seller)
        portfolio = self.portfolio.with_user(self.seller)
        for change in (
            lambda: line.write({"billing_initial": 1}),
            lambda: line.unlink(),
            portfolio.action_start,
            portfolio.action_fill,
            portfolio.action_upload,
            portfolio.action_download_template,
            portfolio.action_view_uploads,
        ):
            with self.assertRaises(AccessError):
                change()

    def test_whoever_sees_all_documents_sees_all_lines(self):
        leader = self._create_user("leader", "sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self._get_lines(leader), self.own + self.foreign)

    def test_portal_users_see_nothing(self):
        for model in ("crm.portfolio", "crm.portfolio.line", "crm.portfolio.upload"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.portal).search([])
        with self.assertRaises(AccessError):
            self.portfolio.with_user(self.portal).action_start()

    def test_other_companies_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other Co"})
        foreign = self._create_portfolio(name="Foreign", company_id=other.id)
        manager = foreign.with_user(self.sales_manager)
        self.assertFalse(manager.search([("id", "=", foreign.id)]))
        with self.assertRaises(AccessError):
            manager.action_download_template()
        with self.assertRaises(AccessError):
            self.env["crm.portfolio.upload"].with_user(self.sales_manager).create(
                {"portfolio_id": foreign.id, "file": b"eA=="}
            ).action_upload()


@tagged("post_install", "-at_install")
class TestPortfolioDownload(PortfolioCommon, HttpCase):
    def _get(self, login):
        self.authenticate(login, login)
        return self.url_open(f"/crm_sla/portfolio/{self.portfolio.id}/template")

    def test_the_template_is_for_administrators_of_sales(self):
        self._add_line()
        answer = self._get("sales_manager")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Key%20accounts.xlsx", answer.headers["Content-Disposition"])
        sheet = self._open(answer.content).worksheets[0]
        self.assertEqual(sheet["B2"].value, "Alma Books")
        for login in ("seller", "portal_customer"):
            with mute_logger("odoo.http"):
                self.assertEqual(self._get(login).status_code, 403)

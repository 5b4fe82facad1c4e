"""What the dashboard of recurring billing tells about the time after the sale."""

from odoo import Command

from .intervention_common import InterventionCommon

SERVICE = {"to_renew", "to_bill", "sla_at_risk", "sla_missed"}
QUOTATIONS = {"quotations_sent", "quotations_opened", "quotations_refused"}


class TestDashboard(InterventionCommon):
    people = ("stranger",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        billing = cls.env.ref("recurring_billing.group_billing")
        cls.clerk.group_ids |= billing
        cls.stranger.group_ids |= billing
        cls.env["crm.sla.policy"].create(
            {"name": "General", "hours": 8, "project_ids": cls.project.ids}
        )
        cls.promised = cls._create_ticket(name="The printer jams")

    def _get_figures(self, user=None):
        dashboard = self.env["recurring.dashboard"].with_user(user or self.clerk)
        groups = dashboard.get_data()["groups"]
        return {f["key"]: f for group in groups for f in group["figures"]}

    def assertFigure(self, key, value):
        """The figure has this value, and as many records stand behind its link."""
        figure = self._get_figures()[key]
        self.assertEqual(figure["value"], value)
        link = figure["action"]
        records = self.env[link["res_model"]].with_user(self.clerk)
        self.assertEqual(records.search_count(link["domain"]), value)

    def _assert_one_more(self, key, happen):
        before = self._get_figures()[key]["value"]
        happen()
        self.assertFigure(key, before + 1)

    def test_contracts_to_renew(self):
        contract = self._create_active_contract()
        self._assert_one_more(
            "to_renew", lambda: contract.sudo().write({"state": "to_renew"})
        )

    def test_activities_to_bill(self):
        self._assert_one_more("to_bill", self._create_activity)

    def test_sla_at_risk_then_missed(self):
        self.assertEqual(self._get_figures()["sla_at_risk"]["value"], 0)
        self.clock.move_to(self.promised.sla_risk_date)
        self.assertFigure("sla_at_risk", 1)
        self.clock.move_to("2027-03-31 10:00:00")
        self.assertFigure("sla_at_risk", 0)
        self.assertFigure("sla_missed", 1)
        self.promised.state = "1_done"
        self.assertFigure("sla_missed", 0)

    def test_quotations_with_customers(self):
        self.clerk.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        self._assert_one_more("quotations_sent", self._send_quotation)

    def _send_quotation(self):
        line = {"product_id": self.product.id}
        self.env["sale.order"].with_user(self.clerk).create(
            {
                "partner_id": self.customer.id,
                "user_id": self.clerk.id,
                "order_line": [Command.create(line)],
            }
        ).action_quotation_sent()

    def test_figures_are_for_those_who_may_see_the_records(self):
        self.assertFalse(self._get_figures(self.stranger).keys() & SERVICE)
        self.assertLessEqual(SERVICE, self._get_figures().keys())
        self.assertFalse(self._get_figures().keys() & QUOTATIONS)

"""Contracts as people use them, on a desktop and on a phone."""

from odoo.tests import HttpCase, new_test_user, tagged


class ContractTourCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "tour_postsale",
            groups="postsale_contracts.group_postsale_user,"
            "postsale_contracts.group_billing_config,"
            "sales_team.group_sale_salesman",
            email="postsale@example.com",
            lang="en_US",
        )
        cls.customer = cls.env["res.partner"].create({"name": "1 Tour Customer"})
        cls.product = cls.env["product.product"].create(
            {"name": "Tour Service", "type": "service", "list_price": 50.0}
        )
        Config = cls.env["postsale.config"]
        cls.config = Config._get_for_company(cls.env.company) or Config.create({})
        cls.config.write(
            {"new_product_id": cls.product.id, "new_order_kind": "quotation"}
        )

    def _make_contract(self, tour):
        self.start_tour("/odoo/postsale-contracts", tour, login="tour_postsale")
        contract = self.env["postsale.contract"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.sale_order_id.amount_untaxed, 480)
        self.assertEqual(contract.sale_order_id.deal_subject, "Tour subject")

    def _write_settings(self, tour):
        action = self.env.ref("postsale_contracts.postsale_config_action_server")
        self.start_tour(f"/odoo/action-{action.id}", tour, login="tour_postsale")
        self.assertEqual(self.config.new_subject, "Tour subject")


@tagged("post_install", "-at_install", "tour")
class TestContractTourDesktop(ContractTourCase):
    browser_size = "1366x768"

    def test_settings_contract_order(self):
        self._write_settings("postsale_config")
        self._make_contract("postsale_contract_desktop")


@tagged("post_install", "-at_install", "tour")
class TestContractTourPhone(ContractTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_settings_contract_order(self):
        self._write_settings("postsale_config")
        self._make_contract("postsale_contract_phone")

"""The customer's page: his own contracts, and nobody else's."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import PostsaleCommon

#: Contracts of other customers that are tried.
FOREIGN = 200


@tagged("post_install", "-at_install")
class TestContractPortal(PostsaleCommon, HttpCase):
    people = ("portal",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal.partner_id.parent_id = cls.customer
        cls.portal.password = "portal-password"
        cls.own = cls._create_contract(product_id=cls.product.id, customer_cost=480)
        cls.own.sudo().asset_ids = cls._create_asset(serial_no="SN-77")
        cls.own.action_activate()
        cls.draft = cls._create_contract()
        other = cls._create_customer("Bela Cars")
        values = {
            "partner_id": other.id,
            "date_start": "2027-01-01",
            "date_end": "2027-12-31",
        }
        cls.foreign = cls.env["postsale.contract"].create([values] * FOREIGN)
        cls.foreign._update_state(("draft",), "active")

    def setUp(self):
        super().setUp()
        self.authenticate(self.portal.login, "portal-password")

    def test_he_finds_his_contracts(self):
        page = self.url_open("/my/contracts").text
        self.assertIn(self.own.name, page)
        self.assertNotIn(self.draft.name, page)
        self.assertNotIn(self.foreign[0].name, page)
        count = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["postsale_contract_count"]}
        )
        self.assertEqual(count["postsale_contract_count"], 1)
        self.assertIn("/my/contracts", self.url_open("/my").text)

    def test_the_page_says_what_is_covered_and_until_when(self):
        self.own.action_new_order()
        order = self.own.sudo().sale_order_id
        self.assertNotIn(order.name, self.url_open(f"/my/contracts/{self.own.id}").text)
        order.action_confirm()
        page = self.url_open(f"/my/contracts/{self.own.id}").text
        for text in ("12/31/2027", "Boiler", "SN-77", "Active", order.name):
            self.assertIn(text, page)

    def test_foreign_numbers_lead_nowhere(self):
        missing = max(self.foreign.ids) + 1000
        names = self.foreign.mapped("name")
        for contract_id in (*self.foreign.ids[::10], self.draft.id, missing):
            for token in ("", "?access_token=x"):
                answer = self.url_open(
                    f"/my/contracts/{contract_id}{token}", allow_redirects=False
                )
                self.assertIn(answer.status_code, (302, 303))
                self.assertTrue(answer.headers["Location"].endswith("/my/contracts"))
                self.assertFalse([name for name in names if name in answer.text])

    def test_nobody_else_is_let_in(self):
        self.logout(keep_db=True)
        answer = self.url_open(f"/my/contracts/{self.own.id}", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_the_server_holds_him_to_his_own(self):
        Contract = self.env["postsale.contract"].with_user(self.portal)
        self.assertEqual(Contract.search([]), self.own)
        for contract in self.foreign.with_user(self.portal):
            with self.assertRaises(AccessError):
                contract.check_access("read")
        with self.assertRaises(AccessError):
            self.own.with_user(self.portal).write({"customer_cost": 1})
        with self.assertRaises(AccessError):
            self.own.with_user(self.portal).read(["description"])

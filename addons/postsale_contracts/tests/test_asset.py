"""Customers' assets: who sees and keeps them, and how they are found."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .asset_common import AssetCommon


@tagged("post_install", "-at_install")
class TestAssetRights(AssetCommon):
    """The assets of customers are common ground; the company's own equipment is not."""

    people = (
        "clerk",
        "technician",
        "stranger",
        "seller",
        "accountant",
        "reader",
        "keeper",
        "portal",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._create_asset("Coffee machine", customer_id=False)

    def _get_seen(self, user):
        assets = self.env["maintenance.equipment"].with_user(user)
        return assets.search([]).mapped("name")

    def test_whoever_works_with_documents_sees_the_assets_of_customers(self):
        for role in ("technician", "clerk", "seller", "accountant", "reader"):
            with self.subTest(role):
                seen = self._get_seen(getattr(self, role))
                self.assertLessEqual({"Boiler", "Pump", "Lift"}, set(seen))
                self.assertNotIn("Coffee machine", seen)

    def test_nobody_else_does(self):
        self.assertFalse(self._get_seen(self.stranger))
        with self.assertRaises(AccessError):
            self._get_seen(self.portal)

    def test_assets_of_other_companies_do_not_show(self):
        other = self._create_billing_company(name="Elsewhere")
        self.boiler.company_id = other
        for role in ("technician", "clerk", "seller"):
            with self.subTest(role):
                self.assertNotIn("Boiler", self._get_seen(getattr(self, role)))

    def test_a_technician_reads_only(self):
        with self.assertRaises(AccessError):
            self.boiler.with_user(self.technician).customer_location = "Cellar"

    def test_a_clerk_keeps_them(self):
        assets = self.env["maintenance.equipment"].with_user(self.clerk)
        asset = assets.create({"name": "Fan", "customer_id": self.customer.id})
        asset.write({"serial_no": "F-1", "customer_id": self.other_customer.id})
        self.assertEqual(asset.customer_id, self.other_customer)
        with self.assertRaises(AccessError):
            asset.unlink()

    def test_a_clerk_makes_no_equipment_of_the_company(self):
        assets = self.env["maintenance.equipment"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            assets.create({"name": "Fan"})
        with self.assertRaisesRegex(AccessError, "has no customer"):
            self.boiler.with_user(self.clerk).customer_id = False

    def test_a_clerk_changes_none_of_it_even_if_he_follows_it(self):
        self.own.message_subscribe(self.clerk.partner_id.ids)
        own = self.own.with_user(self.clerk)
        self.assertEqual(own.name, "Coffee machine")
        for values in ({"name": "Mine"}, {"customer_id": self.customer.id}):
            with self.subTest(values), self.assertRaises(AccessError):
                own.write(values)

    def test_equipment_managers_work_as_before(self):
        equipment = self.env["maintenance.equipment"].with_user(self.keeper)
        drill = equipment.create({"name": "Drill"})
        drill.name = "Drill 2"
        self.boiler.with_user(self.keeper).customer_id = False

    def test_the_customer_is_of_the_same_company(self):
        other = self._create_billing_company(name="Elsewhere")
        self.boiler.company_id = self.company
        with self.assertRaises(UserError):
            self.boiler.customer_id = self._create_customer(
                name="Far", company_id=other.id
            )


@tagged("post_install", "-at_install")
class TestAssetCustomer(AssetCommon):
    """From the customer to his assets."""

    people = ("technician",)

    def test_assets_of_contacts_and_addresses_count_for_the_company(self):
        shop = self._create_customer(name="Shop", parent_id=self.customer.id)
        self._create_asset("Oven", customer_id=shop.id)
        customers = (self.customer + shop + self.other_customer).with_user(
            self.technician
        )
        self.assertEqual(customers.mapped("asset_count"), [3, 1, 1])

    def test_the_button_opens_them_and_fills_the_customer_in(self):
        action = self.customer.with_user(self.technician).action_view_assets()
        found = self.env["maintenance.equipment"].search(action["domain"])
        self.assertEqual(found, self.boiler + self.pump)
        self.assertEqual(action["context"]["default_customer_id"], self.customer.id)

    def test_the_number_of_customers_costs_nothing(self):
        customers = self._create_customers(30)
        for customer in customers:
            self._create_asset("Oven", customer_id=customer.id)
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            self.assertEqual(sum(customers.mapped("asset_count")), 30)

    def test_filters_by_warranty_know_today(self):
        self.boiler.warranty_date = "2027-03-15"
        self.pump.warranty_date = "2027-03-14"
        view = self.env.ref("postsale_contracts.maintenance_equipment_view_search")
        equipment = self.env["maintenance.equipment"]
        arch = equipment.get_view(view.id, "search")["arch"]
        for name, expected in (
            ("in_warranty", self.boiler),
            ("warranty_ends_soon", self.boiler),
            ("warranty_ended", self.pump),
        ):
            with self.subTest(name):
                self.assertEqual(self._search_filter(arch, name), expected)

    def _search_filter(self, arch, name):
        node = etree.fromstring(arch).find(f".//filter[@name='{name}']")
        own = [("id", "in", (self.boiler + self.pump).ids)]
        return self.env["maintenance.equipment"].search(
            own + literal_eval(node.get("domain"))
        )

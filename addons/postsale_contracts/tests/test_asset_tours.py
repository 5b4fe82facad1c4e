"""The page of an asset and its history, on a desktop and on a phone."""

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


class AssetTourCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "tour_asset",
            groups="postsale_contracts.group_postsale_user,"
            "sales_team.group_sale_salesman_all_leads,recurring_billing.group_billing",
            email="tour_asset@example.com",
            lang="en_US",
        )
        cls.customer = cls.env["res.partner"].create({"name": "1 Tour Customer"})
        cls.boiler, cls.pump = cls.env["maintenance.equipment"].create(
            [
                {"name": "Tour Boiler", "customer_id": cls.customer.id},
                {"name": "Tour Pump", "customer_id": cls.customer.id},
            ]
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "asset_ids": [Command.set(cls.boiler.ids)],
            }
        )


@tagged("post_install", "-at_install", "tour")
class TestAssetDesktop(AssetTourCase):
    browser_size = "1366x768"

    def test_from_the_asset_to_its_documents(self):
        self.start_tour("/odoo/assets", "postsale_asset_desktop", login="tour_asset")

    def test_one_line_per_asset(self):
        task = self.env["recurring.task"].create(
            {
                "name": "Tour task",
                "recipient_ids": [Command.create({"partner_id": self.customer.id})],
            }
        )
        self.start_tour(
            f"/odoo/recurring-tasks/{task.id}",
            "postsale_asset_lines",
            login="tour_asset",
        )
        self.assertEqual(
            sorted(task.recipient_ids.mapped("asset_ids.name")),
            ["Tour Boiler", "Tour Pump"],
        )


@tagged("post_install", "-at_install", "tour")
class TestAssetPhone(AssetTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_from_the_asset_to_its_documents(self):
        self.start_tour("/odoo/assets", "postsale_asset_phone", login="tour_asset")

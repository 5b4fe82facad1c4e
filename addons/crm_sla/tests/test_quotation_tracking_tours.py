"""The list of quotations on their way, on a desktop and on a phone."""

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


class TrackingTourCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "tour_seller",
            groups="sales_team.group_sale_salesman",
            email="seller@example.com",
            lang="en_US",
        )
        product = cls.env["product.product"].create({"name": "Service"})
        partners = cls.env["res.partner"].create(
            [{"name": "Opened Customer"}, {"name": "Silent Customer"}]
        )
        cls.opened, cls.silent = cls.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "user_id": cls.seller.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for partner in partners
            ]
        )
        (cls.opened | cls.silent)._track(
            "sent", date="2027-03-15 10:00:00", user_id=cls.seller.id, origin="hand"
        )
        cls.opened._track("opened", date="2027-03-15 11:00:00", times=2)
        # only these two in the list
        cls.env["sale.order"].search(
            [("user_id", "=", False), ("state", "in", ("draft", "sent"))]
        ).user_id = cls.env.ref("base.user_admin")

    def _tour(self, name):
        self.start_tour("/odoo/quotation-tracking", name, login="tour_seller")
        self.env.invalidate_all()
        self.assertEqual((self.silent.call_count, self.opened.call_count), (1, 0))


@tagged("post_install", "-at_install", "tour")
class TestTrackingDesktop(TrackingTourCase):
    browser_size = "1366x768"

    def test_the_list_and_the_history(self):
        self._tour("crm_sla_quotation_tracking_desktop")


@tagged("post_install", "-at_install", "tour")
class TestTrackingPhone(TrackingTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_the_list_and_the_history(self):
        self._tour("crm_sla_quotation_tracking_phone")

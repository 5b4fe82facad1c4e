"""The hand-over as people see it, on a desktop and on a phone."""

from odoo.tests import HttpCase, tagged

from .erp_common import ErpCommon


class ErpTourCase(HttpCase, ErpCommon):
    def _hand_over_and_see(self, size):
        order = self._create_confirmed()
        url = f"/odoo/sales/{order.id}"
        login = self.seller.login
        self.start_tour(url, f"postsale_erp_send_{size}", login=login)
        self.env.ref("postsale_contracts.ir_cron_erp").method_direct_trigger()
        self.start_tour(url, f"postsale_erp_see_{size}", login=login)
        self.assertEqual(order.erp_state, "sent")


@tagged("post_install", "-at_install", "tour")
class TestErpDesktop(ErpTourCase):
    browser_size = "1366x768"

    def test_hand_over_and_see(self):
        self._hand_over_and_see("desktop")


@tagged("post_install", "-at_install", "tour")
class TestErpPhone(ErpTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_hand_over_and_see(self):
        self._hand_over_and_see("phone")

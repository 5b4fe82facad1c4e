"""What people see and click, on a desktop and on a phone."""

from odoo.tests import HttpCase, tagged

from .managed_common import ManagedCommon


class ManagedTourCase(HttpCase, ManagedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.env["sale.order"].create(
            {"partner_id": cls.customer.id, "user_id": cls.seller.id}
        )

    def _search(self, name):
        self._create_task(self.progress, name="Tour: for Bea")
        self._create_task(self.new, name="Tour: free", managed_by_user_id=self.ana.id)
        task = self._create_task(self.waiting, name="Tour: take me")
        self.start_tour("/odoo/search-tasks", name, login="ana")
        self._assert_managed(task, self.ana, self.role)

    def _create_from_quotation(self, name):
        self.start_tour(f"/odoo/sales/{self.order.id}", name, login="seller")
        task = self.env["project.task"].search(
            [("origin_order_id", "=", self.order.id)]
        )
        self.assertEqual(task.name, "Tour: install it")
        self.assertEqual(task.stage_id, self.progress)
        self._assert_managed(task, self.bea)
        self.assertEqual(task.create_uid, self.seller)


@tagged("post_install", "-at_install", "tour")
class TestManagedDesktop(ManagedTourCase):
    browser_size = "1366x768"

    def test_search_and_take(self):
        self._search("crm_sla_search_desktop")

    def test_create_from_a_quotation(self):
        self._create_from_quotation("crm_sla_create_desktop")


@tagged("post_install", "-at_install", "tour")
class TestManagedPhone(ManagedTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_search_and_take(self):
        self._search("crm_sla_search_phone")

    def test_create_from_a_quotation(self):
        self._create_from_quotation("crm_sla_create_phone")

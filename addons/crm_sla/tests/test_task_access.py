"""Who sees and edits a task because he manages it, or sold what it came from."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .managed_common import ManagedCommon


@tagged("post_install", "-at_install")
class TestTaskAccess(ManagedCommon):
    """In a project that none of them follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.privacy_visibility = "followers"
        cls.Task = cls.env["project.task"]

    def _sees(self, task, user, operation="read"):
        return task.with_user(user).has_access(operation)

    def test_the_managing_user_sees_and_edits_it(self):
        task = self._create_task(self.progress)
        self.assertTrue(self._sees(task, self.bea))
        self.assertTrue(self._sees(task, self.bea, "write"))
        self.assertFalse(self._sees(task, self.ana))
        self.assertFalse(self._sees(task, self.bea, "unlink"))

    def test_the_members_of_the_managing_role_see_and_edit_it(self):
        task = self._create_task(self.waiting)
        for user in (self.ana, self.cleo):
            self.assertTrue(self._sees(task, user))
            self.assertTrue(self._sees(task, user, "write"))
        self.assertFalse(self._sees(task, self.bea))

    def test_the_form_opens_for_them(self):
        task = self._create_task(self.progress)
        with Form(task.with_user(self.bea)) as form:
            form.name = "Repaired"
        self.assertEqual(task.name, "Repaired")

    def test_whoever_hands_it_over_goes_on_following_it(self):
        task = self._create_task(self.progress, managed_by_entered_id=self.ana.id)
        with Form(task.with_user(self.bea)) as form:
            form.stage_id = self.new
        self._assert_managed(task, self.ana)
        self.assertTrue(self._sees(task, self.bea))
        self.assertIn(self.bea.partner_id, task.message_partner_ids)

    def test_company_walls_hold(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.project.company_id = company
        task = self._create_task(self.progress)
        self.assertEqual(task.company_id, company)
        self.assertFalse(self._sees(task, self.bea))

    def test_a_customer_reads_nothing_of_it(self):
        self.project.privacy_visibility = "portal"
        task = self._create_task(self.progress)
        task.message_subscribe(self.portal.partner_id.ids)
        self.project.message_subscribe(self.portal.partner_id.ids)
        task = task.with_user(self.portal)
        self.assertTrue(task.name)
        for name in ("reason_id", "managed_by_user_id", "managed_by_note"):
            with self.assertRaises(AccessError):
                task.read([name])
        with self.assertRaises(AccessError):
            task.write({"managed_by_user_id": self.portal.id})

    def test_a_salesperson_sees_the_tasks_of_his_orders_only(self):
        other = self._create_user("other_seller", "sales_team.group_sale_salesman")
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "user_id": self.seller.id}
        )
        task = self._create_task(origin_order_id=order.id)
        self.assertTrue(self._sees(task, self.seller))
        self.assertFalse(self._sees(task, self.seller, "write"))
        self.assertFalse(self._sees(task, other))
        self.assertTrue(self._sees(task, self.sales_manager))
        self.assertFalse(self._sees(self._create_task(), self.seller))

    def test_what_a_project_bills_does_not_change_whom_it_is_for(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        task = self._create_task(origin_order_id=order.id, partner_id=self.customer.id)
        for billable in (True, False):
            self.project.allow_billable = billable
            self.assertEqual(task.partner_id, self.customer)
            self.assertEqual(task.origin_order_id, order)
        other = self.env["project.project"].create(
            {"name": "Free", "type_ids": [Command.set(self.new.ids)]}
        )
        task.project_id = other
        self.assertEqual(task.partner_id, self.customer)

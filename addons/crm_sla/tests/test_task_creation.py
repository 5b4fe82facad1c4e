"""Tasks from quotations and orders."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .managed_common import ManagedCommon


@tagged("post_install", "-at_install")
class TestTaskCreation(ManagedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()

    @classmethod
    def _create_order(cls, **values):
        return cls.env["sale.order"].create(
            {"partner_id": cls.customer.id, "user_id": cls.seller.id, **values}
        )

    def _get_wizard(self, orders=None, user=None, **values):
        orders = orders or self.order
        orders = orders.with_user(user or self.seller)
        action = orders.action_create_task()
        Wizard = orders.env[action["res_model"]]
        return Wizard.with_context(**action["context"]).create(
            {"name": "Install it", "reason_id": self.reason.id, **values}
        )

    def _create_tasks(self, *args, **values):
        action = self._get_wizard(*args, **values).action_create_tasks()
        return self.env["project.task"].search(action["domain"])

    def test_a_salesperson_without_project_rights_makes_one(self):
        task = self._create_tasks(description="<p>With care</p>")
        self.assertEqual(task.name, "Install it")
        self.assertEqual(task.origin_order_id, self.order)
        self.assertEqual(task.partner_id, self.customer)
        self.assertEqual(task.project_id, self.project)
        self.assertEqual(task.stage_id, self.new)
        self.assertEqual(task.create_uid, self.seller)
        self.assertFalse(task.user_ids)
        self.assertEqual(task.with_user(self.seller).name, "Install it")
        self.assertEqual(task.description, "<p>With care</p>")

    def test_it_opens_the_new_task(self):
        action = self._get_wizard().action_create_tasks()
        task = self.env["project.task"].search(
            [("origin_order_id", "=", self.order.id)]
        )
        self.assertEqual(
            (action["res_id"], action["views"]), (task.id, [(False, "form")])
        )

    def test_the_three_rules_hold_in_the_dialog_and_after_it(self):
        for stage, user, role in (
            (self.progress, self.bea, None),
            (self.waiting, None, self.role),
        ):
            wizard = self._get_wizard()
            with Form(wizard) as form:
                form.managed_by_user_id = self.cleo
                form.stage_id = stage
                self.assertTrue(form.managed_by_locked)
                self.assertEqual(form.managed_by_user_id, user or self.env["res.users"])
            action = wizard.action_create_tasks()
            task = self.env["project.task"].browse(action["res_id"])
            self._assert_managed(task, user, role)
            task.stage_id = self.solved
            self._assert_managed(task, self.cleo)

    def test_the_entered_user_is_on_the_task(self):
        wizard = self._get_wizard()
        with Form(wizard) as form:
            form.managed_by_user_id = self.cleo
            self.assertFalse(form.managed_by_locked)
        action = wizard.action_create_tasks()
        task = self.env["project.task"].browse(action["res_id"])
        self._assert_managed(task, self.cleo)

    def test_many_orders_give_one_task_each(self):
        orders = self.order | self._create_order() | self._create_order()
        tasks = self._create_tasks(orders)
        self.assertEqual(tasks.origin_order_id, orders)
        self.assertEqual(len(tasks), 3)
        self.assertIn(f"Install it ({self.order.name})", tasks.mapped("name"))

    def test_the_project_is_the_chosen_one_then_the_reasons_then_the_companys(self):
        company_project = self.project.copy({"name": "Company"})
        self.company.task_project_id = company_project
        self.assertEqual(
            self._create_tasks(reason_id=False).project_id, company_project
        )
        self.assertEqual(
            self._create_tasks(self._create_order()).project_id, self.project
        )
        chosen = self.project.copy({"name": "Chosen"})
        wizard = self._get_wizard(project_id=chosen.id)
        with Form(wizard) as form:
            form.reason_id = self.env["crm.task.reason"]
            self.assertEqual(form.project_id, chosen)
            form.reason_id = self.reason
            self.assertEqual(form.project_id, chosen)

    def test_without_any_project_it_says_where_to_set_one(self):
        self.reason.project_id.active = False
        message = f"tasks of {self.order.name}.*Settings → Sales"
        with self.assertRaisesRegex(UserError, message):
            self._get_wizard().action_create_tasks()

    def test_nobody_reaches_a_project_that_he_does_not_see(self):
        secret = self.project.copy({"privacy_visibility": "followers"})
        with self.assertRaises(AccessError):
            self._get_wizard(project_id=secret.id).action_create_tasks()
        self.project.privacy_visibility = "followers"  # the reason's own: meant for it
        self.assertEqual(self._create_tasks().project_id, self.project)

    def test_the_stage_is_one_of_the_project(self):
        stage = self.env["project.task.type"].create({"name": "Elsewhere"})
        with self.assertRaisesRegex(UserError, "has no stage “Elsewhere”"):
            self._get_wizard(stage_id=stage.id).action_create_tasks()
        self.assertNotIn(stage, self.project.type_ids)

    def test_orders_of_two_companies_are_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.sales_manager.company_ids |= company
        orders = self.order | self._create_order(company_id=company.id)
        orders = orders.with_context(allowed_company_ids=(self.company | company).ids)
        with self.assertRaisesRegex(UserError, "several companies"):
            self._get_wizard(orders, self.sales_manager).action_create_tasks()
        self.project.company_id = company
        with self.assertRaisesRegex(UserError, "belongs to Elsewhere"):
            self._get_wizard(self.order, self.sales_manager).action_create_tasks()

    def test_nobody_makes_tasks_from_orders_of_others(self):
        other = self._create_user("other_seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._get_wizard(user=other)
        wizard = self._get_wizard(
            user=other, orders=self._create_order(user_id=other.id)
        )
        with self.assertRaises(AccessError):
            wizard.order_ids = self.order
            wizard.action_create_tasks()

    def test_a_project_user_makes_them_with_his_own_rights(self):
        self.assertEqual(
            self._create_tasks(user=self.technician).project_id, self.project
        )
        self.project.privacy_visibility = "followers"
        with self.assertRaises(AccessError):
            self._get_wizard(user=self.technician).action_create_tasks()

    def test_customers_make_none(self):
        order = self._create_order(partner_id=self.portal.partner_id.id)
        order = order.with_user(self.portal)
        self.assertTrue(order.has_access("read"))
        for method in ("action_create_task", "action_view_linked_tasks"):
            with self.assertRaisesRegex(AccessError, "Only your own people"):
                getattr(order, method)()

    def test_the_order_counts_its_tasks_once(self):
        service = self.env["product.product"].create(
            {
                "name": "Work",
                "type": "service",
                "service_tracking": "task_global_project",
                "project_id": self.project.id,
            }
        )
        self.project.allow_billable = True
        order = self._create_order(
            order_line=[Command.create({"product_id": service.id})]
        )
        order.action_confirm()
        cores = order.order_line.task_id
        self.assertTrue(cores)
        self.assertEqual(order.with_user(self.technician).linked_task_count, 1)
        ours = self._create_tasks(order)
        cores.origin_order_id = order
        order.invalidate_recordset()
        self.assertEqual(order.with_user(self.technician).linked_task_count, 2)
        action = order.with_user(self.seller).action_view_linked_tasks()
        self.assertEqual(
            self.env["project.task"].search(action["domain"]), ours | cores
        )

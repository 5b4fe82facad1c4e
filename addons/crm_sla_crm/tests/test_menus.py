"""The lists of Sales stand in the menu of CRM, too."""

from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestMenus(TransactionCase):
    def test_a_salesperson_finds_the_search_in_crm(self):
        seller = new_test_user(
            self.env, "crm_sla_seller", "sales_team.group_sale_salesman"
        )
        menus = self.env["ir.ui.menu"].with_user(seller)._visible_menu_ids()
        ours = self.env.ref("crm_sla_crm.project_task_search_menu")
        self.assertIn(ours.id, menus)
        self.assertEqual(
            ours.action, self.env.ref("crm_sla.project_task_search_action")
        )
        self.assertEqual(ours.complete_name, "CRM/Tasks/Search")

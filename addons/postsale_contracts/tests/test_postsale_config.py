"""The settings page: for the function that an administrator gives, and nobody else."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import PostsaleCommon


class TestPostsaleConfig(PostsaleCommon):
    people = ("configurer", "manager", "stranger")

    def _open(self, user):
        Config = self.env["postsale.config"].with_user(user)
        action = Config.action_open_settings()
        return Config.browse(action["res_id"])

    def test_whoever_holds_only_the_function_saves_the_page(self):
        template = self.env["sale.order.template"].create({"name": "Service"})
        team = self.env["crm.team"].create({"name": "Service Team"})
        with Form(self._open(self.configurer)) as page:
            page.new_order_kind = "order"
            page.new_template_id = template
            page.new_team_id = team
            page.new_subject = "Maintenance agreed"
            page.new_product_id = self.work
            page.renewal_price = "list_price"
        settings = self.config._get_case("new")
        self.assertEqual(settings.order_kind, "order")
        self.assertEqual(settings.template, template)
        self.assertEqual(settings.team, team)
        self.assertEqual(settings.subject, "Maintenance agreed")
        self.assertEqual(settings.product, self.work)
        self.assertEqual(self.config.renewal_price, "list_price")

    def test_the_page_is_made_when_it_is_first_opened(self):
        self.config.unlink()
        page = self._open(self.configurer)
        self.assertEqual(page.company_id, self.company)
        self.assertEqual(self._open(self.configurer), page)

    def test_nobody_else_opens_or_saves_it(self):
        action = self.env.ref("postsale_contracts.postsale_config_action_server")
        for user in (self.manager, self.clerk, self.technician, self.stranger):
            with self.subTest(user=user.login):
                config = self.config.with_user(user)
                with self.assertRaises(AccessError):
                    config.action_open_settings()
                with self.assertRaises(AccessError):
                    config.write({"new_subject": "Mine"})
                with self.assertRaises(AccessError):
                    config.read(["new_subject"])
                with self.assertRaises(AccessError):
                    action.with_user(user).run()

    def test_the_menu_is_only_for_the_function(self):
        menu = self.env.ref("postsale_contracts.menu_postsale_config")
        visible = self.env["ir.ui.menu"].with_user(self.configurer)._visible_menu_ids()
        self.assertIn(menu.id, visible)
        visible = self.env["ir.ui.menu"].with_user(self.manager)._visible_menu_ids()
        self.assertNotIn(menu.id, visible)

    def test_another_company_is_closed(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        config = self.env["postsale.config"].create({"company_id": other.id})
        with self.assertRaises(AccessError):
            config.with_user(self.configurer).read(["new_subject"])

    def test_a_missing_product_tells_where_to_enter_it(self):
        self.config.new_product_id = False
        contract = self._create_contract()
        with self.assertRaisesRegex(
            UserError, "Product for a New Contract.*Configuration → Billing"
        ):
            contract.action_new_order()

"""New order: once, with the defaults, also for people without a right in Sales."""

import logging

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import PostsaleCommon

_logger = logging.getLogger(__name__)


class ContractOrderCase(PostsaleCommon):
    people = ("seller", "portal", "stranger")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(customer_cost=480)

    def _order(self, contract=None):
        contract = contract or self.contract
        contract.with_user(self.clerk).action_new_order()
        return contract.sudo().sale_order_id


@tagged("post_install", "-at_install", "alone")
class TestContractOrder(ContractOrderCase):
    def test_the_order_costs_what_was_agreed(self):
        order = self._order()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.order_line.product_id, self.product)
        self.assertEqual(order.amount_untaxed, 480)
        self.assertEqual(order.deal_subject, "New service contract")
        self.assertEqual(order.origin, self.contract.name)
        self.assertEqual(order.create_uid, self.clerk)
        self.assertIn(self.contract.name, order.order_line.name)

    def test_the_price_stays_when_the_quantity_changes(self):
        line = self._order().order_line
        line.product_uom_qty = 2
        self.assertEqual(line.price_unit, 480)

    def test_without_a_cost_it_is_the_list_price_of_the_customer(self):
        pricelist = self.env["product.pricelist"].create({"name": "Friends"})
        pricelist.item_ids = [
            Command.create({"compute_price": "fixed", "fixed_price": 99})
        ]
        self.customer.property_product_pricelist = pricelist
        self.contract.customer_cost = 0
        self.assertEqual(self._order().amount_untaxed, 99)

    def test_the_product_of_the_contract_comes_first(self):
        self.contract.product_id = self.work
        self.assertEqual(self._order().order_line.product_id, self.work)

    def test_the_settings_may_ask_for_a_confirmed_order(self):
        self.config.new_order_kind = "order"
        self.assertEqual(self._order().state, "sale")

    def test_team_and_template_lend_what_they_say_but_no_lines(self):
        template = self.env["sale.order.template"].create(
            {
                "name": "Service",
                "note": "<p>Within 30 days</p>",
                "sale_order_template_line_ids": [
                    Command.create({"product_id": self.work.id})
                ],
            }
        )
        team = self.env["crm.team"].create({"name": "Service Team"})
        self.config.write({"new_template_id": template.id, "new_team_id": team.id})
        order = self._order()
        self.assertEqual(order.team_id, team)
        self.assertIn("Within 30 days", order.note)
        self.assertEqual(order.order_line.product_id, self.product)

    def test_subject_and_line_speak_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.config.with_context(lang="es_ES").new_subject = "Contrato nuevo"
        self.customer.lang = "es_ES"
        order = self._order()
        self.assertEqual(order.deal_subject, "Contrato nuevo")
        self.assertIn("31/12/2027", order.order_line.name)

    def test_the_cost_is_untaxed_also_when_prices_include_taxes(self):
        country = self.env.ref("base.es")
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "country_id": country.id}
        )
        self.product.taxes_id = self.env["account.tax"].create(
            {
                "name": "21 %",
                "amount": 21,
                "country_id": country.id,
                "tax_group_id": group.id,
                "price_include_override": "tax_included",
            }
        )
        order = self._order()
        self.assertAlmostEqual(order.amount_untaxed, 480)
        self.assertAlmostEqual(order.amount_total, 580.8)

    def test_assets_stand_on_the_order(self):
        self.contract.sudo().asset_ids = asset = self._create_asset()
        self.assertEqual(self._order().asset_ids, asset)

    def test_another_currency_is_converted_on_the_day(self):
        self._use_currency(rate=2.0)
        order = self._order()
        self.assertEqual(order.amount_untaxed, 960)

    def test_a_missing_rate_is_told(self):
        self._use_currency(rate=None)
        with self.assertRaisesRegex(UserError, "no exchange rate for XQD"):
            self._order()
        self.assertFalse(self.contract.sale_order_id)

    def _use_currency(self, rate):
        """The customer's pricelist is in a currency of its own."""
        currency = self.env["res.currency"].create({"name": "XQD", "symbol": "Q"})
        if rate:
            currency.rate_ids = [
                Command.create({"name": "2027-01-01", "rate": rate}),
                Command.create({"name": "2027-06-01", "rate": 9.0}),
            ]
        self.customer.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )

    # === ONCE === #

    def test_a_second_order_is_refused(self):
        order = self._order()
        with self.assertRaisesRegex(UserError, f"has the order {order.name} already"):
            self._order()

    def test_a_cancelled_order_makes_room_for_another(self):
        first = self._order()
        first._action_cancel()
        second = self._order()
        self.assertNotEqual(second, first)
        self.assertEqual(self.contract.sudo().sale_order_id, second)

    def test_an_ended_contract_gets_no_order(self):
        self.contract.action_cancel()
        with self.assertRaisesRegex(UserError, "has ended"):
            self._order()

    def test_several_contracts_get_an_order_each(self):
        other = self._create_contract(partner_id=self._create_customer("Bela").id)
        (self.contract | other).action_new_order()
        contracts = (self.contract | other).sudo()
        self.assertEqual(len(contracts.sale_order_id), 2)
        for contract in contracts:
            self.assertEqual(contract.sale_order_id.partner_id, contract.partner_id)


class TestContractOrderRights(ContractOrderCase):
    def _sell(self):
        self.clerk.group_ids |= self.env.ref(self.GROUPS["seller"])

    def test_only_clerks_cause_an_order(self):
        for user in (self.technician, self.seller, self.stranger, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contract.with_user(user).action_new_order()
        self.assertFalse(self.contract.sale_order_id)

    def test_without_a_right_in_sales_the_notice_says_whom_to_ask(self):
        self.customer.user_id = self.seller
        notice = self.contract.action_new_order()["params"]
        order = self.contract.sudo().sale_order_id
        self.assertIn(order.name, notice["message"])
        self.assertIn("default settings", notice["message"])
        self.assertIn(f"ask {self.seller.name}", notice["message"])
        self.assertNotIn("open", notice)
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).write({"note": "Mine"})

    def test_with_the_right_the_notice_opens_the_order(self):
        self._sell()
        notice = self.contract.action_new_order()["params"]
        order = self.contract.sale_order_id
        self.assertEqual(notice["open"]["res_id"], order.id)
        self.assertIn(order.name, notice["button"])
        self.assertEqual(order.user_id, self.clerk)

    def test_the_notice_about_many_opens_their_list(self):
        self._sell()
        other = self._create_contract()
        notice = (self.contract | other).action_new_order()["params"]
        orders = (self.contract | other).sale_order_id
        self.assertEqual(notice["open"]["domain"], [("id", "in", orders.ids)])
        self.assertIn("2 orders", notice["message"])

    def test_nobody_slips_values_into_the_order(self):
        self.contract.customer_cost = 0
        self.contract.with_context(
            default_discount=100, default_is_downpayment=True
        ).action_new_order()
        order = self.contract.sudo().sale_order_id
        self.assertFalse(order.order_line.is_downpayment)
        self.assertEqual(order.amount_untaxed, 120)

    def test_an_existing_order_of_the_customer_is_linked(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        self.contract.sale_order_id = order
        with self.assertRaisesRegex(UserError, "already"):
            self.contract.action_new_order()

    def test_an_order_of_another_customer_is_refused(self):
        other = self._create_customer("Bela Cars")
        order = self.env["sale.order"].create({"partner_id": other.id})
        with self.assertRaisesRegex(ValidationError, "order of the same customer"):
            self.contract.sale_order_id = order

    def test_the_drop_down_offers_orders_of_the_customer(self):
        other = self._create_customer("Bela Cars")
        theirs, own, gone = self.env["sale.order"].create(
            [{"partner_id": c.id} for c in (other, self.customer, self.customer)]
        )
        gone._action_cancel()
        domain = safe_eval(
            self.contract._fields["sale_order_id"].domain,
            {
                "partner_commercial_id": self.customer.id,
                "company_id": self.company.id,
            },
        )
        offered = self.env["sale.order"].search(domain) & (theirs | own | gone)
        self.assertEqual(offered, own)

    def test_nobody_links_an_order_that_he_may_not_see(self):
        self.clerk.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "user_id": self.seller.id}
        )
        with self.assertRaises(AccessError):
            self.contract.write({"sale_order_id": order.id})
        with self.assertRaises(AccessError):
            self._create_contract(sale_order_id=order.id)

    def test_the_order_knows_its_contracts(self):
        self._sell()
        self.contract.action_new_order()
        order = self.contract.sale_order_id.with_user(self.clerk)
        self.assertEqual(order.postsale_contract_count, 1)
        action = order.action_view_postsale_contracts()
        self.assertEqual(action["res_id"], self.contract.id)


@tagged("slow")
class TestContractOrderBudget(ContractOrderCase):
    """SQL statements per order do not grow with the number of orders."""

    def _count(self, number):
        contracts = self.contract.browse().union(
            *(self._create_contract(customer_cost=10) for _i in range(number))
        )
        with self.counting() as counted:
            contracts.action_new_order()
        return counted.statements

    def test_statements_per_order(self):
        self._count(2)  # caches of the server
        few, many = self._count(10), self._count(40)
        per_order = (many - few) / 30
        _logger.info("New orders: %s for 10, %s for 40", few, many)
        self.assertLess(per_order, 12)

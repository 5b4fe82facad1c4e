"""Online quotation in three steps: what the server answers, and to whom."""

import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.http_routing.tests.common import MockRequest

from .quote_common import QuoteCommon, draw_signature


class QuickCase(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref(
            "product.group_product_pricelist"
        ) | cls.env.ref("sale.group_discount_per_so_line")
        # Core gives the first one to everybody who has none.
        cls.env["product.pricelist"].create({"name": "Everybody", "sequence": 0})
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Friends",
                "sequence": 99,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 10,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        cls.friend = cls.env["res.partner"].create(
            {
                "name": "Friendly Customer",
                "email": "Friend@Example.com",
                "phone": "+34 612 34 56 78",
                "property_product_pricelist": cls.pricelist.id,
            }
        )
        cls.colleague = cls._create_user(
            "other_seller", "sales_team.group_sale_salesman"
        )

    def setUp(self):
        super().setUp()
        self.enterContext(MockRequest(self.env))
        self.quick = self._as(self.seller)

    def _as(self, user):
        return self.env["sale.quick.quotation"].with_user(user)

    def _open(self, partner=None, **values):
        state = self.quick.open_quotation((partner or self.customer).id, **values)
        return self.env["sale.order"].browse(state["id"])

    def _get_product(self, order, product):
        page = self.quick.get_products(order.id, product.name)
        [data] = [data for data in page["products"] if data["id"] == product.id]
        return data

    def _set(self, order, product, quantity):
        return self.quick.set_quantity(order.id, product.id, quantity)


@tagged("post_install", "-at_install")
class TestProspect(QuickCase):
    def _find(self, term):
        return [found["id"] for found in self.quick.search_customers(term)]

    def test_a_customer_is_found_by_name_email_and_phone(self):
        for term in ("friendly", "friend@exa", "+34 612", "612345678", "34 5678"):
            with self.subTest(term=term):
                self.assertIn(self.friend.id, self._find(term))
        self.assertEqual(self._find(""), [])
        self.assertNotIn(self.friend.id, self._find("699999999"))

    def test_eight_are_shown(self):
        self.env["res.partner"].create([{"name": f"Many {n}"} for n in range(10)])
        self.assertEqual(len(self._find("Many")), 8)

    def test_who_is_known_already_is_shown_before_creating(self):
        for email, phone in (
            ("friend@example.COM", ""),
            ("", "612 345 678"),
            ("", "0034612345678"),
        ):
            with self.subTest(email=email, phone=phone):
                found = self.quick.find_duplicates(email, phone)
                self.assertEqual([one["id"] for one in found], self.friend.ids)
        self.assertEqual(self.quick.find_duplicates("new@example.com", "678"), [])

    def test_a_new_customer_has_what_qualifies_him_and_nothing_else(self):
        answer = self.quick.create_customer(
            {
                "name": " New ",
                "email": "new@example.com",
                "is_company": True,
                "city": "Cuenca",
                "country_id": str(self.env.ref("base.es").id),
                "comment": "hidden",
                "user_id": self.colleague.id,
            }
        )
        partner = self.env["res.partner"].browse(answer["id"])
        self.assertEqual(
            (partner.name, partner.email, partner.city, partner.is_company),
            ("New", "new@example.com", "Cuenca", True),
        )
        self.assertEqual(partner.country_id.code, "ES")
        self.assertFalse(partner.comment)
        self.assertNotEqual(partner.user_id, self.colleague)

    def test_a_new_customer_can_be_reached(self):
        for values in (
            {"name": "", "email": "a@example.com"},
            {"name": "Nobody"},
            {"name": "Nobody", "email": "not an address"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.quick.create_customer(values)

    def test_creating_needs_the_right_to_create_contacts(self):
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "res.partner"), ("perm_create", "=", True)]
        ).filtered(
            lambda access: access.group_id in self.colleague.all_group_ids
        ).perm_create = False
        values = {"name": "New", "phone": "123"}
        self.assertFalse(self._as(self.colleague).start()["mayCreate"])
        with self.assertRaisesRegex(AccessError, "Contact Creation"):
            self._as(self.colleague).create_customer(values)

    def test_the_draft_is_the_salespersons_own(self):
        self.friend.user_id = self.colleague
        order = self._open(self.friend)
        self.assertEqual((order.user_id, order.state), (self.seller, "draft"))
        self.assertEqual(order.partner_id, self.friend)

    def test_a_template_brings_its_products(self):
        template = self._create_template()
        order = self._open(template_id=template.id)
        self.assertEqual(order.order_line.product_id, self.paper)
        self._set(order, self.paper, 7)
        self._open(template_id=template.id, order_id=order.id)  # back and forth
        self.assertEqual(order.order_line.product_uom_qty, 7)

    def _create_template(self):
        return self.env["sale.order.template"].create(
            {
                "name": "Office",
                "sale_order_template_line_ids": [
                    Command.create({"product_id": self.paper.id, "product_uom_qty": 3})
                ],
            }
        )

    def test_another_customer_keeps_the_products_at_his_own_prices(self):
        order = self._open()
        self._set(order, self.product, 2)
        self.assertEqual(order.amount_untaxed, 200)
        self._open(self.friend, order_id=order.id)
        self.assertEqual(order.partner_id, self.friend)
        self.assertEqual(order.amount_untaxed, 180)

    def test_a_draft_left_in_the_middle_is_offered_again(self):
        order = self._open()
        self.assertIn(order.id, [d["id"] for d in self.quick.start()["drafts"]])
        others = self._as(self.sales_manager).start()["drafts"]
        self.assertNotIn(order.id, [draft["id"] for draft in others])
        order.action_cancel()
        self.assertNotIn(order.id, [d["id"] for d in self.quick.start()["drafts"]])


@tagged("post_install", "-at_install")
class TestProducts(QuickCase):
    def test_prices_are_those_valid_for_him(self):
        self.assertEqual(self._get_product(self._open(), self.product)["price"], 100)
        data = self._get_product(self._open(self.friend), self.product)
        self.assertEqual((data["price"], data["oldPrice"]), (90, 100))

    def test_a_promotion_of_yesterday_is_over(self):
        self.pricelist.item_ids.date_end = "2020-01-01 00:00:00"
        data = self._get_product(self._open(self.friend), self.product)
        self.assertEqual((data["price"], data["oldPrice"]), (100, 0))

    def test_taxes_are_shown_as_the_company_quotes(self):
        self.product.taxes_id = self.env["account.tax"].create(
            {"name": "VAT 21", "amount": 21, "price_include_override": "tax_excluded"}
        )
        order = self._open()
        data = self._get_product(order, self.product)
        self.assertEqual((data["price"], data["isTaxIncluded"]), (100, False))
        self.company.account_price_include = "tax_included"
        data = self._get_product(order, self.product)
        self.assertEqual((data["price"], data["isTaxIncluded"]), (121, True))
        data = self._set(order, self.product, 1)["product"]
        self.assertEqual(data["price"], 121)

    def test_quantities_make_change_and_remove_the_line(self):
        order = self._open(self.friend)
        answer = self._set(order, self.product, 3)
        self.assertEqual(answer["product"]["quantity"], 3)
        self.assertEqual(answer["product"]["oldPrice"], 100)
        self.assertEqual(answer["quotation"]["total"], 270)
        self.assertEqual(order.order_line.product_uom_qty, 3)
        self._set(order, self.product, 5)
        self.assertEqual(order.amount_untaxed, 450)
        answer = self._set(order, self.product, 0)
        self.assertEqual(answer["product"]["quantity"], 0)
        self.assertFalse(order.order_line)

    def test_a_price_that_depends_on_the_quantity_follows_it(self):
        self.pricelist.item_ids.min_quantity = 5
        order = self._open(self.friend)
        self.assertEqual(self._set(order, self.product, 4)["product"]["price"], 100)
        self.assertEqual(self._set(order, self.product, 5)["product"]["price"], 90)

    def test_products_in_sections_are_found_and_changed(self):
        order = self._open()
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Office"}),
            Command.create({"product_id": self.paper.id, "product_uom_qty": 2}),
        ]
        self.assertEqual(self._get_product(order, self.paper)["quantity"], 2)
        self._set(order, self.paper, 4)
        self._set(order, self.product, 1)
        self.assertEqual(
            order.order_line.filtered("product_id").mapped("product_uom_qty"), [4, 1]
        )

    def test_what_cannot_be_sold_here_is_neither_shown_nor_taken(self):
        order = self._open()
        hidden = self._create_product("Hidden", 1, sale_ok=False)
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self._create_product("Foreign", 1, company_id=company.id)
        for product in (hidden, foreign):
            with self.subTest(product=product.name):
                page = self.quick.get_products(order.id, product.name)
                self.assertEqual(page["products"], [])
                with self.assertRaises(UserError):
                    self._set(order, product, 1)

    def test_quantities_nobody_means_are_refused(self):
        order = self._open()
        for quantity in (-1, 10**9, float("nan")):
            with self.subTest(quantity=quantity), self.assertRaises(UserError):
                self._set(order, self.product, quantity)

    def test_a_product_on_two_lines_is_left_alone(self):
        order = self._open()
        order.order_line = [Command.create({"product_id": self.paper.id})] * 2
        data = self._get_product(order, self.paper)
        self.assertEqual((data["quantity"], data["isReadonly"]), (2, True))
        with self.assertRaisesRegex(UserError, "several lines"):
            self._set(order, self.paper, 5)

    def test_what_is_signed_stays(self):
        order = self._open()
        self._set(order, self.product, 1)
        order.signature = draw_signature()
        self.assertTrue(self._get_product(order, self.product)["isReadonly"])
        with self.assertRaisesRegex(UserError, "signed or closed"):
            self._set(order, self.product, 2)
        with self.assertRaises(UserError):
            self._open(self.friend, order_id=order.id)

    def test_pages_follow_each_other(self):
        order = self._open()
        for number in range(30):
            self._create_product(f"Paged {number:02}", 1)
        first = self.quick.get_products(order.id, "Paged")
        self.assertEqual((len(first["products"]), first["hasMore"]), (24, True))
        second = self.quick.get_products(order.id, "Paged", offset=24)
        self.assertEqual((len(second["products"]), second["hasMore"]), (6, False))

    def test_a_category_narrows_the_page(self):
        order = self._open()
        category = self.env["product.category"].create({"name": "Machines"})
        self.product.categ_id = category
        names = [one["name"] for one in self.quick.get_categories(order.id)]
        self.assertIn("Machines", names)
        page = self.quick.get_products(order.id, category_id=category.id)
        self.assertEqual([one["id"] for one in page["products"]], self.product.ids)

    def test_a_page_costs_the_same_however_full_it_is(self):
        order = self._open(self.friend)
        for number in range(24):
            self._create_product(f"Budget {number:02}", 1)
        few, many = self._count(order, "Budget 0"), self._count(order, "Budget")
        self.assertLessEqual(many, few + 2)  # 10 products, 24 products

    def _count(self, order, term):
        self.quick.get_products(order.id, term)  # caches of the server
        return self._count_statements(self.quick.get_products, order.id, term)


@tagged("post_install", "-at_install")
class TestOffer(QuickCase):
    def test_the_offer_says_what_for_how_much(self):
        order = self._open(self.friend)
        self._set(order, self.product, 2)
        order.note = "<p>Two years of warranty</p>"
        offer = self.quick.get_offer(order.id)
        [line] = offer["lines"]
        self.assertEqual((line["quantity"], line["discount"]), (2, 10))
        self.assertEqual((line["total"], offer["total"]), (180, 180))
        self.assertEqual(offer["terms"], "Two years of warranty")
        self.assertTrue(offer["mustSign"])
        self.assertFalse(offer["mustPay"])

    def test_a_prepayment_is_asked_for(self):
        self.company.portal_confirmation_pay = True
        self.company.prepayment_percent = 0.3
        order = self._open()
        self._set(order, self.product, 1)
        offer = self.quick.get_offer(order.id)
        self.assertTrue(offer["mustPay"])
        self.assertEqual(offer["prepayment"], 30)
        self.assertIn(order.access_token, offer["customerLink"])

    def test_the_link_is_queued_with_the_quotation(self):
        order = self._open(self.friend)
        self._set(order, self.product, 1)
        before = self.env["mail.mail"].search([])
        offer = self.quick.send_link(order.id)
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual((order.state, offer["isSent"]), ("sent", True))
        self.assertEqual(mail.state, "outgoing")
        self.assertIn(self.friend, mail.mail_message_id.notified_partner_ids)
        self.assertIn(order.access_token, mail.body_html)
        self.assertTrue(mail.attachment_ids)

    def test_a_link_that_nobody_would_get_is_not_sent(self):
        order = self._open()
        with self.assertRaisesRegex(UserError, "Add a product"):
            self.quick.send_link(order.id)
        self._set(order, self.product, 1)
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.quick.send_link(order.id)
        self.assertEqual(order.state, "draft")


@tagged("post_install", "-at_install")
class TestWhoSeesWhat(QuickCase):
    def _ask_everything(self, order):
        """All that reaches the browser once the screen is handed over."""
        return [
            self.quick.get_quotation(order.id),
            self.quick.get_categories(order.id),
            self.quick.get_products(order.id),
            self._set(order, self.product, 2),
            self.quick.get_offer(order.id),
        ]

    def test_neither_costs_nor_margins_nor_other_customers_are_told(self):
        # Notes of our own: core's catalogue tells the second one to salespeople
        self.seller.group_ids |= self.env.ref("sale.group_warning_sale")
        self.product.description = "Bought cheaply"
        self.product.sale_line_warn_msg = "Bought cheaply"
        order = self._open(self.friend)
        answers = json.dumps(self._ask_everything(order))
        for secret in ("cost", "margin", "standard_price", "12.34", "bought cheaply"):
            self.assertNotIn(secret, answers.lower())
        self.assertNotIn(f'"{self.customer.name}"', answers)
        self.assertIn("Friendly Customer", answers)

    def test_only_salespeople_are_served(self):
        order = self._open()
        calls = [
            lambda quick: quick.start(),
            lambda quick: quick.search_customers("a"),
            lambda quick: quick.find_duplicates("friend@example.com", ""),
            lambda quick: quick.create_customer({"name": "A", "phone": "1"}),
            lambda quick: quick.open_quotation(self.customer.id),
            lambda quick: quick.get_quotation(order.id),
            lambda quick: quick.get_categories(order.id),
            lambda quick: quick.get_products(order.id),
            lambda quick: quick.set_quantity(order.id, self.product.id, 1),
            lambda quick: quick.get_offer(order.id),
            lambda quick: quick.send_link(order.id),
            lambda quick: quick.hand_over(order.id),
            lambda quick: quick.take_back("x"),
        ]
        self.portal.partner_id = self.customer  # he can read his own quotation
        for user in (self.portal, self.technician):
            for number, call in enumerate(calls):
                with (
                    self.subTest(user=user.login, call=number),
                    self.assertRaises(AccessError),
                ):
                    call(self._as(user))

    def test_a_quotation_of_somebody_else_is_not_opened(self):
        order = self._open()
        self.quick = self._as(self.colleague)
        for method in ("get_quotation", "get_products", "get_offer", "send_link"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.quick, method)(order.id)
        with self.assertRaises(AccessError):
            self._set(order, self.product, 1)
        with self.assertRaises(AccessError):
            self._open(self.friend, order_id=order.id)

    def test_a_screen_handed_over_shows_one_quotation(self):
        order, other = self._open(), self._open(self.friend)
        self.quick.hand_over(order.id)
        self.assertEqual(self.quick.start(), {"handedOverId": order.id})
        self._ask_everything(order)
        for method, *args in (
            ("search_customers", "a"),
            ("find_duplicates", "friend@example.com", ""),
            ("create_customer", {"name": "A", "phone": "1"}),
            ("open_quotation", self.customer.id, False, order.id),
            ("get_quotation", other.id),
            ("get_offer", other.id),
            ("hand_over", other.id),
        ):
            with (
                self.subTest(method=method),
                self.assertRaisesRegex(AccessError, "handed over"),
            ):
                getattr(self.quick, method)(*args)

    def test_the_password_takes_the_screen_back(self):
        order = self._open()
        self.quick.hand_over(order.id)
        for wrong in ("", "wrong", None):
            with self.assertRaisesRegex(UserError, "not your password"):
                self.quick.take_back(wrong)
            self.assertEqual(self.quick.start()["handedOverId"], order.id)
        self.quick.take_back("sellerxx")
        self.assertFalse(self.quick.start()["handedOverId"])

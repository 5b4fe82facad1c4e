"""One invoice for the orders of a customer and a calendar month, by dialogue."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .invoice_kind_common import InvoiceKindCommon


@tagged("post_install", "-at_install")
class TestRecapitulativeInvoice(InvoiceKindCommon):
    people = ("reader",)

    def test_each_order_is_a_block_with_its_number_and_date(self):
        second = self._create_order("2027-02-20")
        first = self._create_order("2027-02-10")
        invoice = self._bill_together(second | first)
        self.assertEqual(
            self._get_lines(invoice),
            [
                ("section", f"Order {first.name} of 02/10/2027"),
                ("product", "Support"),
                ("section", f"Order {second.name} of 02/20/2027"),
                ("product", "Support"),
            ],
        )
        self.assertEqual(invoice.amount_untaxed, 200)
        self.assertEqual(invoice.state, "draft")

    def test_its_kind_is_recapitulative_and_it_knows_its_month(self):
        invoice = self._bill_together(self._create_order() | self._create_order())
        self.assertEqual(invoice.invoice_kind, "recapitulative")
        self.assertEqual(str(invoice.recapitulative_month), "2027-02-01")
        details = dict(invoice._get_kind_details())
        self.assertEqual(details["Operations of"], "February 2027")
        invoice.action_post()
        self.assertEqual(invoice._get_kind_title(), "Recapitulative Invoice")

    def test_the_orders_are_invoiced_in_core(self):
        orders = self._create_order() | self._create_order()
        invoice = self._bill_together(orders)
        self.assertEqual(set(orders.mapped("invoice_status")), {"invoiced"})
        self.assertEqual(orders.invoice_ids, invoice)

    def test_headings_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        order = self._create_order("2027-02-10")
        invoice = self._bill_together(order)
        self.assertIn("10/02/2027", self._get_lines(invoice)[0][1])

    def test_sections_of_an_order_are_kept_below_its_heading(self):
        lines = [
            {"display_type": "line_section", "name": "Services"},
            {"product_id": self.product.id},
        ]
        order = self._create_order(lines=lines)
        self.assertEqual(
            self._get_lines(self._bill_together(order))[1:],
            [("subsection", "Services"), ("product", "Support")],
        )

    def test_goods_for_several_addresses_stand_on_one_invoice(self):
        address = self.env["res.partner"].create(
            {"name": "Store", "parent_id": self.customer.id, "type": "delivery"}
        )
        orders = self._create_order() | self._create_order(
            partner_shipping_id=address.id
        )
        self.assertEqual(len(self._bill_together(orders)), 1)

    def test_a_down_payment_is_deducted(self):
        order = self._create_order()
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "fixed", "fixed_amount": 50}
        ).create_invoices()
        order.invoice_ids.action_post()
        invoice = self._bill_together(order)
        self.assertAlmostEqual(invoice.amount_total, 121 - 50)

    def test_the_month_is_that_of_the_company(self):
        """At 23:30 UTC of 31 January it is February in Madrid."""
        order = self._create_order()
        order.sudo().date_order = "2027-01-31 23:30:00"
        invoice = self._bill_together(order)
        self.assertEqual(str(invoice.recapitulative_month), "2027-02-01")

    # === WHAT DOES NOT FIT === #

    def assertRefused(self, orders, *patterns):
        wizard = self._open_wizard(orders)
        for pattern in patterns:
            self.assertRegex(wizard.problem, pattern)
        with self.assertRaises(UserError) as caught:
            wizard.action_create()
        self.assertRegex(str(caught.exception), patterns[0])
        self.assertFalse(orders.invoice_ids)

    def test_different_months_are_refused_by_name(self):
        orders = self._create_order("2027-02-28") | self._create_order("2027-03-01")
        self.assertRefused(
            orders,
            f"different months.*February 2027 .{orders[0].name}.*"
            f"March 2027 .{orders[1].name}",
        )

    def test_different_customers_are_refused(self):
        orders = self._create_order() | self._create_order(customer=self.other_customer)
        self.assertRefused(orders, "different customers.*Alma Books.*Borja Bikes")

    def test_different_currencies_are_refused(self):
        dollar = self._enable_currency("USD")
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        orders = self._create_order() | self._create_order(pricelist_id=pricelist.id)
        self.assertRefused(orders, "different currencies.*EUR.*USD")

    def test_what_is_invoiced_already_is_told(self):
        order, other = self._create_order(), self._create_order()
        self._bill_together(order)
        wizard = self._open_wizard(order | other)
        self.assertIn(f"Nothing is left to invoice of {order.name}", wizard.problem)
        with self.assertRaises(UserError):
            wizard.action_create()
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            self._open_wizard(order).action_create()

    # === FROM THE CUSTOMER === #

    def test_from_the_customer_the_month_before_is_proposed(self):
        january = self._create_order("2027-01-31")
        february = self._create_order("2027-02-01") | self._create_order("2027-02-28")
        self._create_order("2027-02-14", customer=self.other_customer)
        wizard = self._open_wizard(self.customer.with_user(self.biller))
        self.assertEqual(wizard.order_ids, february)
        wizard.day = "2027-01-15"
        self.assertEqual(wizard.order_ids, january)
        wizard.day = "2026-12-01"
        self.assertFalse(wizard.order_ids)
        self.assertIn("Nothing is left to invoice", wizard.problem)

    # === CHECKED AT POSTING === #

    def test_a_chosen_kind_without_orders_is_refused(self):
        self.company.check_invoice_kinds = True
        invoice = self._create_invoice(chosen_kind="recapitulative")
        with self.assertRaisesRegex(UserError, "holds no orders"):
            invoice.action_post()

    def test_orders_of_two_months_under_a_chosen_kind_are_refused(self):
        self.company.check_invoice_kinds = True
        orders = self._create_order("2027-01-31") | self._create_order("2027-02-01")
        invoice = orders._create_invoices()
        invoice.chosen_kind = "recapitulative"
        with self.assertRaisesRegex(UserError, "January 2027, February 2027"):
            invoice.action_post()

    def test_the_dialogues_invoice_passes_the_check(self):
        self.company.check_invoice_kinds = True
        invoice = self._bill_together(self._create_order() | self._create_order())
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    # === RIGHTS === #

    def test_only_billers_open_it(self):
        order = self._create_order().with_user(self.reader)
        for records in (order, self.customer.with_user(self.reader)):
            with self.assertRaises(AccessError):
                records.action_recapitulative_invoice()

    def test_cores_own_invoicing_stays_as_it_is(self):
        orders = self._create_order() | self._create_order()
        invoice = orders._create_invoices()
        self.assertFalse(invoice.chosen_kind)
        self.assertNotIn(
            "line_section", invoice.invoice_line_ids.mapped("display_type")
        )
        self.assertEqual(
            invoice.invoice_line_ids.sale_line_ids.order_id, orders.sudo(False)
        )

    def test_the_query_budget_is_flat(self):
        counts = []
        for number in (10, 100):
            orders = self.env["sale.order"].create(
                [
                    {
                        "partner_id": self.customer.id,
                        "order_line": [Command.create({"product_id": self.product.id})],
                    }
                    for _n in range(number)
                ]
            )
            orders.action_confirm()
            orders.date_order = "2027-02-10 10:00:00"
            recapitulative = self.env["recapitulative.invoice"]
            with self.counting() as counted:
                sources = recapitulative._get_sources(orders)
                self.assertFalse(recapitulative._get_problems(sources))
            counts.append(counted.statements)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

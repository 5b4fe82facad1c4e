"""Orders paid in monthly instalments: their sum is the order, to the cent."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .order_billing_common import OrderBillingCommon


@tagged("post_install", "-at_install")
class TestInstalments(OrderBillingCommon):
    people = ("seller", "reader", "portal")

    def _create_course(self, count=3, **values):
        """A course for 100.00 and 21 % VAT in three instalments."""
        return self._create_order(instalment_count=count, **values)

    def _bill_first(self, order):
        order.with_user(self.biller).action_bill_first_instalment()
        return self._get_invoices(order)

    def _bill_all(self, order):
        """All instalments of three, from the first to the last."""
        self._bill_first(order)
        self._run_cron("2027-04-15 08:00:00")
        self._run_cron("2027-05-15 08:00:00")
        return self._get_invoices(order)

    # === THE STORY === #

    def test_confirmation_alone_bills_nothing_and_waits(self):
        order = self._create_course()
        self.assertFalse(order.billing_task_id)
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_the_first_is_issued_and_mailed_by_the_button(self):
        order = self._create_course()
        invoice = self._bill_first(order)
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 33.33))
        self.assertEqual(str(invoice.invoice_date), "2027-03-15")
        rows = self._get_rows(order.billing_task_id)
        self.assertEqual(rows.delivery_ids.partner_id, self.customer)
        self.assertEqual(rows.document_name, invoice.name)

    def test_the_task_issues_the_others_a_month_apart(self):
        order = self._create_course()
        self._bill_first(order)
        task = order.billing_task_id
        self.assertEqual((task.state, str(task.date_next)), ("running", "2027-04-15"))
        self._run_cron("2027-04-15 08:00:00")
        self._run_cron("2027-05-15 08:00:00")
        self._run_cron("2027-06-15 08:00:00")
        self.assertRows(
            task,
            "2027-03-15 generated",
            "2027-04-15 generated",
            "2027-05-15 generated",
        )
        self.assertEqual(task.state, "done")

    def test_the_31st_comes_back_after_february(self):
        self.clock.move_to("2027-01-31 10:00:00")
        order = self._create_course()
        self._bill_first(order)
        self._run_cron("2027-04-01 08:00:00")
        self.assertDates(
            order.billing_task_id, "2027-01-31", "2027-02-28", "2027-03-31"
        )

    def test_each_says_which_it_is(self):
        invoices = self._bill_all(self._create_course())
        names = invoices.invoice_line_ids.mapped("name")
        self.assertEqual(
            [name.splitlines()[-1] for name in names],
            [f"Support (instalment {number} of 3)" for number in (1, 2, 3)],
        )

    # === AMOUNTS === #

    def test_the_sum_of_the_instalments_is_the_order(self):
        invoices = self._bill_all(self._create_course())
        self.assertEqual(invoices.mapped("amount_untaxed"), [33.33, 33.33, 33.34])

    def test_the_order_counts_them_at_every_moment(self):
        order = self._create_course()
        line = order.order_line
        self._bill_first(order)
        self.assertInvoiced(order, 33.33)
        self.assertAlmostEqual(line.qty_invoiced, 0.33)
        self.assertEqual(line.untaxed_amount_to_invoice, 66.67)
        self.assertEqual(order.invoice_status, "no")
        self._run_cron("2027-04-15 08:00:00")
        self.assertInvoiced(order, 66.66)
        self.assertEqual((order.invoice_status, order.invoice_count), ("no", 2))
        self._run_cron("2027-05-15 08:00:00")
        self.assertInvoiced(order, 100)
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (1, 0))
        self.assertEqual((order.invoice_status, order.invoice_count), ("invoiced", 3))
        self.assertEqual(line.untaxed_amount_to_invoice, 0)

    def test_several_lines_discounts_and_quantities(self):
        tax = self._create_tax(name="Reduced", amount=10)
        lines = [
            {"display_type": "line_section", "name": "Course"},
            {
                "product_id": self.product.id,
                "price_unit": 19.99,
                "product_uom_qty": 7,
                "discount": 15,
            },
            {
                "product_id": self.other_product.id,
                "price_unit": 10,
                "tax_ids": tax.ids,
            },
            {"product_id": self.other_product.id, "price_unit": -5.01},
        ]
        order = self._create_course(lines=lines)
        invoices = self._bill_all(order)
        self.assertInvoiced(order, order.amount_untaxed)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(len(invoices[2].invoice_line_ids), 4)

    def test_taxes_in_the_price(self):
        tax = self._create_tax(
            name="VAT 21 incl.", amount=21, price_include_override="tax_included"
        )
        line = {"product_id": self.product.id, "price_unit": 100, "tax_ids": tax.ids}
        order = self._create_course(lines=[line])
        self.assertEqual(order.amount_total, 100)
        invoices = self._bill_all(order)
        self.assertEqual(invoices.mapped("amount_total"), [33.33, 33.33, 33.34])

    def test_what_is_asked_first_is_the_first_invoice(self):
        for line in (
            {"price_unit": 100},
            {"price_unit": 33.35, "product_uom_qty": 3, "discount": 7.5},
            {"price_unit": 0.05},
        ):
            order = self._create_course(lines=[{"product_id": self.product.id, **line}])
            asked = order._get_first_payment_amount()
            self.assertEqual(asked, self._bill_first(order).amount_total)

    def test_without_instalments_everything_is_asked_first(self):
        order = self._create_order()
        self.assertEqual(order._get_first_payment_amount(), 121)

    def test_missed_ones_are_issued_at_once_and_add_up(self):
        order = self._create_course()
        self._bill_first(order)
        self._run_cron("2027-07-01 08:00:00")
        invoices = self._get_invoices(order)
        self.assertEqual(invoices.mapped("amount_untaxed"), [33.33, 33.33, 33.34])

    def test_a_changed_order_is_split_into_what_is_left(self):
        order = self._create_course()
        self._bill_first(order)
        order.order_line.price_unit = 160
        self.assertAlmostEqual(order.order_line.qty_invoiced, 0.21)
        self._run_cron("2027-04-15 08:00:00")
        self._run_cron("2027-05-15 08:00:00")
        invoices = self._get_invoices(order)
        self.assertEqual(invoices.mapped("amount_untaxed"), [33.33, 63.33, 63.34])
        self.assertEqual(order.invoice_status, "invoiced")

    def test_a_credit_note_reduces_and_is_not_asked_for_again(self):
        order = self._create_course()
        first = self._bill_first(order)
        first._reverse_moves([{"invoice_date": "2027-03-15"}]).action_post()
        self.assertInvoiced(order, 0)
        self._run_cron("2027-04-15 08:00:00")
        second = self._get_invoices(order)[-1]
        self.assertEqual(second.amount_untaxed, 33.33)
        self.assertInvoiced(order, 33.33)
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_a_cancelled_instalment_is_asked_for_at_the_end(self):
        order = self._create_course()
        self._bill_first(order)
        self._run_cron("2027-04-15 08:00:00")
        second = self._get_invoices(order)[-1]
        second.button_draft()
        second.button_cancel()
        self._run_cron("2027-05-15 08:00:00")
        self._run_cron("2027-06-15 08:00:00")
        valid = self._get_invoices(order).filtered(lambda m: m.state == "posted")
        self.assertEqual(valid.mapped("amount_untaxed"), [33.33, 33.33, 33.34])
        self.assertInvoiced(order, 100)

    # === NEVER TWICE === #

    def test_core_never_offers_them(self):
        order = self._create_course()
        with self.assertRaisesRegex(UserError, "Bill First Instalment"):
            order._create_invoices()
        self._bill_first(order)
        order._force_lines_to_invoice_policy_order()
        with self.assertRaisesRegex(UserError, "paid in instalments"):
            order._create_invoices(final=True)

    def test_pressing_twice_bills_one(self):
        order = self._create_course()
        invoice = self._bill_first(order)
        with self.assertRaisesRegex(UserError, "billed already: INV"):
            self._bill_first(order)
        self.assertEqual(order.invoice_ids, invoice)

    def test_asking_for_the_first_invoice_twice_gives_the_same(self):
        order = self._create_course()
        invoice = order._create_first_invoice()
        self.assertEqual(order._create_first_invoice(), invoice)

    def test_a_deleted_first_invoice_can_be_made_again(self):
        order = self._create_course()
        order._create_first_invoice().unlink()
        invoice = order._create_first_invoice()
        self.assertRows(
            order.billing_task_id, "2027-03-15 void", "2027-03-15 generated"
        )
        self.assertEqual(invoice.amount_untaxed, 33.33)

    def test_only_a_confirmed_order_with_instalments_begins(self):
        for order in (self._create_course(confirm=False), self._create_order()):
            with self.assertRaisesRegex(UserError, "not confirmed, or is not paid"):
                self._bill_first(order)

    def test_the_number_of_instalments_stays_after_confirmation(self):
        order = self._create_course()
        with self.assertRaisesRegex(UserError, "was agreed"):
            order.instalment_count = 4

    def test_only_billing_people_begin(self):
        order = self._create_course()
        for user in (self.seller, self.reader, self.portal):
            with self.assertRaises(AccessError):
                order.with_user(user).action_bill_first_instalment()

    # === THE STUDENT WHO LEAVES === #

    def test_leaving_says_what_is_open_and_what_is_not_asked_for_any_more(self):
        order = self._create_course()
        first = self._bill_first(order)
        message = order.with_user(self.biller).action_stop_billing()["params"][
            "message"
        ]
        self.assertIn(first.name, message)
        self.assertIn("40.33", message)
        self.assertIn("2 instalments", message)
        self.assertIn("80.67", message)
        self._run_cron("2027-05-15 08:00:00")
        self.assertEqual(order.invoice_ids, first)

    def test_after_leaving_nothing_is_left_to_invoice(self):
        order = self._create_course()
        self._bill_first(order)
        order.with_user(self.biller).action_stop_billing()
        line = order.order_line
        self.assertEqual(order.invoice_status, "no")
        self.assertEqual((line.untaxed_amount_to_invoice, line.qty_to_invoice), (0, 0))
        self.assertEqual(line.amount_to_invoice, 0)


@tagged("post_install", "-at_install")
class TestFirstInvoice(OrderBillingCommon):
    """The invoice of a payment that confirmed the order, whatever kind it is."""

    def test_of_a_plain_order_it_is_everything_whatever_was_delivered(self):
        self.product.invoice_policy = "delivery"
        order = self._create_order()
        invoice = order._create_first_invoice("2027-03-20")
        self.assertEqual((invoice.state, invoice.amount_total), ("draft", 121))
        self.assertEqual(str(invoice.invoice_date), "2027-03-20")
        self.assertFalse(invoice.recurring_task_id)

    def test_of_a_plain_order_nothing_is_made_twice(self):
        order = self._create_order()
        invoice = order._create_first_invoice()
        self.assertEqual(order._create_first_invoice(), invoice)

    def test_of_periodic_lines_it_is_the_first_period_and_what_is_billed_once(self):
        order = self._create_periodic(billing_start_date="2027-04-01")
        invoice = order._create_first_invoice()
        self.assertEqual(invoice.amount_untaxed, 140)
        invoice.action_post()
        self.assertEqual(order._start_billing(invoice), order.billing_task_id)
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(order.billing_task_id, "2027-04-01 generated")
        self._run_cron("2027-05-01 08:00:00")
        first, second = self._get_invoices(order)
        self.assertEqual((first, second.amount_untaxed), (invoice, 100))
        self.assertInvoiced(order, 240)

    def test_the_ledger_knows_number_and_amount_of_the_posted_invoice(self):
        order = self._create_periodic()
        invoice = order._create_first_invoice()
        invoice.action_post()
        order._start_billing(invoice)
        row = self._get_rows(order.billing_task_id)
        self.assertEqual((row.document_name, row.amount_total), (invoice.name, 169.4))

    def test_a_period_that_was_issued_is_not_invoiced_again(self):
        order = self._create_periodic()
        self._run_cron("2027-03-15 11:00:00")
        first = order.invoice_ids
        rest = order._create_first_invoice()
        self.assertEqual(rest.amount_untaxed, 40)
        self.assertEqual(order._create_first_invoice(), first)

    def test_words_in_braces_are_filled_in(self):
        line = {
            "product_id": self.product.id,
            "name": "Support in {month} {year}",
            "billed_periodically": True,
        }
        order = self._create_periodic(lines=[line], billing_start_date="2027-04-01")
        invoice = order._create_first_invoice()
        self.assertIn("Support in April 2027", invoice.invoice_line_ids.name)

    def test_an_invoice_of_other_making_stands_for_the_first_period(self):
        order = self._create_periodic(billing_start_date="2027-04-01")
        invoice = order.with_context(bill_first_period=True)
        invoice._force_lines_to_invoice_policy_order()
        invoice = invoice._create_invoices(final=True)
        invoice.invoice_date = "2027-03-15"
        invoice.action_post()
        order._start_billing(invoice)
        self.assertRows(order.billing_task_id, "2027-04-01 generated")
        self.assertEqual(str(order.billing_task_id.date_next), "2027-05-01")

"""Marked customers get one invoice a month by themselves, once."""

import logging
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .invoice_kind_common import InvoiceKindCommon

_logger = logging.getLogger(__name__)


class MonthCommon(InvoiceKindCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.customer | cls.other_customer
        cls.customers.with_company(cls.company).recapitulative = True

    def _recapitulate(self, moment="2027-03-01 06:00:00"):
        self.clock.move_to(moment)
        cron = self.env.ref("recurring_billing.ir_cron_recapitulative")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)

    def _get_ledger(self, customer=None):
        return self.env["recapitulative.month"].search(
            [
                ("company_id", "=", self.company.id),
                ("partner_id", "=", (customer or self.customer).id),
            ]
        )


@tagged("post_install", "-at_install")
class TestRecapitulativeMonth(MonthCommon):
    people = ("reader",)

    def test_the_month_before_is_invoiced_on_one_invoice(self):
        orders = self._create_order("2027-02-01") | self._create_order("2027-02-28")
        self._create_order("2027-01-31")
        self._create_order("2027-03-01")
        self._recapitulate()
        row = self._get_ledger()
        self.assertEqual((row.state, str(row.month)), ("done", "2027-02-01"))
        self.assertEqual(len(row.move_ids), 1)
        self.assertEqual(row.move_ids.invoice_line_ids.sale_line_ids.order_id, orders)
        self.assertEqual(row.move_ids.invoice_kind, "recapitulative")

    def test_drafts_are_made_unless_the_company_says_more(self):
        self._create_order()
        self._recapitulate()
        self.assertEqual(self._get_ledger().move_ids.state, "draft")

    def test_they_are_confirmed_by_choice(self):
        self.company.recapitulative_completion = "confirm"
        self._create_order()
        self._recapitulate()
        invoice = self._get_ledger().move_ids
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(invoice.mail_delivery_state)
        self.assertEqual(str(invoice.invoice_date), "2027-03-01")

    def test_they_are_sent_by_choice(self):
        self.company.recapitulative_completion = "send"
        self._create_order()
        self._recapitulate()
        self.assertEqual(self._get_ledger().move_ids.mail_delivery_state, "queued")

    def test_the_day_is_that_of_the_company(self):
        """At 23:30 UTC of 28 February March has begun in Madrid."""
        self._create_order()
        self._recapitulate("2027-02-28 22:30:00")
        self.assertFalse(self._get_ledger())
        self._recapitulate("2027-02-28 23:30:00")
        self.assertTrue(self._get_ledger())

    def test_a_month_is_invoiced_once(self):
        self._create_order()
        self._recapitulate()
        late = self._create_order("2027-02-27")
        self._recapitulate("2027-03-02 06:00:00")
        self.assertEqual(len(self._get_ledger()), 1)
        self.assertEqual(late.invoice_status, "to invoice")

    def test_somebody_is_told_of_what_earlier_months_left(self):
        old = self._create_order("2027-01-31")
        self._create_order("2027-02-01")
        self._recapitulate()
        self._recapitulate("2027-03-02 06:00:00")
        activity = self.customer.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn(old.name, activity.note)
        self.assertEqual(old.invoice_status, "to invoice")

    def test_the_database_allows_one_row(self):
        self._create_order()
        self._recapitulate()
        row = self._get_ledger()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.IntegrityError, "customer_month_unique"),
        ):
            row.copy({"state": "done"})
            self.env.flush_all()

    def test_customers_who_are_not_marked_are_left_alone(self):
        self.customer.with_company(self.company).recapitulative = False
        order = self._create_order()
        self._recapitulate()
        self.assertFalse(self._get_ledger())
        self.assertEqual(order.invoice_status, "to invoice")

    def test_the_mark_is_of_one_company(self):
        other = self._create_billing_company(name="Other Co")
        self.assertFalse(self.customer.with_company(other).recapitulative)

    def test_currencies_make_invoices_of_their_own(self):
        dollar = self._enable_currency("USD")
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        self._create_order()
        self._create_order(pricelist_id=pricelist.id)
        self._recapitulate()
        self.assertEqual(
            set(self._get_ledger().move_ids.currency_id.mapped("name")), {"EUR", "USD"}
        )

    def test_an_order_that_someone_holds_waits_for_the_next_day(self):
        self._create_order()
        self._create_order(customer=self.other_customer)
        Order = self.env.registry["sale.order"]
        lock = Order.try_lock_for_update

        def hold_the_first(orders, **options):
            free = orders.filtered(lambda o: o.partner_id != self.customer)
            return lock(free, **options)

        with patch.object(Order, "try_lock_for_update", hold_the_first):
            self._recapitulate()
        self.assertFalse(self._get_ledger())
        self.assertTrue(self._get_ledger(self.other_customer))
        self._recapitulate("2027-03-02 06:00:00")
        self.assertTrue(self._get_ledger())


@tagged("post_install", "-at_install")
class TestRecapitulativeFailure(MonthCommon):
    people = ("reader",)

    def setUp(self):
        super().setUp()
        self.company.write(
            {"recapitulative_completion": "confirm", "check_invoice_kinds": True}
        )
        self.customer.vat = False
        self.order = self._create_order()

    def test_a_bad_customer_stops_nobody_else(self):
        self.other_customer.write({"is_company": False, **self._get_address()})
        self._create_order(customer=self.other_customer)
        self._recapitulate()
        self.assertEqual(self._get_ledger().state, "failed")
        self.assertIn("Tax ID", self._get_ledger().error)
        self.assertEqual(self._get_ledger(self.other_customer).state, "done")
        self.assertEqual(self.order.invoice_status, "to invoice")

    def _get_address(self):
        return {
            "street": "Calle Menor 2",
            "city": "Madrid",
            "vat": "ESA28015865",
            "country_id": self.quick_ref("base.es").id,
        }

    def test_somebody_is_told_once(self):
        self._recapitulate()
        self._recapitulate("2027-03-02 06:00:00")
        activity = self.customer.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn("February 2027", activity.summary)
        self.assertIn("Tax ID", activity.note)

    def test_it_is_tried_again_the_next_day(self):
        self._recapitulate()
        self.customer.vat = "ESB83562488"
        self._recapitulate("2027-03-02 06:00:00")
        row = self._get_ledger()
        self.assertEqual((len(row), row.state, row.error), (1, "done", False))
        self.assertEqual(row.move_ids.state, "posted")

    def test_or_at_once_by_a_biller(self):
        self._recapitulate()
        self.customer.vat = "ESB83562488"
        row = self._get_ledger()
        with self.assertRaises(AccessError):
            row.with_user(self.reader).action_retry()
        row.with_user(self.biller).action_retry()
        self.assertEqual(row.state, "done")


@tagged("post_install", "-at_install", "slow", "release")
class TestRecapitulativeBudget(MonthCommon):
    #: Statements for each further customer with one order; core's own invoicing of an
    #: order, its message and its reconciliation are most of them.
    BUDGET = 19

    def _count(self, customers):
        customers.with_company(self.company).recapitulative = True
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
                for customer in customers
            ]
        )
        orders.action_confirm()
        orders.date_order = "2027-02-10 10:00:00"
        self.env.flush_all()
        self.env.invalidate_all()
        ledger = self.env["recapitulative.month"]
        month = orders[0].date_order.date().replace(day=1)
        before = self.cr.sql_log_count
        ledger._run_batch(self.company, month, customers.ids)
        self.env.flush_all()
        count = self.cr.sql_log_count - before
        self.assertEqual(set(orders.mapped("invoice_status")), {"invoiced"})
        return count

    def test_statements_for_each_further_customer_are_flat(self):
        self.company.recapitulative_completion = "confirm"
        customers = self._create_customers(112)
        self._count(customers[:2])  # caches of the server
        few, many = self._count(customers[2:12]), self._count(customers[12:])
        slope = (many - few) / 90
        _logger.info(
            "recapitulative: %s for 10, %s for 100, %.2f for each further customer",
            few,
            many,
            slope,
        )
        self.assertLessEqual(slope, self.BUDGET)

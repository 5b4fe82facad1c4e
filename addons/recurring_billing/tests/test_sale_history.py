"""The Sales tab: one row for each operation, only what the user may see."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models import sale_history_mixin
from .sale_history_common import SaleHistoryCommon


@tagged("post_install", "-at_install")
class TestSaleHistory(SaleHistoryCommon):
    # === ROWS === #

    def test_an_order_and_all_that_followed_is_one_row(self):
        order = self._create_order()
        invoice = self._bill_order(order)
        note = self._reverse(invoice)
        row = self._get_history()
        self.assertEqual(len(row), 1)
        self.assertEqual(row.sale_order_ids, order.with_user(self.clerk))
        self.assertEqual(row.invoice_ids.ids, invoice.ids)
        self.assertEqual(row.credit_note_ids.ids, note.ids)
        self.assertFalse(row.quotation_ids)

    def test_a_quotation_stands_in_its_own_column_until_it_is_confirmed(self):
        order = self._create_order(confirm=False)
        row = self._get_history()
        self.assertEqual(
            (row.quotation_ids.ids, row.sale_order_ids.ids), (order.ids, [])
        )
        order.action_confirm()
        row = self._get_history()
        self.assertEqual(
            (row.quotation_ids.ids, row.sale_order_ids.ids), ([], order.ids)
        )

    def test_an_invoice_without_order_is_a_row_with_its_credit_note(self):
        invoice = self._create_invoice()
        note = self._reverse(invoice)
        row = self._get_history()
        self.assertEqual(row.invoice_ids.ids, invoice.ids)
        self.assertEqual(row.credit_note_ids.ids, note.ids)
        self.assertEqual(row.amount_total, 121.0)

    def test_a_credit_note_of_nothing_is_a_row_that_takes_away(self):
        self._create_invoice(move_type="out_refund")
        row = self._get_history()
        self.assertFalse(row.invoice_ids)
        self.assertEqual(row.amount_total, -121.0)

    def test_a_credit_note_made_by_hand_for_an_invoice_of_an_order_joins_its_row(self):
        invoice = self._bill_order(self._create_order())
        note = self._create_invoice(
            move_type="out_refund", reversed_entry_id=invoice.id
        )
        row = self._get_history()
        self.assertEqual(row.credit_note_ids.ids, note.ids)

    def test_one_invoice_for_two_orders_shows_in_both_and_counts_once(self):
        orders = self._create_order() + self._create_order()
        invoice = self._bill_order(orders)
        rows = self._get_history()
        self.assertEqual([row.invoice_ids.ids for row in rows], [invoice.ids] * 2)
        self.assertEqual(rows._get_counters()["invoice"][1], 1)

    def test_cancelled_documents_stay_in_the_history(self):
        order = self._create_order(confirm=False)
        order._action_cancel()
        invoice = self._create_invoice(post=False)
        invoice.button_cancel()
        rows = self._get_history()
        self.assertEqual(rows.quotation_ids.ids, order.ids)
        self.assertEqual(rows.invoice_ids.ids, invoice.ids)
        self.assertFalse(any(rows.mapped("residual")))

    def test_the_newest_comes_first(self):
        old = self._create_invoice(invoice_date="2027-01-10")
        new = self._create_invoice(invoice_date="2027-03-10")
        middle = self._create_order(date_order="2027-02-10", confirm=False)
        rows = self._get_history()
        self.assertEqual(
            [(row.move_id or row.order_id).id for row in rows],
            [new.id, middle.id, old.id],
        )

    def test_the_day_of_an_order_is_the_day_where_the_user_lives(self):
        self.clerk.tz = "Asia/Tokyo"
        self._create_order(date_order="2027-03-09 20:00:00", confirm=False)
        self.assertEqual(str(self._get_history().date), "2027-03-10")

    def test_the_page_shows_no_more_than_the_newest(self):
        for day in (1, 2, 3):
            self._create_invoice(invoice_date=f"2027-03-0{day}")
        with patch.object(sale_history_mixin, "NEWEST", 2):
            rows = self._get_history()
        self.assertEqual([row.date.day for row in rows], [3, 2])

    # === WHOSE === #

    def test_documents_of_contacts_and_addresses_belong_to_the_customer(self):
        self.customer.is_company = True
        contact = self._create_customer(name="Ana", parent_id=self.customer.id)
        self._create_order(contact)
        self._create_invoice(contact)
        self.assertEqual(len(self._get_history()), 2)
        self.assertEqual(self._get_history(contact), self._get_history())

    def test_documents_of_other_customers_do_not_show(self):
        self._create_order(self.other_customer)
        self.assertFalse(self._get_history())

    def test_documents_of_another_company_do_not_show(self):
        other = self._create_billing_company(name="Other Co")
        env = self._get_company_env(other)
        self.customer.company_id = False
        env["sale.order"].create({"partner_id": self.customer.id})
        self.assertFalse(self._get_history())
        self.clerk.company_ids += other
        clerk = self.customer.with_user(self.clerk)
        both = clerk.with_context(allowed_company_ids=(self.company + other).ids)
        self.assertEqual(both.sale_history_ids.company_id, other)

    def test_a_salesperson_sees_the_orders_that_are_his(self):
        self._create_people_more("seller")
        own = self._create_order(user_id=self.seller.id)
        self._create_order()
        self.assertEqual(self._get_history(user=self.seller).order_id.ids, own.ids)

    def _create_people_more(self, role):
        setattr(type(self), role, self._create_user(role, self.GROUPS[role]))

    def test_somebody_without_sales_and_invoices_sees_nothing(self):
        self._create_people_more("reader")
        self._bill_order(self._create_order())
        partner = self.customer.with_user(self.reader)
        self.assertFalse(partner.sale_history_ids)
        self.assertFalse(partner.sale_invoice_ids)

    def test_somebody_without_recurring_billing_cannot_ask(self):
        self._create_people_more("stranger")
        with self.assertRaises(AccessError):
            self.env["sale.history"].with_user(self.stranger).search([])

    # === FIGURES === #

    def test_what_is_due_is_what_invoices_and_credit_notes_leave_open(self):
        order = self._create_order()
        invoice = self._bill_order(order)
        self.assertEqual(self._get_history().residual, 121.0)
        self._reverse(invoice)
        self.assertEqual(self._get_history().residual, 0.0)

    def test_each_currency_is_due_by_itself(self):
        dollar = self._enable_currency("USD")
        order = self._create_order()
        invoice = self._bill_order(order)
        note = self._create_invoice(
            move_type="out_refund",
            reversed_entry_id=invoice.id,
            currency_id=dollar.id,
        )
        row = self._get_history()
        self.assertEqual(row.residual, 121.0)
        self.assertIn("-121.00", row.other_residual.replace("\u2011", "-"))
        self.assertEqual(note.amount_residual, 121.0)

    def test_drafts_owe_nothing(self):
        self._create_invoice(post=False)
        self.assertEqual(self._get_history().residual, 0.0)
        self.assertFalse(self._get_history().is_open)

    def test_the_filter_finds_where_something_is_due(self):
        due = self._bill_order(self._create_order())
        settled = self._create_invoice()
        self._reverse(settled)
        settled_lines = (settled + settled.reversal_move_ids).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        settled_lines.filtered(lambda line: not line.reconciled).reconcile()
        self.env.flush_all()
        History = self.env["sale.history"].with_user(self.clerk)
        own = [("partner_id", "=", self.customer.id)]
        found = History.search([*own, ("is_open", "=", True)])
        self.assertEqual(found.invoice_ids.ids, due.ids)
        others = History.search([*own, ("is_open", "=", False)])
        self.assertEqual(others.move_id.ids, settled.ids)

    def test_counters_and_balances_of_what_is_shown(self):
        self._create_order(confirm=False)
        invoice = self._bill_order(self._create_order())
        self._reverse(self._create_invoice())
        self._get_history()
        partner = self.customer.with_user(self.clerk)
        for text in ("Quotations: 1", "Orders: 1", "Invoices: 2", "Credit notes: 1"):
            self.assertIn(text, partner.sale_history_counts)
        self.assertIn("121.00", partner.sale_history_balance)
        self.assertEqual(partner.outstanding_balance, partner.sale_history_balance)
        self.assertEqual(invoice.amount_residual, 121.0)

    def test_the_sections_hold_the_documents_of_the_rows(self):
        invoice = self._bill_order(self._create_order())
        note = self._reverse(invoice)
        self._get_history()
        partner = self.customer.with_user(self.clerk)
        self.assertEqual(partner.sale_invoice_ids.ids, invoice.ids)
        self.assertEqual(partner.sale_credit_note_ids.ids, note.ids)

    # === SPEED === #

    def _count_statements(self, partner):
        self.env.flush_all()
        self.env.invalidate_all()
        user = partner.with_user(self.clerk)
        user.read(["name"])
        before = self.cr.sql_log_count
        names = {"display_name": {}}
        user.web_read(
            {
                "sale_history_ids": {
                    "fields": {
                        "date": {},
                        "amount_total": {},
                        "residual": {},
                        "other_residual": {},
                        "quotation_ids": {"fields": names},
                        "sale_order_ids": {"fields": names},
                        "invoice_ids": {"fields": names},
                        "credit_note_ids": {"fields": names},
                    }
                },
                "sale_invoice_ids": {
                    "fields": {"name": {}, "amount_residual": {}, "used_balance": {}}
                },
                "sale_credit_note_ids": {
                    "fields": {"name": {}, "amount_residual": {}, "used_balance": {}}
                },
                "sale_history_counts": {},
                "sale_history_balance": {},
                "outstanding_balance": {},
                "periodic_billing_ids": {"fields": {"date_next": {}, "state": {}}},
            }
        )
        return self.cr.sql_log_count - before

    def test_the_page_costs_the_same_statements_for_few_and_many_documents(self):
        few, many = self.customer, self.other_customer
        for partner, count in ((few, 2), (many, 20)):
            orders = self._create_order(partner, count=count)
            self._reverse(self._bill_order(orders, each=True))
            self._create_invoice(partner, count=count)
        self._count_statements(few)  # caches of the server
        count = self._count_statements(few)
        self.assertEqual(self._count_statements(many), count)
        self.assertLessEqual(count, 25)

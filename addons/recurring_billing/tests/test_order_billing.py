"""Signed, then billed: lines that a recurring task invoices in each period."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .order_billing_common import OrderBillingCommon


@tagged("post_install", "-at_install")
class TestConfirmation(OrderBillingCommon):
    def test_a_salesperson_confirms_and_a_task_runs(self):
        order = self._create_periodic(
            billing_start_date="2027-04-01", billing_cycle="quarterly"
        )
        task = order.billing_task_id
        self.assertEqual((task.state, task.cycle), ("running", "quarterly"))
        self.assertEqual(str(task.date_next), "2027-04-01")
        self.assertEqual((task.price_mode, task.completion), ("keep", "send"))
        self.assertEqual(task.recipient_ids.partner_id, self.customer)
        self.assertEqual(task.line_ids.sale_line_id, order.order_line[0])
        self.assertEqual(order.billing_state, "running")

    def test_so_does_the_customers_signature(self):
        portal = self._create_user("signer", "base.group_portal")
        order = self._create_periodic(confirm=False)
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.billing_task_id.state, "running")
        self.assertNotIn(portal.partner_id, order.billing_task_id.message_partner_ids)

    def test_nobody_is_told_in_the_name_of_the_customer(self):
        responsible = self._create_user("responsible", "sales_team.group_sale_salesman")
        order = self._create_periodic(confirm=False)
        order.sudo().user_id = responsible
        public = self.env.ref("base.public_user")
        tracked = {"tracking_disable": False}
        order.with_user(public).sudo().with_context(**tracked)._validate_order()
        task = order.billing_task_id
        self.assertEqual(task.user_id, responsible)
        told = self.env["mail.notification"].search(
            [
                ("mail_message_id.model", "=", "recurring.task"),
                ("mail_message_id.res_id", "=", task.id),
            ]
        )
        self.assertFalse(told)

    def test_an_order_without_periodic_lines_gets_none(self):
        order = self._create_order()
        self.assertFalse(order.billing_task_id)
        self.assertFalse(order._start_billing())

    def test_it_runs_from_the_start_of_the_service_not_a_day_more_nor_less(self):
        order = self._create_periodic(
            billing_start_date="2027-03-31", billing_end_date="2027-05-31"
        )
        task = order.billing_task_id
        self._run_cron("2027-03-30 08:00:00")
        self.assertRows(task)
        self._run_cron("2027-07-01 08:00:00")
        self.assertDates(task, "2027-03-31", "2027-04-30", "2027-05-31")
        row = self._get_rows(task)[0]
        self.assertEqual(
            (str(row.period_start), str(row.period_end)), ("2027-03-31", "2027-04-30")
        )
        self.assertEqual(task.state, "done")

    def test_without_a_date_the_service_starts_on_the_day_of_confirmation(self):
        order = self._create_periodic()
        self.assertEqual(str(order.billing_start_date), "2027-03-15")
        self._run_cron("2027-03-15 11:00:00")
        self.assertDates(order.billing_task_id, "2027-03-15")

    def test_a_start_in_the_past_is_billed_from_then_on(self):
        task = self._create_periodic(billing_start_date="2027-01-15").billing_task_id
        self._run_cron("2027-03-15 11:00:00")
        self.assertDates(task, "2027-01-15", "2027-02-15", "2027-03-15")

    def test_asking_twice_makes_one_task(self):
        order = self._create_periodic()
        task = order.billing_task_id
        self.assertEqual(order._start_billing(), task)
        self.assertEqual(order._get_billing_tasks(), task)

    def test_the_database_refuses_a_second_task(self):
        order = self._create_periodic()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "sale_order_uniq"),
            self.cr.savepoint(),
        ):
            order._create_billing_task()

    def test_a_service_that_ended_is_not_confirmed(self):
        order = self._create_periodic(confirm=False, billing_end_date="2027-03-01")
        with self.assertRaisesRegex(UserError, "service end has passed"):
            order.action_confirm()

    def test_a_service_cannot_end_before_it_starts(self):
        with self.assertRaisesRegex(ValidationError, "ends before it starts"):
            self._create_periodic(
                billing_start_date="2027-04-01", billing_end_date="2027-03-31"
            )

    def test_periodic_lines_and_instalments_exclude_each_other(self):
        order = self._create_periodic(confirm=False)
        with self.assertRaisesRegex(ValidationError, "Choose one"):
            order.instalment_count = 3
        order = self._create_order(confirm=False, instalment_count=3)
        with self.assertRaisesRegex(ValidationError, "Choose one"):
            order.order_line.billed_periodically = True

    def test_what_was_agreed_stays(self):
        order = self._create_periodic()
        with self.assertRaisesRegex(UserError, "was agreed"):
            order.billing_start_date = "2027-05-01"
        with self.assertRaisesRegex(UserError, "is agreed"):
            order.order_line[1].billed_periodically = True
        order.billing_cycle = "monthly"  # as it was

    def test_the_customer_reads_how_he_is_billed(self):
        order = self._create_periodic(
            billing_start_date="2027-04-01", billing_cycle="quarterly"
        )
        text = "Billed periodically: quarterly, from 1 April 2027."
        self.assertEqual(order.billing_text, text)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.action_report_saleorder", order.ids
        )
        self.assertIn(text, html.decode())

    def test_orders_are_found_by_their_task(self):
        order, other = self._create_periodic(), self._create_order()
        Order = self.env["sale.order"]
        found = Order.search([("billing_task_id", "!=", False)])
        self.assertIn(order, found)
        self.assertNotIn(other, found)
        found = Order.search([("billing_task_id", "=", order.billing_task_id.id)])
        self.assertEqual(found, order)
        found = Order.search([("billing_task_id", "=", False)])
        self.assertIn(other, found)
        self.assertNotIn(order, found)


@tagged("post_install", "-at_install")
class TestAgreement(OrderBillingCommon):
    """Order, task and invoices say the same about what was invoiced."""

    def test_what_the_task_issues_counts_on_the_order(self):
        order = self._create_periodic()
        self._run_cron("2027-03-15 11:00:00")
        self._run_cron("2027-04-15 08:00:00")
        self.assertEqual(order.invoice_count, 2)
        self.assertEqual(order.order_line.mapped("qty_invoiced"), [2, 0])
        self.assertInvoiced(order, 200)
        for invoice in order.invoice_ids:
            self.assertEqual(invoice.amount_untaxed, 100)
            self.assertEqual(invoice.invoice_origin, order.name)

    def test_core_offers_only_what_is_billed_once(self):
        order = self._create_periodic()
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0, 1])
        self.assertEqual(order.invoice_status, "to invoice")
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_untaxed, 40)
        self._run_cron("2027-03-15 11:00:00")
        self.assertEqual(order.invoice_status, "invoiced")
        with self.assertRaisesRegex(UserError, "its recurring task issues"):
            order._create_invoices()

    def test_core_invoices_a_paid_order_without_its_periodic_lines(self):
        order = self._create_periodic()
        order._force_lines_to_invoice_policy_order()
        self.assertEqual(order._create_invoices(final=True).amount_untaxed, 40)

    def test_a_credit_note_reduces_what_was_invoiced(self):
        order = self._create_periodic()
        self._run_cron("2027-03-15 11:00:00")
        note = order.invoice_ids._reverse_moves([{"invoice_date": "2027-03-15"}])
        note.action_post()
        self.assertInvoiced(order, 0)
        self.assertEqual(order.order_line[0].qty_to_invoice, 0)

    def test_nothing_of_a_periodic_line_is_left_to_invoice(self):
        order = self._create_periodic()
        self._run_cron("2027-03-15 11:00:00")
        line = order.order_line[0]
        self.assertEqual(line.untaxed_amount_to_invoice, 0)
        self.assertEqual(line.amount_to_invoice, 0)

    def test_the_task_follows_the_order_from_the_next_document_on(self):
        order = self._create_periodic()
        self._run_cron("2027-03-15 11:00:00")
        order.order_line[0].write({"price_unit": 120, "name": "Support plus"})
        self._run_cron("2027-04-15 08:00:00")
        first, second = self._get_invoices(order)
        self.assertEqual((first.amount_untaxed, second.amount_untaxed), (100, 120))
        self.assertIn("Support plus", second.invoice_line_ids.name)
        self.assertEqual(order.billing_task_id.amount_untaxed, 120)

    def test_a_new_periodic_line_joins_and_one_without_quantity_leaves(self):
        order = self._create_periodic()
        new = {
            "product_id": self.other_product.id,
            "price_unit": 15,
            "billed_periodically": True,
        }
        order.order_line = [Command.create(new)]
        self.assertEqual(order.billing_task_id.amount_untaxed, 115)
        order.order_line[0].product_uom_qty = 0
        self.assertEqual(order.billing_task_id.amount_untaxed, 15)
        order.order_line[-1].product_uom_qty = 0
        self.assertEqual(order.billing_task_id.state, "done")
        self.assertIn("nothing left", order.billing_task_id.stop_reason)

    def test_a_periodic_line_added_to_a_confirmed_order_starts_the_billing(self):
        order = self._create_order()
        order.order_line = [
            Command.create({"product_id": self.product.id, "billed_periodically": True})
        ]
        self.assertEqual(order.billing_task_id.state, "running")
        self.assertEqual(len(order.billing_task_id.line_ids), 1)

    def test_lines_of_an_order_are_changed_there_and_nowhere_else(self):
        task = self._create_periodic().billing_task_id.with_user(self.biller)
        with self.assertRaisesRegex(UserError, "Change it there"):
            task.line_ids.price_unit = 1
        with self.assertRaisesRegex(UserError, "Change it there"):
            task.line_ids.unlink()
        task.payment_term_id = self.env["account.payment.term"].create({"name": "30"})

    def test_the_price_is_that_of_the_order_whatever_the_task_says(self):
        order = self._create_periodic()
        order.billing_task_id.price_mode = "pricelist"
        self.product.list_price = 999
        self._run_cron("2027-03-15 11:00:00")
        self.assertEqual(order.invoice_ids.amount_untaxed, 100)

    def test_the_task_of_an_order_issues_invoices_and_nothing_else(self):
        task = self._create_periodic().billing_task_id.with_user(self.biller)
        with self.assertRaisesRegex(ValidationError, "it issues invoices"):
            task.document_type = "quotation"

    def test_headings_and_notes_come_along(self):
        lines = [
            {"display_type": "line_section", "name": "Once"},
            {"product_id": self.other_product.id, "price_unit": 40},
            {"display_type": "line_note", "name": "No travel"},
            {"display_type": "line_section", "name": "Each month"},
            {
                "product_id": self.product.id,
                "name": "Support in {month}",
                "price_unit": 100,
                "billed_periodically": True,
            },
            {"display_type": "line_note", "name": "By telephone"},
        ]
        order = self._create_periodic(lines=lines)
        self._run_cron("2027-03-15 11:00:00")
        names = order.invoice_ids.invoice_line_ids.sorted("sequence").mapped("name")
        self.assertEqual(names, ["Each month", "Support in March", "By telephone"])

    def test_taxes_are_those_of_the_order(self):
        tax = self._create_tax(name="Reduced", amount=10)
        order = self._create_periodic(confirm=False)
        order.order_line[0].tax_ids = tax
        order.action_confirm()
        self._run_cron("2027-03-15 11:00:00")
        self.assertEqual(order.invoice_ids.amount_total, 110)

    def test_the_invoice_carries_what_the_order_says(self):
        order = self._create_periodic(client_order_ref="PO 12", note="Thank you")
        self._run_cron("2027-03-15 11:00:00")
        invoice = order.invoice_ids
        self.assertEqual(invoice.ref, "PO 12")
        self.assertIn("Thank you", invoice.narration)
        self.assertEqual(invoice.invoice_user_id, self.seller)

    def test_it_is_e_mailed(self):
        order = self._create_periodic()
        self._run_cron("2027-03-15 11:00:00")
        row = self._get_rows(order.billing_task_id)
        self.assertEqual(row.delivery_ids.partner_id, self.customer)


@tagged("post_install", "-at_install")
class TestEnd(OrderBillingCommon):
    people = ("seller", "reader", "portal")

    def test_cancelling_the_order_stops_the_task(self):
        order = self._create_periodic()
        order.action_cancel()
        self.assertEqual(order.billing_task_id.state, "done")
        self.assertIn("was cancelled", order.billing_task_id.stop_reason)
        self._run_cron("2027-04-15 08:00:00")
        self.assertRows(order.billing_task_id)

    def test_confirming_again_goes_on_with_the_same_task(self):
        order = self._create_periodic(billing_start_date="2027-04-01")
        task = order.billing_task_id
        order.action_cancel()
        order.action_draft()
        order.billing_start_date = "2027-05-01"
        order.action_confirm()
        self.assertEqual(order.billing_task_id, task)
        self.assertEqual((task.state, str(task.date_next)), ("running", "2027-05-01"))

    def test_what_passed_while_it_was_cancelled_is_not_billed(self):
        order = self._create_periodic()
        self._run_cron("2027-03-15 11:00:00")
        order.action_cancel()
        self.clock.move_to("2027-05-20 08:00:00")
        order.action_draft()
        order.action_confirm()
        self._run_cron("2027-06-15 08:00:00")
        self.assertDates(order.billing_task_id, "2027-03-15", "2027-06-15")

    def test_stopping_says_what_is_open(self):
        order = self._create_periodic()
        self._run_cron("2027-03-15 11:00:00")
        action = order.with_user(self.biller).action_stop_billing()
        self.assertEqual(order.billing_task_id.state, "done")
        message = action["params"]["message"]
        self.assertIn(order.invoice_ids.name, message)
        self.assertIn("121.00", message)
        self.assertIn(order.invoice_ids.name, order.message_ids[0].body)

    def test_stopping_twice_is_refused(self):
        order = self._create_periodic().with_user(self.biller)
        order.action_stop_billing()
        with self.assertRaisesRegex(UserError, "not being billed"):
            order.action_stop_billing()

    def test_only_billing_people_stop(self):
        order = self._create_periodic()
        for user in (self.seller, self.reader, self.portal):
            with self.assertRaises(AccessError):
                order.with_user(user).action_stop_billing()

    def test_a_copy_of_the_order_has_no_task(self):
        order = self._create_periodic(billing_start_date="2027-04-01")
        copy = order.copy()
        self.assertFalse(copy.billing_task_id)
        self.assertTrue(copy.order_line[0].billed_periodically)
        self.assertFalse(copy.billing_start_date)


@tagged("post_install", "-at_install")
class TestQuotationTemplate(OrderBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.group_ids |= cls.quick_ref(
            "sale_management.group_sale_order_template"
        )

    def _create_template(self, **values):
        lines = [
            {"product_id": self.product.id, "billed_periodically": True},
            {"product_id": self.other_product.id},
        ]
        return self.env["sale.order.template"].create(
            {
                "name": "Support",
                "sale_order_template_line_ids": [
                    Command.create(line) for line in lines
                ],
                **values,
            }
        )

    def _choose(self, template):
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.customer
        form.sale_order_template_id = template
        return form.save()

    def test_it_marks_lines_and_sets_the_cycle(self):
        order = self._choose(self._create_template(billing_cycle="yearly"))
        self.assertEqual(order.order_line.mapped("billed_periodically"), [True, False])
        self.assertEqual(order.billing_cycle, "yearly")

    def test_it_marks_all_lines(self):
        order = self._choose(self._create_template(billed_periodically=True))
        self.assertEqual(order.order_line.mapped("billed_periodically"), [True, True])

    def test_it_sets_the_instalments(self):
        template = self._create_template(instalment_count=3)
        template.sale_order_template_line_ids.billed_periodically = False
        self.assertEqual(self._choose(template).instalment_count, 3)

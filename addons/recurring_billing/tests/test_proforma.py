from odoo import Command
from odoo.exceptions import AccessError, UserError

from .payment_common import PaymentCommon


class TestProforma(PaymentCommon):
    """A pro-forma asks for money and never touches accounting."""

    def test_number(self):
        order = self._create_proforma()
        self.assertEqual(order.proforma_number, "PF/2027/0001")
        self.assertEqual(str(order.proforma_date), "2027-03-15")

    def test_numbers_of_a_company_have_no_gaps(self):
        orders = self._create_order() + self._create_order()
        orders.action_issue_proforma()
        self.assertEqual(
            orders.mapped("proforma_number"), ["PF/2027/0001", "PF/2027/0002"]
        )

    def test_each_company_has_its_own_series(self):
        self._create_proforma()
        company = self._create_billing_company(name="Other Co")
        order = (
            self._get_company_env(company)["sale.order"]
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.course.id, "tax_ids": [Command.clear()]}
                        )
                    ],
                }
            )
            .sudo()
        )
        order.action_issue_proforma()
        self.assertEqual(order.proforma_number, "PF/2027/0001")

    def test_the_number_is_drawn_once(self):
        order = self._create_proforma()
        order.action_issue_proforma()
        self.assertEqual(order.proforma_number, "PF/2027/0001")
        self.assertEqual(len(self._get_deliveries(order)), 1)

    def test_accounting_stays_untouched(self):
        before = self.env["account.move"].sudo().search_count([])
        self._create_proforma()
        self.assertEqual(self.env["account.move"].sudo().search_count([]), before)

    def test_it_is_mailed_to_the_payer(self):
        payer = self._create_customer(name="Employer")
        order = self._create_proforma(partner_invoice_id=payer.id)
        row = self._get_deliveries(order)
        self.assertEqual(row.partner_id, payer)
        self.assertEqual(row.state, "queued")

    def test_without_an_address_it_is_told(self):
        self.customer.email = False
        order = self._create_proforma()
        self.assertEqual(self._get_deliveries(order).state, "no_address")

    def test_payable_until(self):
        self._create_rule(payment_days=7)
        order = self._create_proforma()
        self.assertEqual(str(order.proforma_due_date), "2027-03-22")

    def test_an_empty_quotation_has_none(self):
        order = self._create_order(lines=[])
        with self.assertRaisesRegex(UserError, "has no lines"):
            order.action_issue_proforma()

    def test_nothing_to_pay(self):
        order = self._create_order(
            lines=[{"product_id": self.course.id, "price_unit": 0.0}]
        )
        with self.assertRaisesRegex(UserError, "nothing to pay"):
            order.action_issue_proforma()

    def test_a_cancelled_quotation_has_none(self):
        order = self._create_order()
        order.action_cancel()
        with self.assertRaisesRegex(UserError, "cancelled"):
            order.action_issue_proforma()

    def test_a_copy_has_none(self):
        self.assertFalse(self._create_proforma().copy().proforma_number)

    def test_nobody_writes_the_number(self):
        order = self._create_order()
        with self.assertRaises(AccessError):
            order.proforma_number = "PF/2027/0099"
        with self.assertRaises(AccessError):
            self._create_order(proforma_number="PF/2027/0099")

    def test_portal_users_issue_nothing(self):
        order = self._create_order()
        portal = self._create_user("portal_buyer", "base.group_portal")
        order.sudo().message_subscribe(portal.partner_id.ids)
        with self.assertRaises(AccessError):
            order.with_user(portal).action_issue_proforma()

    def test_printed_with_number_and_amount(self):
        order = self._create_proforma()
        html, __ = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html("sale.report_saleorder_pro_forma", order.ids)
        )
        self.assertIn(b"PF/2027/0001", html)
        self.assertIn(b"not a fiscal invoice", html)

    def test_issued_by_a_recurring_task(self):
        task = self._start_task(document_type="proforma")
        self._run_cron("2027-04-01 10:00:00")
        order = self._get_documents(task)
        self.assertEqual(order.proforma_number, "PF/2027/0001")
        self.assertEqual(order.state, "draft")


class TestProformaAutomation(PaymentCommon):
    """The rule of a quotation template says when the pro-forma leaves."""

    def test_as_soon_as_it_is_saved(self):
        self._create_rule(trigger="create")
        order = self._create_order()
        self.assertTrue(order.proforma_number)
        self.assertEqual(self._get_deliveries(order).state, "queued")

    def test_when_it_is_confirmed(self):
        self._create_rule(trigger="confirm")
        order = self._create_order()
        self.assertFalse(order.proforma_number)
        order.action_confirm()
        self.assertTrue(order.proforma_number)

    def test_other_templates_are_left_alone(self):
        self._create_rule(trigger="create", template_ids=False)
        self.assertFalse(self._create_order().proforma_number)

    def test_rules_of_another_company_are_left_alone(self):
        company = self._create_billing_company(name="Other Co")
        self._create_rule(
            trigger="create",
            company_id=company.id,
            contract_template_id=False,
            template_ids=[Command.set(self.template.ids)],
        )
        self.assertFalse(self._create_order().proforma_number)

    def test_a_rule_chosen_on_the_order_goes_first(self):
        self._create_rule(trigger="create")
        manual = self._create_rule(name="By hand", template_ids=False)
        order = self._create_order(payment_automation_id=manual.id)
        self.assertFalse(order.proforma_number)

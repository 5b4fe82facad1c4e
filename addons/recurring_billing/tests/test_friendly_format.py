"""The friendly layout is offered wherever a format is chosen, and printed there."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .friendly_common import INVOICE, ORDER, FriendlyCommon

LAYOUT = "o_report_layout_friendly"


@tagged("post_install", "-at_install")
class TestFriendlyFormat(FriendlyCommon):
    people = ("manager",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env.ref("recurring_billing.action_report_friendly_invoice")
        cls.order_report = cls.env.ref("recurring_billing.action_report_friendly_order")

    def test_on_customer_and_journal(self):
        for record in (self.customer, self.journal):
            with self.subTest(model=record._name):
                offered = record.available_invoice_template_pdf_report_ids
                self.assertIn(self.report, offered)

    def test_in_the_sending_dialog(self):
        invoice = self._create_invoice()
        wizard = (
            self.env["account.move.send.wizard"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"move_id": invoice.id})
        )
        self.assertIn(self.report, invoice._get_available_action_reports())
        wizard.write({"sending_methods": ["email"], "pdf_report_id": self.report.id})
        wizard.action_send_and_print()
        self.assertIn(LAYOUT, invoice.invoice_pdf_report_id.raw.decode())

    def test_a_customers_format_is_the_one_that_is_sent(self):
        self.customer.invoice_template_pdf_report_id = self.report
        invoice = self._create_invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            invoice, sending_methods=["email"]
        )
        self.assertIn(LAYOUT, invoice.invoice_pdf_report_id.raw.decode())

    def test_in_the_form_of_a_task(self):
        for kind, report in (("invoice", self.report), ("order", self.order_report)):
            with self.subTest(kind=kind):
                task = self._create_task(document_type=kind, completion="send")
                with Form(task.with_user(self.biller)) as form:
                    form.report_id = report
                self.assertEqual(task.report_id, report)

    def test_in_the_print_menu(self):
        bindings = self.env["ir.actions.actions"].get_bindings("sale.order")
        ids = [action["id"] for action in bindings["report"]]
        self.assertIn(self.order_report.id, ids)

    def test_as_the_layout_of_the_company(self):
        layout = self.env.ref("recurring_billing.report_layout_friendly")
        self.company.external_report_layout_id = layout.view_id
        invoice, order = self._create_invoice(), self._create_order()
        for report, document in (
            ("account.report_invoice", invoice),
            ("sale.report_saleorder", order),
        ):
            page = self._print(report, document)
            with self.subTest(report=report):
                self.assertIn(LAYOUT, page)
                self.assertIn("o_friendly_words", page)
        selection = self.env["sale.history.selection"].create(
            {"domain": [("partner_id", "=", self.customer.id)]}
        )
        text = self._get_text(
            self._print("recurring_billing.report_sale_history", selection)
        )
        self.assertIn("Outstanding Balance", text)
        kind = self.env["recurring.document.kind"]._get_by_code("report")
        self.assertIn(kind.greeting, text)

    def test_the_layout_is_previewed_where_it_is_chosen(self):
        dialog = self.env["base.document.layout"].create(
            {"company_id": self.company.id, "primary_color": "#ffee00"}
        )
        layout = self.env.ref("recurring_billing.report_layout_friendly")
        dialog.report_layout_id = layout
        dialog.external_report_layout_id = layout.view_id
        self.assertIn(LAYOUT, dialog.preview)
        self.assertIn("#ffee00", dialog.preview)

    def test_other_companies_keep_their_layout(self):
        page = self._print("account.report_invoice", self._create_invoice())
        self.assertNotIn(LAYOUT, page)

    def test_a_clerk_without_the_app_can_print_it(self):
        clerk = self._create_user("clerk", "account.group_account_invoice")
        self.assertIn(LAYOUT, self._print(INVOICE, self._create_invoice(), clerk))

    def test_a_salesperson_can_print_it(self):
        seller = self._create_user("seller", "sales_team.group_sale_salesman_all_leads")
        self.assertIn(LAYOUT, self._print(ORDER, self._create_order(), seller))

    def test_managers_change_the_greeting_and_others_do_not(self):
        kind = self.env["recurring.document.kind"]._get_by_code("invoice")
        kind.with_user(self.manager).greeting = "Hello!"
        self.assertIn("Hello!", self._print(INVOICE, self._create_invoice()))
        with self.assertRaises(AccessError):
            kind.with_user(self.biller).greeting = "Bye!"

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from .payment_common import PaymentCommon


class TestContract(PaymentCommon):
    """The contract is the company's text filled in with the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule()

    def _make(self, body=None, **values):
        """The contract of a paid order with this text."""
        if body:
            self.contract_template.body = body
        order = self._create_proforma(**values)
        self._confirm(order)
        return order.sudo().contract_document_ids

    def test_placeholders(self):
        contract = self._make(
            '<p><t t-out="object.name"/>: <t t-out="object.customer_name"/>, '
            '<t t-out="object.customer_address"/>, <t t-out="object.subject"/>, '
            '<t t-out="object.price_text"/></p>'
        )
        for text in (
            "C/2027/0001",
            "Alma Books",
            "Strada Lunga 1, Cluj",
            "First aid course",
            "1,210.00",
        ):
            self.assertIn(text, contract.body)

    def test_the_payer(self):
        payer = self._create_customer(name="Employer", vat="RO123")
        contract = self._make(
            '<p><t t-out="object.payer_name"/> <t t-out="object.payer_vat"/></p>',
            partner_invoice_id=payer.id,
        )
        self.assertIn("Employer RO123", contract.body)

    def test_what_a_customer_types_is_text(self):
        self.customer.name = "<img src=x onerror=alert(1)>"
        contract = self._make()
        self.assertNotIn("<img", contract.body)

    def test_the_pdf_is_kept(self):
        contract = self._make()
        self.assertTrue(contract.attachment_id.raw)
        self.assertEqual(contract.attachment_id.name, "C-2027-0001.pdf")

    def test_a_later_change_of_the_text_changes_no_contract(self):
        contract = self._make()
        self.contract_template.body = "<p>New text</p>"
        self.assertIn("Alma Books", contract.body)

    def test_one_for_each_order(self):
        contract = self._make()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            contract.copy()

    def test_nobody_writes_one(self):
        contract = self._make().with_user(self.manager)
        with self.assertRaises(AccessError):
            contract.body = "<p>Other</p>"

    def test_preview_keeps_nothing(self):
        self._create_order()
        wizard = self.env["sale.contract.preview"].with_user(self.manager)
        form = Form(wizard.with_context(default_template_id=self.contract_template.id))
        self.assertIn("Alma Books", form.body)
        self.assertFalse(self.env["sale.contract.document"].sudo().search([]))

    def test_only_fields_of_the_contract_may_be_typed(self):
        """The text is never a program, see mail.render.mixin."""
        for text in (
            "object.order_id.company_id.id",
            "object.env['res.users'].search([])",
            "user.id",
            "object.sudo()",
        ):
            with self.subTest(text), self.assertRaises(AccessError):
                self.contract_template.with_user(
                    self.manager
                ).body = f'<p><t t-out="{text}"/></p>'

    def test_a_manager_writes_a_text_with_placeholders(self):
        template = self.contract_template.with_user(self.manager)
        template.body = '<p><t t-out="object.customer_vat"/></p>'
        self.assertIn("customer_vat", template.body)

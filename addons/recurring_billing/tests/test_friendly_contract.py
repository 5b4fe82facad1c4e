"""Contracts in the friendly layout."""

from odoo.exceptions import ValidationError

from .payment_common import PaymentCommon


class TestFriendlyContract(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_rule()
        cls.report = cls.env.ref("recurring_billing.action_report_friendly_contract")

    def _make(self):
        order = self._create_proforma()
        self._confirm(order)
        return order.sudo().contract_document_ids.attachment_id.raw.decode()

    def test_a_template_says_in_which_format(self):
        self.assertNotIn("o_report_layout_friendly", self._make())
        self.contract_template.report_id = self.report
        page = self._make()
        kind = self.env["recurring.document.kind"]._get_by_code("contract")
        for text in ("o_report_layout_friendly", kind.greeting, "Contract with Alma"):
            self.assertIn(text, page)

    def test_a_format_of_other_documents_is_refused(self):
        invoice = self.env.ref("recurring_billing.action_report_friendly_invoice")
        with self.assertRaisesRegex(ValidationError, "does not print contracts"):
            self.contract_template.report_id = invoice

    def test_contacts_are_not_offered_for_contracts_alone(self):
        kinds = self.env["recurring.document.kind"].search([])
        self.assertNotIn("contract", kinds.mapped("code"))

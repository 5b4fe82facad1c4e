"""The next invoice equals the first one, field by field."""

from odoo import Command
from odoo.tests import tagged

from .test_invoice_repeat import RepeatCommon

#: Identity, number, time and what the task adds differ between the two.
OF_THE_RECORD = {"id", "create_date", "write_date", "create_uid", "write_uid"}
OF_THE_INVOICE = OF_THE_RECORD | {
    "access_token",
    "name",
    "sequence_number",
    "sequence_prefix",
    "payment_reference",
    "invoice_origin",
    "invoice_date",
    "date",
    "invoice_date_due",
    "delivery_date",
    "recurring_task_id",
    "recurring_occurrence_id",
    "document_hour",
    "taxable_supply_date",
}
OF_THE_ITEM = OF_THE_RECORD | {
    "move_id",
    "move_name",
    "date",
    "date_maturity",
    "invoice_date",
    "matching_number",
    "name",
}


@tagged("post_install", "-at_install")
class TestTheSameAgain(RepeatCommon):
    def _get_image(self, record, ignored):
        image = {}
        for name, field in record._fields.items():
            if name not in ignored and field.store and field.type != "one2many":
                value = record[name]
                image[name] = sorted(value.ids) if field.relational else value
        return image

    def assertSameImage(self, first, second, ignored):
        old, new = (self._get_image(record, ignored) for record in (first, second))
        self.assertEqual(
            {name: value for name, value in new.items() if value != old[name]},
            {name: value for name, value in old.items() if value != new[name]},
        )

    def _get_items(self, move):
        return move.line_ids.sorted(
            lambda x: (x.display_type, x.sequence, x.account_id.id, x.balance)
        )

    def assertRepeatedEqually(self, invoice):
        """A month later the same comes again; the second invoice."""
        task = self._repeat(invoice)
        self._run_cron("2027-04-15 08:00:00")
        copy = self._get_documents(task) - invoice
        self.assertEqual(len(copy), 1, self._get_rows(task).mapped("error"))
        self.assertSameImage(invoice, copy, OF_THE_INVOICE)
        old, new = self._get_items(invoice), self._get_items(copy)
        self.assertEqual(len(old), len(new))
        for first, second in zip(old, new, strict=True):
            self.assertSameImage(first, second, OF_THE_ITEM)
        self.assertEqual(
            invoice.invoice_line_ids.mapped("name"),
            copy.invoice_line_ids.mapped("name"),
        )
        return copy

    def _create_position(self, tax, **values):
        position = self.env["account.fiscal.position"].create(
            {"name": "Abroad", **values}
        )
        tax.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(self.tax.id)],
            }
        )
        return position

    def test_quantity_price_and_discount(self):
        line = {
            "product_id": self.product.id,
            "quantity": 3,
            "price_unit": 33.33,
            "discount": 12.5,
            "name": "Support by agreement",
        }
        self.assertRepeatedEqually(self._create_invoice([line]))

    def test_a_price_of_more_decimals_than_are_shown(self):
        line = {"product_id": self.product.id, "quantity": 1000, "price_unit": 0.33333}
        invoice = self._create_invoice([line])
        self.assertEqual(invoice.amount_untaxed, 333.33)
        self.assertRepeatedEqually(invoice)

    def test_sections_subsections_and_notes(self):
        lines = [
            {"display_type": "line_section", "name": "Services", "sequence": 1},
            {"display_type": "line_subsection", "name": "Support", "sequence": 2},
            {"product_id": self.product.id, "price_unit": 10, "sequence": 3},
            {"display_type": "line_note", "name": "As agreed", "sequence": 4},
            {"product_id": self.other_product.id, "price_unit": 20, "sequence": 5},
        ]
        self.assertRepeatedEqually(self._create_invoice(lines))

    def test_lines_without_product_on_an_account_of_their_own(self):
        account = self.env["account.account"].create(
            {"name": "Other income", "code": "759000", "account_type": "income_other"}
        )
        lines = [
            {"name": "Rent", "price_unit": 500, "account_id": account.id},
            {"name": "Heating", "price_unit": 50, "tax_ids": False},
        ]
        copy = self.assertRepeatedEqually(self._create_invoice(lines))
        self.assertIn(account, copy.line_ids.account_id)

    def test_a_negative_line(self):
        lines = [
            {"product_id": self.product.id, "price_unit": 100},
            {"name": "Rebate", "price_unit": -10, "tax_ids": self.tax.ids},
        ]
        self.assertRepeatedEqually(self._create_invoice(lines))

    def test_a_mapped_fiscal_position(self):
        tax = self._create_tax(name="Export", amount=0)
        position = self._create_position(tax, auto_apply=False)
        self.customer.property_account_position_id = position
        invoice = self._create_invoice([{"product_id": self.product.id}])
        self.assertEqual(invoice.invoice_line_ids.tax_ids, tax)
        task = self._repeat(invoice)
        self.assertEqual(task.line_ids.tax_ids, self.tax)
        self.assertFalse(task.line_ids.tax_is_final)
        self.assertRepeatedEqually(
            self._create_invoice([{"product_id": self.product.id}])
        )

    def test_a_fiscal_position_chosen_for_this_invoice_alone(self):
        tax = self._create_tax(name="Export", amount=0)
        position = self._create_position(tax)
        line = {"product_id": self.product.id, "tax_ids": tax.ids}
        self.assertRepeatedEqually(
            self._create_invoice([line], fiscal_position_id=position.id)
        )

    def test_taxes_that_the_position_would_change_stay_as_they_are(self):
        tax = self._create_tax(name="Export", amount=0)
        position = self._create_position(tax)
        line = {"product_id": self.product.id, "tax_ids": self.tax.ids}
        invoice = self._create_invoice([line], fiscal_position_id=position.id)
        self.assertTrue(self._repeat(invoice).line_ids.tax_is_final)
        self.assertRepeatedEqually(
            self._create_invoice([line], fiscal_position_id=position.id)
        )

    def test_taxes_in_the_price(self):
        tax = self._create_tax(
            name="VAT 21 incl.", amount=21, price_include_override="tax_included"
        )
        line = {"product_id": self.product.id, "price_unit": 99.99, "tax_ids": tax.ids}
        invoice = self._create_invoice([line])
        self.assertEqual(invoice.amount_total, 99.99)
        self.assertRepeatedEqually(invoice)

    def test_taxes_in_the_price_that_a_position_replaces(self):
        included = {"price_include_override": "tax_included"}
        self.product.taxes_id = self._create_tax(name="Incl. 21", amount=21, **included)
        tax = self._create_tax(name="Incl. 6", amount=6, **included)
        tax.original_tax_ids = self.product.taxes_id
        position = self.env["account.fiscal.position"].create({"name": "Islands"})
        tax.fiscal_position_ids = position
        line = {"product_id": self.product.id, "tax_ids": tax.ids, "price_unit": 106}
        invoice = self._create_invoice([line], fiscal_position_id=position.id)
        self.assertEqual(invoice.amount_total, 106)
        self.assertRepeatedEqually(invoice)

    def test_a_foreign_currency(self):
        currency = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"name": "2027-01-01", "rate": 1.25, "currency_id": currency.id}
        )
        self.assertRepeatedEqually(self._create_invoice(currency_id=currency.id))

    def test_terms_reference_address_and_remarks(self):
        address = self._create_customer(
            name="Alma Accounts", type="invoice", parent_id=self.customer.id
        )
        term = self.env["account.payment.term"].create(
            {"name": "45", "line_ids": [Command.create({"nb_days": 45})]}
        )
        invoice = self._create_invoice(
            partner_id=address.id,
            invoice_payment_term_id=term.id,
            ref="PO 4711",
            narration="Thank you",
            invoice_user_id=self.biller.id,
        )
        self.assertRepeatedEqually(invoice)
        task = invoice._get_repeating_tasks()
        self.assertEqual(task.recipient_ids.partner_id, self.customer)
        self.assertEqual(task.recipient_ids.partner_invoice_id, address)

    def test_an_analytic_distribution(self):
        self.env.user.group_ids |= self.quick_ref("analytic.group_analytic_accounting")
        plan = self.env["account.analytic.plan"].create({"name": "Projects"})
        account = self.env["account.analytic.account"].create(
            {"name": "Books", "plan_id": plan.id, "company_id": self.company.id}
        )
        line = {
            "product_id": self.product.id,
            "price_unit": 100,
            "analytic_distribution": {str(account.id): 100},
        }
        copy = self.assertRepeatedEqually(self._create_invoice([line]))
        self.assertEqual(
            copy.invoice_line_ids.analytic_distribution, {str(account.id): 100}
        )

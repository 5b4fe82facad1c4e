"""Fixtures for documents in the friendly layout; holds no tests."""

from collections import Counter

from lxml import html

from odoo import Command

from .common import RecurringCommon

INVOICE = "recurring_billing.friendly_invoice"
ORDER = "recurring_billing.friendly_order"
PROFORMA = "recurring_billing.friendly_proforma"


class FriendlyCommon(RecurringCommon):
    """The company of ``RecurringCommon`` with whatever can stand on a document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"vat": "ESB12345674", "primary_color": "#714b67", "phone": "+34 91 1"}
        )
        cls.customer.write({"vat": "ESA12345674", "ref": "C-77", "street": "Calle 9"})
        cls.env.user.group_ids += cls.env.ref("account.group_delivery_invoice_address")
        cls.low_tax = cls._create_tax(name="VAT 10", amount=10)
        cls.warehouse_address = cls._create_customer(
            name="Alma Store",
            parent_id=cls.customer.id,
            type="delivery",
            street="Dock 3",
        )

    # === DOCUMENTS === #

    @classmethod
    def _create_payment_term(cls, **values):
        return cls.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "note": "<p>Half now, half later.</p>",
                "display_on_invoice": True,
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": 0}),
                    Command.create({"value_amount": 50, "nb_days": 30}),
                ],
                **values,
            }
        )

    @classmethod
    def _prepare_lines(cls, quantity):
        """Sections, a note, a discount and two rates; ``quantity`` is a field."""
        taxes, low_taxes = Command.set(cls.tax.ids), Command.set(cls.low_tax.ids)
        product = {"product_id": cls.product.id, quantity: 3, "tax_ids": [taxes]}
        return [
            Command.create({"display_type": "line_section", "name": "Section one"}),
            Command.create({**product, "name": "Work <b>now</b>", "discount": 12.5}),
            Command.create({"display_type": "line_subsection", "name": "Below it"}),
            Command.create({**product, "price_unit": 77.77, "tax_ids": [low_taxes]}),
            Command.create({"display_type": "line_note", "name": "Mind the step."}),
        ]

    @classmethod
    def _create_invoice(cls, **values):
        """A posted invoice with everything that core prints."""
        position = cls.env["account.fiscal.position"].create(
            {"name": "Domestic", "note": "<p>Reverse charge applies.</p>"}
        )
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "partner_shipping_id": cls.warehouse_address.id,
                "invoice_date": "2027-03-15",
                "delivery_date": "2027-03-12",
                "invoice_origin": "S00042",
                "ref": "PO-4711",
                "narration": "<p>Goods remain ours until they are paid.</p>",
                "fiscal_position_id": position.id,
                "invoice_incoterm_id": cls.env.ref("account.incoterm_DAP").id,
                "incoterm_location": "Valencia",
                "invoice_payment_term_id": cls._create_payment_term().id,
                "document_hour": "09:30",
                "invoice_line_ids": cls._prepare_lines("quantity"),
                **values,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _create_order(cls, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "partner_shipping_id": cls.warehouse_address.id,
                "client_order_ref": "PO-4711",
                "note": "<p>Prices hold for a month.</p>",
                "payment_term_id": cls._create_payment_term().id,
                "validity_date": "2027-04-15",
                "document_hour": "09:30",
                "order_line": cls._prepare_lines("product_uom_qty"),
                **values,
            }
        )

    def _settle(self, invoice, amount):
        """Money for an invoice, in the company's currency."""
        account = invoice.line_ids.account_id.filtered("reconcile")
        cash = self.env["account.account"].create(
            {"name": "Cash", "code": "570000", "account_type": "asset_cash"}
        )
        values = {"account_id": cash.id, "debit": amount}
        entry = self.env["account.move"].create(
            {
                "date": "2027-03-15",
                "journal_id": self._get_journal("bank").id,
                "line_ids": [
                    Command.create(values),
                    Command.create(
                        {
                            "account_id": account.id,
                            "credit": amount,
                            "partner_id": invoice.partner_id.id,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        lines = (invoice + entry).line_ids
        lines.filtered(lambda line: line.account_id == account).reconcile()

    def _accept_online_payment(self):
        self.env["payment.provider"].create(
            {
                "name": "Test",
                "state": "test",
                "is_published": True,
                "company_id": self.company.id,
            }
        )

    # === PAPER === #

    def _print(self, report, document, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.env.user)
        content, _kind = reports._render_qweb_html(report, document.ids)
        return content.decode()

    def _get_text(self, page):
        """What can be read on a page: no styles, no title of the file."""
        tree = html.fromstring(page)
        hidden = "//*[contains(@class, 'o_report_layout_friendly')]"
        hidden += "//*[contains(@class, 'o_usual_words')]"
        for node in tree.xpath(f"//head | //style | //script | {hidden}"):
            node.drop_tree()
        return " ".join(" ".join(tree.itertext()).split())

    def assertNothingMissing(self, usual, friendly):
        """Every word of the usual layout stands in the friendly one as often."""
        needed, there = (
            Counter(self._get_text(page).split()) for page in (usual, friendly)
        )
        self.assertFalse(needed - there)

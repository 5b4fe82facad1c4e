"""Assets on paper, in every layout and on every document; and nothing without them."""

import io

from lxml import html

from odoo import Command
from odoo.tests import tagged
from odoo.tools import config
from odoo.tools.pdf import PdfReader

from odoo.addons.recurring_billing.tests.friendly_common import (
    INVOICE,
    ORDER,
    PROFORMA,
)

from .asset_common import AssetCommon

ASSET = "Boiler – serial number B-1001 – Second floor"


@tagged("post_install", "-at_install", "slow")
class TestAssetPrinting(AssetCommon):
    people = ("seller",)

    REPORTS = {
        "sale.order": (
            "sale.report_saleorder",
            "sale.report_saleorder_pro_forma",
            ORDER,
            PROFORMA,
        ),
        "account.move": (
            "account.report_invoice",
            "account.report_invoice_with_payments",
            INVOICE,
        ),
    }

    def _print(self, report, document, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.env.user)
        content, _kind = reports._render_qweb_html(report, document.ids)
        return content.decode()

    def _get_text(self, page):
        return " ".join(html.fromstring(page).text_content().split())

    def test_they_stand_on_every_document_in_both_layouts(self):
        for document in (self._create_order(), self._create_invoice()):
            for report in self.REPORTS[document._name]:
                with self.subTest(report):
                    self.assertIn(ASSET, self._get_text(self._print(report, document)))

    def test_without_assets_nothing_is_printed(self):
        none = self.boiler.browse()
        for document in (self._create_order(none), self._create_invoice(none)):
            for report in self.REPORTS[document._name]:
                with self.subTest(report):
                    self.assertNotIn('name="assets"', self._print(report, document))

    def test_delivery_notes_and_slips_print_those_of_the_order(self):
        if "delivery.note.content" not in self.env:
            self.skipTest("delivery notes come with recurring_billing_stock")
        goods = self._create_product(name="Filter", type="consu")
        line = Command.create({"product_id": goods.id})
        order = self._create_order(order_line=[line])
        order.action_confirm()
        for report, document in (
            ("recurring_billing_stock.report_delivery_note", order),
            ("recurring_billing_stock.report_valued_slip", order.picking_ids),
            ("stock.report_deliveryslip", order.picking_ids),
        ):
            with self.subTest(report):
                self.assertIn(ASSET, self._get_text(self._print(report, document)))

    def test_whoever_may_print_needs_no_right_on_assets(self):
        """E.g. the customer, on his own page."""
        order = self._create_order()
        self.boiler.company_id = self.company
        rules = self.env["ir.rule"].search(
            [("model_id.model", "=", "maintenance.equipment"), ("groups", "!=", False)]
        )
        rules.domain_force = "[(0, '=', 1)]"
        page = self._print("sale.report_saleorder", order, self.seller)
        self.assertIn(ASSET, self._get_text(page))

    def test_the_customer_reads_them_on_the_page_of_his_order(self):
        page = self.env["ir.qweb"]._render(
            "postsale_contracts.document_assets",
            {"assets": (self.boiler + self.pump).sudo()},
        )
        text = self._get_text(str(page))
        self.assertIn("Assets", text)
        self.assertIn("Pump", text)

    def test_a_real_pdf(self):
        url = f"http://127.0.0.1:{config['http_port']}"
        self.env["ir.config_parameter"].set_param("report.url", url)
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        with self.allow_pdf_render():
            content, kind = reports._render_qweb_pdf(
                "account.report_invoice", self._create_invoice().ids
            )
        self.assertEqual(kind, "pdf")
        text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        self.assertIn(ASSET, " ".join(text.split()))

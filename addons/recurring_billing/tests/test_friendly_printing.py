"""Real PDFs of the friendly layout, and what printing many of them costs."""

import io
import logging

from odoo import Command
from odoo.tests import tagged
from odoo.tools import config
from odoo.tools.pdf import PdfReader

from .friendly_common import INVOICE, ORDER, FriendlyCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "slow", "release")
class TestFriendlyPrinting(FriendlyCommon):
    #: Statements that the layout may cost for each further document.
    BUDGET = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # where the PDF engine finds the style sheets: the server of this test run
        url = f"http://127.0.0.1:{config['http_port']}"
        cls.env["ir.config_parameter"].set_param("report.url", url)

    def _create_long_order(self):
        lines = [
            Command.create({"product_id": self.product.id, "name": f"Item {n:03}"})
            for n in range(70)
        ]
        return self._create_order(order_line=lines)

    def _print_pages(self, report, documents):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        with self.allow_pdf_render():
            content, kind = reports._render_qweb_pdf(report, documents.ids)
        self.assertEqual(kind, "pdf")
        return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    def test_every_page_has_its_head_and_foot(self):
        pages = self._print_pages(ORDER, self._create_long_order())
        self.assertGreater(len(pages), 2)
        for number, text in enumerate(pages, start=1):
            with self.subTest(page=number):
                self.assertIn("Recurring Co", text)
                self.assertIn("ESB12345674", text)
                self.assertIn(f"Page {number} / {len(pages)}", " ".join(text.split()))
        for text in pages[:-1]:
            self.assertIn("Unit Price", text)

    def test_no_row_is_lost_at_the_end_of_a_page(self):
        text = " ".join(self._print_pages(ORDER, self._create_long_order()))
        for number in range(70):
            self.assertIn(f"Item {number:03}", text)

    def test_many_are_printed_in_one_call(self):
        invoices = self._create_invoice() + self._create_invoice()
        printer = self.env["document.printer"].with_context(force_report_rendering=True)
        report = self.env.ref("recurring_billing.action_report_friendly_invoice")
        with self.allow_pdf_render():
            files = printer._print(report, invoices)
        for invoice in invoices:
            _name, content = files[invoice.id]
            text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
            self.assertIn(invoice.name, text)

    def _count(self, report, invoices):
        with self.counting() as counted:
            self._print(report, invoices)
        return counted.statements

    def test_statements_are_flat_from_10_to_100(self):
        self._accept_online_payment()
        line = Command.create({"product_id": self.product.id})
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_date": "2027-03-15",
                    "invoice_line_ids": [line],
                }
                for customer in self._create_customers(112)
            ]
        )
        invoices.action_post()
        slopes = {}
        for report in ("account.report_invoice_with_payments", INVOICE):
            self._count(report, invoices[:2])  # caches of the server
            few = self._count(report, invoices[2:12])
            many = self._count(report, invoices[12:])
            slopes[report] = (many - few) / 90
            _logger.info("%s: %s for 10, %s for 100", report, few, many)
        usual, friendly = slopes.values()
        self.assertLessEqual(friendly - usual, self.BUDGET)

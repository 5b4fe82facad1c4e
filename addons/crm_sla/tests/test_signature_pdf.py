"""The signed PDF as it is printed: the evidence is its last page."""

import io

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import OdooPdfFileReader

from .quote_common import QuoteCommon


@tagged("post_install", "-at_install", "slow")
class TestSignaturePdf(QuoteCommon, HttpCase):
    def _print(self, order):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(
            "sale.action_report_saleorder", order.ids
        )
        self.assertEqual(kind, "pdf")
        pages = OdooPdfFileReader(io.BytesIO(content)).pages
        return [page.extract_text() for page in pages]

    def test_the_last_page_says_how_it_was_signed(self):
        order = self._create_quotation()
        before = self._print(order)
        self.assertNotIn("Signature Evidence", "".join(before))
        self._sign_on_server(order, date="2027-03-15 10:00:00")
        pages = self._print(order)
        self.assertEqual(len(pages), len(before) + 1)
        self.assertNotIn("Signature Evidence", "".join(pages[:-1]))
        evidence = order.signature_evidence_ids
        last = " ".join(pages[-1].split())
        for text in (
            "Signature Evidence",
            "Ann Customer",
            "10:00:00",
            "(UTC)",
            "On the device of seller",
            evidence.document_sha256[:32],
            "Strokes: 2 Points: 4 Seconds: 2.0",
        ):
            with self.subTest(text=text):
                self.assertIn(text, last)
        self.assertRegex(last, r"Pressure recorded\s*No")

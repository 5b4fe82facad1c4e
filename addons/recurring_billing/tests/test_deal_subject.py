"""The subject of a deal: on the order, printed, found, on the customer's page."""

from odoo.tests import Form, tagged
from odoo.tools import is_html_empty

from .friendly_common import ORDER, FriendlyCommon

USUAL_ORDER = "sale.report_saleorder"


@tagged("post_install", "-at_install")
class TestDealSubject(FriendlyCommon):
    def test_it_is_printed_in_both_layouts(self):
        order = self._create_order(deal_subject="Renewal of the lift contract")
        for report in (USUAL_ORDER, ORDER):
            with self.subTest(report=report):
                self.assertIn(
                    "Renewal of the lift contract", self._print(report, order)
                )

    def test_nothing_is_printed_without_one(self):
        page = self._print(USUAL_ORDER, self._create_order())
        self.assertNotIn("Subject:", page)

    def test_it_stands_on_the_page_of_the_customer(self):
        order = self._create_order(deal_subject="Renewal of the lift contract")
        page = self.env["ir.qweb"]._render(
            "sale.sale_order_portal_content",
            {"sale_order": order, "is_html_empty": is_html_empty},
        )
        self.assertIn("Renewal of the lift contract", page)

    def test_it_is_written_on_the_form_and_found(self):
        order = self._create_order()
        with Form(order) as form:
            form.deal_subject = "Renewal of the lift contract"
        found = self.env["sale.order"].search([("deal_subject", "ilike", "lift")])
        self.assertEqual(found, order)
        view = self.env["sale.order"].get_view(view_type="search")["arch"]
        self.assertIn('name="deal_subject"', view)
        self.assertIn("'group_by': 'deal_subject'", view)

"""The three steps as a salesperson and a customer see them, desktop and phone."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .quote_common import QuoteCommon


class QuickTourCase(QuoteCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"name": "1 Tour Customer", "email": "known@example.com"})
        cls.product.write({"name": "Tour Printer", "is_favorite": True})
        cls.paper.write({"name": "Tour Paper", "is_favorite": True})

    def _sign(self):
        self.start_tour("/odoo/online-quotation", "crm_sla_quick_sign", login="seller")
        order = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 105))
        evidence = order.signature_evidence_ids
        self.assertEqual((evidence.method, evidence.user_id), ("device", self.seller))
        self.assertEqual((evidence.stroke_count, evidence.is_pressure_kept), (1, False))
        self.assertGreater(evidence.point_count, 3)
        self.assertTrue(evidence.is_document_shown)

    def _hand_over(self):
        with mute_logger("odoo.http"):  # a wrong password is tried first
            self.start_tour(
                "/odoo/online-quotation", "crm_sla_quick_hand_over", login="seller"
            )
        partner = self.env["res.partner"].search([("name", "=", "2 Tour Prospect")])
        self.assertEqual(partner.phone, "+34 600 11 22 33")
        order = self.env["sale.order"].search([("partner_id", "=", partner.id)])
        self.assertEqual((order.state, order.amount_untaxed), ("sent", 105))

    def _sign_by_link(self):
        order = self._create_quotation()
        self.start_tour(order.get_portal_url(), "crm_sla_portal_signature")
        evidence = order.signature_evidence_ids
        self.assertEqual((order.state, evidence.method), ("sale", "link"))
        self.assertEqual((evidence.stroke_count, evidence.is_document_shown), (1, True))


@tagged("post_install", "-at_install", "tour")
class TestQuickTourDesktop(QuickTourCase):
    browser_size = "1366x768"

    def test_three_screens_and_seven_clicks_to_a_signed_order(self):
        self._sign()

    def test_the_customer_signs_by_link(self):
        self._sign_by_link()


@tagged("post_install", "-at_install", "tour")
class TestQuickTourPhone(QuickTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_three_screens_and_seven_clicks_to_a_signed_order(self):
        self._sign()

    def test_a_new_customer_gets_the_screen_and_then_the_link(self):
        self._hand_over()

    def test_the_customer_signs_by_link(self):
        self._sign_by_link()

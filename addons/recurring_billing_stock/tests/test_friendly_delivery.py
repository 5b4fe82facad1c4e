"""Delivery slips and notes in the friendly layout."""

from collections import Counter

from lxml import html

from odoo.tests import tagged

from .common import DeliveryNoteCommon

PREFIX = "recurring_billing_stock.friendly_"
LAYOUT = "o_report_layout_friendly"


@tagged("post_install", "-at_install")
class TestFriendlyDelivery(DeliveryNoteCommon):
    def _get_text(self, report, document):
        reports = self.env["ir.actions.report"]
        page = reports._render_qweb_html(report, document.ids)[0].decode()
        self.page = page
        tree = html.fromstring(page)
        for node in tree.xpath("//head | //style | //script"):
            node.drop_tree()
        return " ".join(" ".join(tree.itertext()).split())

    def _get_greeting(self):
        return self.env["recurring.document.kind"]._get_by_code("delivery").greeting

    def test_everything_of_the_usual_slips_is_there(self):
        self._put_in_stock(5)
        order = self._issue(document_hour_set=True, document_hour=9.5)
        transfer = order.picking_ids
        for usual, friendly, document in (
            ("stock.report_deliveryslip", "delivery_slip", transfer),
            ("recurring_billing_stock.report_valued_slip", "valued_slip", transfer),
            ("recurring_billing_stock.report_delivery_note", "delivery_note", order),
        ):
            with self.subTest(report=friendly):
                needed = Counter(self._get_text(usual, document).split())
                there = Counter(self._get_text(PREFIX + friendly, document).split())
                self.assertIn(LAYOUT, self.page)
                self.assertIn("09:30", there)
                self.assertFalse(needed - there)

    def test_the_customer_is_greeted_and_told_the_day(self):
        transfer = self._issue().picking_ids
        text = self._get_text(PREFIX + "delivery_slip", transfer)
        self.assertIn(self._get_greeting(), text)
        self.assertEqual(transfer._get_friendly_figures()[0][0], "Delivery")

    def test_what_was_delivered_says_so(self):
        self._put_in_stock(5)
        transfer = self._issue(delivery_validation="validate").picking_ids
        self.assertEqual(transfer._get_friendly_figures()[0][0], "Delivered")

    def test_what_comes_back_is_not_greeted(self):
        self._put_in_stock(5)
        transfer = self._issue(delivery_validation="validate").picking_ids
        text = self._get_text(PREFIX + "delivery_slip", self._return(transfer))
        self.assertNotIn(self._get_greeting(), text)

    def test_no_prices_where_the_delivery_note_has_none(self):
        order = self._issue()
        self.assertFalse(order._get_friendly_figures())
        self.assertNotIn("24.20", self._get_text(PREFIX + "delivery_note", order))

    def test_a_delivery_note_with_prices_shows_its_total(self):
        valued = self._issue(delivery_slip_valued=True)
        self.assertEqual(valued._get_friendly_figures()[0][0], "Total")
        self.assertIn("24.20", self._get_text(PREFIX + "delivery_note", valued))

    def test_a_task_can_send_it(self):
        report = self.env.ref(
            "recurring_billing_stock.action_report_friendly_delivery_note"
        )
        order = self._issue(report_id=report.id, completion="send")
        delivery = order.recurring_occurrence_id.delivery_ids
        self.env["document.sender"]._queue_all(delivery)
        files = delivery.mail_mail_id.attachment_ids
        self.assertIn(LAYOUT, files[0].raw.decode())

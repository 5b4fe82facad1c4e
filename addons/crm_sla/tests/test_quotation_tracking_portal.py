"""What the customer does on his page, over HTTP."""

from datetime import timedelta

from odoo import http
from odoo.tests import HttpCase, tagged

from .test_link_scanner import DESKTOP, PHONE
from .tracking_common import TrackingCommon


@tagged("post_install", "-at_install")
class TestTrackingPortal(TrackingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()
        cls.order.action_quotation_sent()
        cls.order._portal_ensure_token()
        cls.order.quotation_event_ids.unlink()

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _visit(self, order=None, agent=PHONE, method="GET", headers=None, **parameters):
        url = (order or self.order).get_portal_url()
        response = self.url_open(
            url,
            params=parameters,
            headers={"User-Agent": agent, **(headers or {})},
            method=method,
        )
        self.env.invalidate_all()
        return response

    def _get_events(self, kind="opened"):
        return self.order.quotation_event_ids.filtered(lambda e: e.kind == kind)

    def test_the_link_is_an_opening(self):
        self.assertEqual(self._visit().status_code, 200)
        event = self._get_events()
        self.assertEqual((event.times, event.origin), (1, "link"))
        self.assertEqual(event.partner_id, self.customer)
        self.assertEqual(self.order.tracking_state, "opened")

    def test_reloading_is_the_same_opening(self):
        for _time in range(3):
            self._visit()
        self.assertEqual(self._get_events().times, 3)

    def test_after_half_an_hour_it_is_another_one(self):
        self._visit()
        event = self._get_events()
        event.date_last -= timedelta(minutes=31)
        self._visit()
        self.assertEqual(self._get_events().mapped("times"), [1, 1])
        self.assertEqual(len(set(self._get_events().mapped("occasion"))), 1)

    def test_another_browser_is_another_opening(self):
        self._visit()
        self.authenticate(None, None)
        self._visit(agent=DESKTOP)
        self.assertEqual(len(self._get_events()), 2)

    def test_our_own_people_do_not_count_even_with_the_link(self):
        self.authenticate("seller", "seller")
        self.assertEqual(self._visit().status_code, 200)
        self.assertFalse(self.order.quotation_event_ids)

    def test_machines_do_not_count(self):
        self._visit(method="HEAD")
        self._visit(agent="Mozilla/5.0 (compatible; bingbot/2.0)")
        self._visit(agent="Mimecast-Scanner")
        self._visit(headers={"Sec-Purpose": "prefetch"})
        self._visit(headers={"Odoo-Link-Preview": "True"})
        self.assertFalse(self.order.quotation_event_ids)

    def test_a_wrong_link_shows_nothing_and_counts_nothing(self):
        self.url_open(
            f"/my/orders/{self.order.id}?access_token=wrong",
            headers={"User-Agent": PHONE},
        )
        self.env.invalidate_all()
        self.assertFalse(self.order.quotation_event_ids)

    def test_the_document_counts_as_document(self):
        self._visit(report_type="pdf", download="true")
        self.assertEqual(self.order.document_count, 1)
        self.assertEqual(self.order.opened_count, 0)

    def test_the_link_says_to_whom_it_was_sent(self):
        colleague = self.env["res.partner"].create({"name": "Colleague"})
        self._visit(pid=colleague.id, hash=self.order._sign_token(colleague.id))
        self.assertEqual(self._get_events().partner_id, colleague)

    def test_a_forged_name_is_not_believed(self):
        colleague = self.env["res.partner"].create({"name": "Colleague"})
        self._visit(pid=colleague.id, hash="forged")
        self.assertEqual(self._get_events().partner_id, self.customer)

    def test_nonsense_in_the_link_does_no_harm(self):
        self.assertEqual(self._visit(pid="x", hash="y").status_code, 200)
        self.assertEqual(len(self._get_events()), 1)

    def test_a_customer_who_is_logged_in(self):
        self.order.partner_id = self.portal.partner_id
        self.authenticate("portal_customer", "portal_customer")
        self.url_open(f"/my/orders/{self.order.id}", headers={"User-Agent": PHONE})
        self.env.invalidate_all()
        event = self._get_events()
        self.assertEqual(event.partner_id, self.portal.partner_id)
        self.assertEqual(event.origin, "portal")

    def test_a_confirmed_order_is_no_quotation(self):
        self.order.action_confirm()
        self._visit()
        self.assertFalse(self._get_events())

    def test_no_trace_of_the_visitor_s_computer_is_kept(self):
        self._visit()
        self.env.cr.execute(
            "SELECT * FROM sale_quotation_event WHERE order_id = %s", [self.order.id]
        )
        row = " ".join(map(str, self.env.cr.fetchone()))
        self.assertNotIn("127.0.0.1", row)
        self.assertNotIn("iPhone", row)
        self.assertNotIn(self.session.sid, row)

    def _decline(self, token, message):
        self.url_open(
            f"/my/orders/{self.order.id}/decline",
            data={
                "access_token": token,
                "decline_message": message,
                "csrf_token": http.Request.csrf_token(self),
            },
            headers={"User-Agent": PHONE},
        )
        self.env.invalidate_all()

    def test_declining_is_noted(self):
        self._decline(self.order._portal_ensure_token(), "Too dear")
        self.assertEqual(self._get_events("declined").partner_id, self.customer)
        self.assertEqual(self.order.tracking_state, "declined")

    def test_declining_without_a_reason_is_not(self):
        self._decline(self.order._portal_ensure_token(), "")
        self.assertFalse(self._get_events("declined"))

    def test_a_stranger_cannot_decline(self):
        self._decline("wrong", "Ha")
        self.assertEqual(self.order.state, "sent")
        self.assertFalse(self.order.quotation_event_ids)

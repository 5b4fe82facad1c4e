"""A browser that was handed to a customer: what is open to it, over HTTP."""

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .quote_common import QuoteCommon


@tagged("post_install", "-at_install")
class TestHandedOver(QuoteCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.order = self._create_quotation()
        self.authenticate("seller", "sellerxx")

    def _call(self, model, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    def _hand_over(self):
        self._call("sale.quick.quotation", "hand_over", self.order.id)

    def test_pages_lead_back_to_the_quotation(self):
        self._hand_over()
        screen = f"/odoo/online-quotation/{self.order.id}"
        for page in ("/odoo", "/odoo/sales", "/web", f"/my/orders/{self.order.id + 1}"):
            with self.subTest(page=page):
                answer = self.url_open(page, allow_redirects=False)
                self.assertEqual(answer.status_code, 303)
                self.assertTrue(answer.headers["Location"].endswith(screen))
        self.assertEqual(self.url_open(screen, allow_redirects=False).status_code, 200)

    def test_data_of_the_house_is_closed(self):
        self._call("res.partner", "search_read", [], ["name"])
        self._hand_over()
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._call("res.partner", "search_read", [], ["name"])
        # the address says one model, the call another one: the address counts
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/web/dataset/call_kw/sale.quick.quotation/start",
                {
                    "model": "res.partner",
                    "method": "search_read",
                    "args": [[], ["name"]],
                    "kwargs": {},
                },
            )
        self._call("sale.quick.quotation", "get_offer", self.order.id)

    def test_the_password_opens_it_again(self):
        self._hand_over()
        self._call("sale.quick.quotation", "take_back", "sellerxx")
        self._call("res.partner", "search_read", [], ["name"])

    def test_other_browsers_of_the_salesperson_are_not_concerned(self):
        self._hand_over()
        self.authenticate("seller", "sellerxx")  # a session of its own
        self._call("res.partner", "search_read", [], ["name"])

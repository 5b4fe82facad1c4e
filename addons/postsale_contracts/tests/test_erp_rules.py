"""Addresses, answers, pauses and cancellations of the hand-over: no Odoo."""

from datetime import date, datetime, timedelta

from lxml import etree

from odoo.tests import BaseCase, tagged

from ..erp_address import AddressRefused, check_address, parse_target
from ..erp_answer import ACCEPTED, REFUSED, RETRY, read_answer
from ..erp_cancellation import CAC, CBC, build_cancellation
from ..erp_pause import next_pause

NOW = datetime(2027, 3, 15, 10)
#: Addresses of one's own network, in all the disguises that resolve to them.
PRIVATE = (
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "2001:0:102:304::f5ff:fffe",
)
#: No machine, or one that hands out the keys of a cloud: not even an administrator.
NEVER = (
    "0.0.0.0",
    "::",
    "169.254.169.254",
    "fe80::1",
    "224.0.0.1",
    "239.255.255.250",
    "ff02::1",
    "::ffff:169.254.169.254",
    "::ffff:0.0.0.0",
    "64:ff9b::169.254.169.254",
)
PUBLIC = ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8")
#: What is no address of an ERP, and why.
URLS = (
    ("", "scheme"),
    ("erp.example.com", "scheme"),
    ("http://erp.example.com/", "scheme"),
    ("ftp://erp.example.com/", "scheme"),
    ("file:///etc/passwd", "scheme"),
    ("gopher://erp.example.com/", "scheme"),
    ("https://", "form"),
    ("https:///orders", "form"),
    ("https://erp.example.com:0/", "form"),
    ("https://erp.example.com:70000/", "form"),
    ("https://erp.example.com:x/", "form"),
    ("https://anna:pw@erp.example.com/", "login"),
    ("https://erp.example.com@127.0.0.1/", "login"),
    ("https://erp.example.com\\@127.0.0.1/", "form"),
    ("https://erp.example.com/ orders", "form"),
    ("https://erp.example.com/\r\nX-Evil: 1", "form"),
    ("https://erp.example.com/\x00", "form"),
    ("https://erp.example.com/#orders", "form"),
    ("https://[::1/", "form"),
    ("https://[fe80::1%25eth0]/", "form"),
    ("https://erp.example.com/\u00e9", "form"),
)


@tagged("post_install", "-at_install")
class TestErpAddress(BaseCase):
    def assertRefused(self, code, function, *args):
        with self.assertRaises(AddressRefused) as caught:
            function(*args)
        self.assertEqual(caught.exception.code, code)

    def test_ones_own_network_is_refused(self):
        for address in PRIVATE:
            with self.subTest(address):
                self.assertRefused("private", check_address, address)

    def test_ones_own_network_can_be_allowed(self):
        for address in PRIVATE:
            with self.subTest(address):
                check_address(address, is_allowed=True)

    def test_what_nobody_can_allow(self):
        for address in NEVER:
            for is_allowed in (False, True):
                with self.subTest(address, is_allowed=is_allowed):
                    self.assertRefused("never", check_address, address, is_allowed)

    def test_public_addresses(self):
        for address in PUBLIC:
            with self.subTest(address):
                check_address(address)

    def test_what_is_no_url(self):
        for url, code in URLS:
            with self.subTest(url):
                self.assertRefused(code, parse_target, url)

    def test_an_allowed_host_may_do_without_encryption(self):
        target = parse_target("http://ERP.local:8080/in?x=1", "erp.LOCAL.")
        self.assertEqual(
            (target.scheme, target.host, target.port, target.path, target.is_allowed),
            ("http", "erp.local", 8080, "/in?x=1", True),
        )

    def test_another_host_may_not(self):
        self.assertRefused(
            "scheme", parse_target, "http://erp.local.evil/", "erp.local"
        )
        self.assertFalse(parse_target("https://a.erp.local/", "erp.local").is_allowed)

    def test_the_host_is_told_as_it_is_written(self):
        headers = {
            "https://erp.example.com/": "erp.example.com",
            "https://erp.example.com:8443/": "erp.example.com:8443",
            "https://[2606:4700::1]/": "[2606:4700::1]",
            "https://m\u00fcnchen.example/": "xn--mnchen-3ya.example",
        }
        for url, header in headers.items():
            self.assertEqual(parse_target(url).host_header, header)


@tagged("post_install", "-at_install")
class TestErpAnswer(BaseCase):
    def _read(self, status, body=b"", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return read_answer(status, headers, body, NOW)

    def test_every_status(self):
        verdicts = {
            ACCEPTED: (200, 201, 202, 204),
            REFUSED: (301, 302, 307, 308, 400, 401, 403, 404, 409, 422),
            RETRY: (408, 421, 425, 429, 500, 502, 503, 504),
        }
        for verdict, statuses in verdicts.items():
            for status in statuses:
                with self.subTest(status):
                    self.assertEqual(self._read(status).verdict, verdict)

    def test_only_a_failing_receiver_may_have_booked_it(self):
        uncertain = [
            s for s in (201, 302, 404, 408, 429, 500, 503) if self._read(s).is_uncertain
        ]
        self.assertEqual(uncertain, [500, 503])

    def test_the_number_of_the_receiver(self):
        for body, number in (
            (b'{"number": "A-17"}', "A-17"),
            (b'{"number": 17}', "17"),
            (b'{"number": null}', ""),
            (b'{"number": true}', ""),
            (b'{"number": ["x"]}', ""),
            (b'{"number": "  A \\n\\u0000 17 "}', "A 17"),
            (b'{"number": "' + b"9" * 500 + b'"}', "9" * 64),
            (b'{"number": ' + b"9" * 500 + b"}", ""),
            (b'["A-17"]', ""),
            (b"<html>", ""),
            (b"\xff\xfe", ""),
            (b"[" * 100000, ""),
        ):
            with self.subTest(body[:40]):
                self.assertEqual(self._read(201, body).number, number)

    def test_the_number_in_a_header(self):
        self.assertEqual(self._read(204, X_ERP_Number="A-17").number, "A-17")

    def test_how_long_it_asks_us_to_wait(self):
        for value, seconds in (
            ("120", 120),
            ("Mon, 15 Mar 2027 10:05:00 GMT", 300),
            ("Mon, 15 Mar 2027 09:00:00 GMT", 0),
            ("soon", 0),
            ("-5", 0),
            ("", 0),
        ):
            with self.subTest(value):
                self.assertEqual(
                    self._read(503, Retry_After=value).retry_after, seconds
                )

    def test_its_words_are_cut_short(self):
        answer = self._read(422, b'{"error": "unknown\\nproduct ' + b"x" * 999 + b'"}')
        self.assertTrue(answer.words.startswith("unknown product xxx"))
        self.assertEqual(len(answer.words), 300)


@tagged("post_install", "-at_install")
class TestErpPause(BaseCase):
    def test_pauses_grow_and_end(self):
        pauses = [next_pause(attempts) for attempts in range(1, 8)]
        self.assertEqual(pauses, sorted(set(pauses)))
        self.assertEqual(pauses[0], timedelta(minutes=1))
        self.assertEqual(pauses[-1], timedelta(days=1))
        self.assertIsNone(next_pause(8))

    def test_the_receiver_may_ask_for_more(self):
        self.assertEqual(next_pause(1, 600), timedelta(minutes=10))
        self.assertEqual(next_pause(4, 5), timedelta(hours=1))
        self.assertEqual(next_pause(1, 10**9), timedelta(days=1))


@tagged("post_install", "-at_install")
class TestErpCancellation(BaseCase):
    ORDER = f"""<?xml version="1.0"?>
        <Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
            xmlns:cac="{CAC}" xmlns:cbc="{CBC}">
          <cbc:ID>S00042</cbc:ID>
          <cac:BuyerCustomerParty><cac:Party/></cac:BuyerCustomerParty>
          <cac:SellerSupplierParty><cac:Party/></cac:SellerSupplierParty>
          <cac:OrderLine/>
        </Order>""".encode()

    def test_it_names_order_and_parties_in_the_order_of_the_standard(self):
        body = build_cancellation(self.ORDER, 2, date(2027, 3, 15), "Tom & Ann")
        root = etree.fromstring(body)
        self.assertEqual(
            [etree.QName(child).localname for child in root],
            [
                "UBLVersionID",
                "ID",
                "IssueDate",
                "CancellationNote",
                "OrderReference",
                "BuyerCustomerParty",
                "SellerSupplierParty",
            ],
        )
        self.assertEqual(
            root.findtext(f"{{{CAC}}}OrderReference/{{{CBC}}}ID"), "S00042"
        )
        self.assertEqual(root.findtext(f"{{{CBC}}}ID"), "S00042-2")
        self.assertEqual(root.findtext(f"{{{CBC}}}IssueDate"), "2027-03-15")
        self.assertEqual(root.findtext(f"{{{CBC}}}CancellationNote"), "Tom & Ann")

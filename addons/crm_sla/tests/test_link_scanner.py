"""Who asks for a page: a person or a machine."""

from odoo.tests import BaseCase, tagged

from ..link_scanner import is_machine

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
    " (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@tagged("post_install", "-at_install")
class TestLinkScanner(BaseCase):
    def test_people(self):
        for agent in (PHONE, DESKTOP):
            self.assertFalse(is_machine("GET", {"User-Agent": agent}))

    def test_asking_only_for_the_head_is_not_opening(self):
        self.assertTrue(is_machine("HEAD", {"User-Agent": PHONE}))

    def test_scanners_that_say_who_they_are(self):
        for agent in (
            "",
            "Mozilla/5.0 (compatible; BarracudaCentral)",
            "python-requests/2.32.3",
            "Go-http-client/2.0",
        ):
            with self.subTest(agent=agent):
                self.assertTrue(is_machine("GET", {"User-Agent": agent}))

    def test_loading_ahead_is_not_opening(self):
        for name, value in (
            ("Sec-Purpose", "prefetch;prerender"),
            ("Purpose", "prefetch"),
            ("X-Purpose", "preview"),
            ("X-Moz", "Prefetch"),
            ("Odoo-Link-Preview", "True"),
        ):
            with self.subTest(name=name):
                headers = {"User-Agent": DESKTOP, name: value}
                self.assertTrue(is_machine("GET", headers))

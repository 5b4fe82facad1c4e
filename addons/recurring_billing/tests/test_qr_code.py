"""QR codes have the marks that scanners look for."""

from io import BytesIO

from PIL import Image

from odoo.tests import BaseCase, tagged

from ..qr_code import MODULE, QUIET_ZONE, draw_qr_code

#: The three corners by which a scanner finds the code.
FINDER = ("1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111")


@tagged("post_install", "-at_install")
class TestQrCode(BaseCase):
    def setUp(self):
        super().setUp()
        self.image = Image.open(BytesIO(draw_qr_code("https://example.com/pay")))
        self.side = self.image.width // MODULE

    def _read(self, column, row):
        point = ((n * MODULE + MODULE // 2) for n in (column, row))
        return "0" if self.image.getpixel(tuple(point)) else "1"

    def test_a_scanner_finds_the_corners(self):
        far = self.side - QUIET_ZONE - 7
        for left, top in ((QUIET_ZONE,) * 2, (far, QUIET_ZONE), (QUIET_ZONE, far)):
            found = tuple(
                "".join(self._read(left + x, top + y) for x in range(7))
                for y in range(7)
            )
            self.assertEqual(found, FINDER)

    def test_the_margin_is_light(self):
        for n in range(self.side):
            for edge in (0, QUIET_ZONE - 1, self.side - 1):
                self.assertEqual(self._read(n, edge) + self._read(edge, n), "00")

    def test_other_texts_make_other_codes(self):
        self.assertNotEqual(
            draw_qr_code("https://example.com/pay"),
            draw_qr_code("https://example.com/buy"),
        )

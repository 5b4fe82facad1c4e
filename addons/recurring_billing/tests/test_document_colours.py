"""Text can be read on any company's colours."""

from itertools import product

from odoo.tests import BaseCase, tagged

from ..document_colours import (
    BLACK,
    DEFAULT,
    LEGIBLE,
    WHITE,
    get_contrast,
    get_ink,
    get_text_on,
    get_tint,
    normalise,
)

STEPS = ("00", "33", "66", "99", "cc", "ff")
COLOURS = ["#" + "".join(parts) for parts in product(STEPS, repeat=3)]


@tagged("post_install", "-at_install")
class TestDocumentColours(BaseCase):
    def test_contrast_is_that_of_the_standard(self):
        self.assertAlmostEqual(get_contrast(BLACK, WHITE), 21)
        self.assertAlmostEqual(get_contrast(WHITE, WHITE), 1)
        # https://www.w3.org/TR/WCAG21/: #767676 is the lightest grey for text on white
        self.assertAlmostEqual(get_contrast("#767676", WHITE), 4.54, places=2)
        self.assertLess(get_contrast("#777777", WHITE), LEGIBLE)

    def test_text_on_any_colour_can_be_read(self):
        for colour in COLOURS:
            with self.subTest(colour=colour):
                text = get_text_on(colour)
                self.assertGreaterEqual(get_contrast(text, colour), LEGIBLE)

    def test_any_colour_as_text_on_white_can_be_read(self):
        for colour in COLOURS:
            with self.subTest(colour=colour):
                self.assertGreaterEqual(get_contrast(get_ink(colour), WHITE), LEGIBLE)

    def test_a_colour_that_can_be_read_stays_as_it_is(self):
        self.assertEqual(get_ink("#714b67"), "#714b67")

    def test_black_text_on_a_tint_can_be_read(self):
        for colour in COLOURS:
            with self.subTest(colour=colour):
                self.assertGreaterEqual(get_contrast(get_tint(colour), BLACK), 7)

    def test_short_and_capital_forms(self):
        self.assertEqual(normalise("#0AF"), "#00aaff")
        self.assertEqual(normalise(" #714B67 "), "#714b67")

    def test_what_is_no_colour_never_reaches_a_style_sheet(self):
        for text in (None, False, "", "red", "#12345", "#000;} body{display:none"):
            with self.subTest(text=text):
                self.assertEqual(normalise(text), DEFAULT)

"""Recommended values and amounts typed as texts: functions without Odoo."""

from odoo.tests import BaseCase, tagged

from ..portfolio_sheet_reader import clean_text, get_amount
from ..portfolio_value import get_recommended_value
from ..sheet_error import CellError
from ..xlsx_reader import Cell, get_cell_name, get_column

ENGLISH, SPANISH, FRENCH = (".", ","), (",", "."), (",", "\u202f")


@tagged("post_install", "-at_install")
class TestRecommendedValue(BaseCase):
    def test_percentage_of_the_initial_billing(self):
        self.assertEqual(get_recommended_value("percent", 1000, percent=110), 1100)

    def test_rounds_half_up_to_the_currency(self):
        self.assertEqual(get_recommended_value("percent", 0.05, percent=50), 0.03)
        self.assertEqual(get_recommended_value("percent", 15, 50, digits=0), 8)

    def test_trend_goes_on_as_before(self):
        self.assertEqual(get_recommended_value("trend", 1200, before=1000), 1440)

    def test_trend_is_limited_both_ways(self):
        self.assertEqual(get_recommended_value("trend", 1000, before=100), 1500)
        self.assertEqual(get_recommended_value("trend", 100, before=1000), 50)

    def test_without_billing_before_there_is_no_trend(self):
        self.assertEqual(get_recommended_value("trend", 1000), 1000)
        self.assertEqual(get_recommended_value("trend", 1000, before=-5), 1000)

    def test_is_never_negative(self):
        for rule in ("none", "percent", "trend"):
            self.assertGreaterEqual(get_recommended_value(rule, -100, before=50), 0)

    def test_unknown_rule_is_refused(self):
        with self.assertRaises(ValueError):
            get_recommended_value("guess", 1)


@tagged("post_install", "-at_install")
class TestAmounts(BaseCase):
    def _read(self, value, marks=ENGLISH, kind="text", **limits):
        return get_amount(Cell(2, 2, kind, value), marks, **limits)

    def test_texts_are_read_in_the_language_of_the_user(self):
        for text, marks, amount in (
            ("1,234.50", ENGLISH, 1234.5),
            ("1.234,50", SPANISH, 1234.5),
            ("1\u202f234,50", FRENCH, 1234.5),
            ("1 234,50", FRENCH, 1234.5),
            ("1234", SPANISH, 1234),
            ("-5.1", ENGLISH, -5.1),
            ("\u22125,10", SPANISH, -5.1),
            (" 12\u200f ", ENGLISH, 12),
            ("1.234", SPANISH, 1234),
        ):
            with self.subTest(text=text, marks=marks):
                self.assertEqual(self._read(text, marks), amount)

    def test_what_is_no_amount_in_this_language_is_refused(self):
        for text, marks in (
            ("1.234,50", ENGLISH),
            ("1,234.50", SPANISH),
            ("12,34.5", ENGLISH),
            ("1e5", ENGLISH),
            ("NaN", ENGLISH),
            ("inf", ENGLISH),
            ("12 EUR", ENGLISH),
            ("0x10", ENGLISH),
            ("1_000", ENGLISH),
            ("٣", ENGLISH),
            ("9" * 50, ENGLISH),
        ):
            with self.subTest(text=text), self.assertRaises(CellError) as caught:
                self._read(text, marks)
            self.assertEqual(caught.exception.code, "no_number")

    def test_a_decimal_mark_that_may_mean_thousands_is_refused(self):
        with self.assertRaises(CellError) as caught:
            self._read("1.234", ENGLISH)
        self.assertEqual(caught.exception.code, "many_decimals")

    def test_numbers_are_rounded_to_the_currency(self):
        self.assertEqual(self._read(0.125, kind="number"), 0.13)
        self.assertEqual(self._read(1.5, kind="number", digits=0), 2)
        self.assertEqual(str(self._read(-0.001, kind="number")), "0.0")

    def test_limits(self):
        for value, kind, code in (
            (1e12, "number", "too_large"),
            (-1e300, "number", "too_large"),
            (float("inf"), "number", "too_large"),
            (-0.01, "number", "negative"),
            (45000.0, "date", "date"),
            ("=1+1", "formula", "formula"),
            ("#DIV/0!", "error", "no_number"),
            ("TRUE", "boolean", "no_number"),
        ):
            with self.subTest(value=value), self.assertRaises(CellError) as caught:
                self._read(value, kind=kind, negative=False)
            self.assertEqual(caught.exception.code, code)

    def test_texts_lose_what_cannot_be_seen(self):
        self.assertEqual(clean_text("\u202eAna\x07\u200b  B\xa0\n"), "Ana B")

    def test_names_of_cells(self):
        for name, column in (("A1", 1), ("Z1", 26), ("AA1", 27), ("XFD1", 16384)):
            self.assertEqual(get_cell_name(1, column), name)
            self.assertEqual(get_column(name[:-1]), column)

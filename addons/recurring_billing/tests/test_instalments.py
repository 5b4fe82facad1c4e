"""Splitting an amount into instalments: pure arithmetic."""

import random
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..instalments import split_amount


@tagged("post_install", "-at_install")
class TestSplitAmount(BaseCase):
    def test_what_cannot_be_shared_evenly_comes_last(self):
        self.assertEqual(split_amount(100.0, 3, 0.01), [33.33, 33.33, 33.34])
        self.assertEqual(split_amount(0.05, 3, 0.01), [0.01, 0.02, 0.02])

    def test_an_even_amount(self):
        self.assertEqual(split_amount(99.0, 3, 0.01), [33.0, 33.0, 33.0])

    def test_one_instalment_is_everything(self):
        self.assertEqual(split_amount(12.34, 1, 0.01), [12.34])

    def test_a_discount_is_shared_as_the_price_is(self):
        self.assertEqual(split_amount(-100.0, 3, 0.01), [-33.33, -33.33, -33.34])

    def test_less_than_one_unit_for_each(self):
        self.assertEqual(split_amount(0.02, 3, 0.01), [0.0, 0.01, 0.01])

    def test_other_units(self):
        self.assertEqual(split_amount(1000, 3, 1.0), [333.0, 333.0, 334.0])
        self.assertEqual(split_amount(1.0, 3, 0.05), [0.3, 0.35, 0.35])
        self.assertEqual(split_amount(1.0, 3, 0.001), [0.333, 0.333, 0.334])

    def test_no_instalments_are_refused(self):
        with self.assertRaisesRegex(ValueError, "at least one"):
            split_amount(1.0, 0, 0.01)
        with self.assertRaisesRegex(ValueError, "more than zero"):
            split_amount(1.0, 2, 0.0)

    def test_laws_for_random_amounts(self):
        """Exact sum, one unit of difference, and splitting the rest changes nothing."""
        chance = random.Random(5)
        for _example in range(2000):
            unit = chance.choice(["0.01", "0.05", "0.001", "1"])
            total = Decimal(unit) * chance.randint(-(10**9), 10**9)
            count = chance.randint(1, 60)
            with self.subTest(total=total, count=count, unit=unit):
                shares = split_amount(float(total), count, float(unit))
                exact = [Decimal(str(share)) for share in shares]
                self.assertEqual(len(shares), count)
                self.assertEqual(sum(exact), total)
                self.assertLessEqual(max(exact) - min(exact), Decimal(unit))
                if count > 1:
                    rest = float(total - exact[0])
                    self.assertEqual(
                        split_amount(rest, count - 1, float(unit)), shares[1:]
                    )

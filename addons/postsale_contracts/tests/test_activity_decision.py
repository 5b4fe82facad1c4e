"""Billed, or why not: one answer for each case."""

from odoo.tests import BaseCase, tagged

from ..activity_decision import ActivityFacts, decide


@tagged("post_install", "-at_install")
class TestActivityDecision(BaseCase):
    def _decide(self, **facts):
        return decide(ActivityFacts(**{"state": "closed", **facts}))

    def test_closed_and_to_bill_is_billable(self):
        self.assertEqual(self._decide(), "billable")

    def test_what_is_billed_is_billed_whatever_else_is_said(self):
        facts = {"is_billed": True, "state": "open", "has_condition": False}
        self.assertEqual(self._decide(**facts), "billed")

    def test_only_closed_ones_are_looked_at(self):
        self.assertEqual(self._decide(state="open"), "not_closed")
        self.assertEqual(
            self._decide(state="cancelled", has_condition=False), "cancelled"
        )

    def test_the_condition_says_who_pays(self):
        self.assertEqual(self._decide(has_condition=False), "no_condition")
        for coverage, answer in (
            ("contract", "covered"),
            ("warranty", "warranty"),
            ("free", "free"),
            (False, "free"),
        ):
            with self.subTest(coverage=coverage):
                facts = {"to_bill": False, "coverage": coverage}
                self.assertEqual(self._decide(**facts), answer)

    def test_what_is_missing_is_named(self):
        self.assertEqual(self._decide(has_customer=False), "no_customer")
        self.assertEqual(self._decide(has_product=False), "no_product")
        self.assertEqual(self._decide(quantity=0), "no_quantity")

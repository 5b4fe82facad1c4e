"""What differs between two documents, and what a run came to: pure functions."""

from odoo.tests import BaseCase, tagged

from ..document_changes import Change, compare, exceeds
from ..run_comparison import Comparison, Group, count_unknown, explain

LINE = {
    "id": 1,
    "product": 7,
    "name": "Support",
    "price": 100.0,
    "quantity": 1.0,
    "taxes": [5],
    "account": 70,
}
OTHER_LINE = {**LINE, "id": 2, "product": 8, "name": "Hosting"}
FACTS = {
    "currency": 1,
    "amount": 100.0,
    "position": 0,
    "term": 0,
    "address": "Alma Books\nES",
    "vat": "",
    "archived": [],
    "lines": [LINE],
}


def with_line(**values):
    return {"lines": [{**LINE, **values}]}


@tagged("post_install", "-at_install")
class TestDocumentChanges(BaseCase):
    #: What is different now, and what is told of it.
    CASES = (
        ({}, []),
        ({"amount": 150.0}, [Change("amount", 100.0, 150.0)]),
        ({"amount": 100.0 + 1e-9}, []),
        (with_line(price=120.0), [Change("price", 100.0, 120.0, "Support")]),
        (with_line(quantity=2.0), [Change("quantity", 1.0, 2.0, "Support")]),
        (with_line(taxes=[5, 6]), [Change("tax", (5,), (5, 6), "Support")]),
        (with_line(taxes=[]), [Change("tax", (5,), (), "Support")]),
        (with_line(account=71), [Change("account", 70, 71, "Support")]),
        (
            with_line(product=8, name="Hosting"),
            [Change("product", "Support", "Hosting", "Hosting")],
        ),
        ({"lines": [LINE, OTHER_LINE]}, [Change("line_added", label="Hosting")]),
        ({"lines": []}, [Change("line_removed", label="Support")]),
        # the line was replaced by another one of the same product
        (with_line(id=9), []),
        (with_line(id=9, price=5.0), [Change("price", 100.0, 5.0, "Support")]),
        ({"position": 3}, [Change("position", 0, 3)]),
        ({"currency": 2}, [Change("currency", 1, 2)]),
        ({"term": 4}, [Change("term", 0, 4)]),
        ({"address": "X"}, [Change("address", "Alma Books\nES", "X")]),
        ({"vat": "ES1"}, [Change("vat", "", "ES1")]),
        (
            {"archived": [["res.users", 2]]},
            [Change("archived", (), (("res.users", 2),))],
        ),
    )

    def test_each_difference_is_told(self):
        for now, expected in self.CASES:
            with self.subTest(now=now):
                self.assertEqual(compare(FACTS, FACTS | now), expected)

    def test_prices_of_two_currencies_are_compared_as_a_total(self):
        now = FACTS | with_line(price=210.0) | {"currency": 2, "amount": 210.0}
        self.assertEqual(
            compare(FACTS, now, rate=2.0),
            [Change("amount", 200.0, 210.0), Change("currency", 1, 2)],
        )
        same = now | {"amount": 200.0}
        self.assertEqual(compare(FACTS, same, rate=2.0), [Change("currency", 1, 2)])

    def test_what_was_archived_before_is_no_news(self):
        facts = FACTS | {"archived": [["res.users", 2]]}
        self.assertEqual(compare(facts, facts), [])
        self.assertEqual(compare(facts, FACTS), [])

    def test_what_one_side_does_not_know_is_not_compared(self):
        for known in ({}, {"vat": "ES1"}):
            self.assertFalse(compare({}, FACTS | known))
            self.assertFalse(compare(FACTS | known, {}))

    def test_facts_of_other_add_ons_are_equal_or_not(self):
        before = {**FACTS, "reference": "PO-1"}
        self.assertEqual(compare(before, before), [])
        self.assertEqual(
            compare(before, {**FACTS, "reference": "PO-2", "vat": "ES1"}),
            [Change("vat", "", "ES1"), Change("reference", "PO-1", "PO-2")],
        )
        self.assertEqual(compare(FACTS, before), [])

    def test_lines_of_the_same_product_are_matched_once(self):
        twice = FACTS | {"lines": [{**LINE, "id": 3}, {**LINE, "id": 4}]}
        self.assertEqual(compare(FACTS, twice), [Change("line_added", label="Support")])

    def test_limits_are_percents_of_the_amount_before(self):
        cases = (
            (100.0, 120.0, 20, 0, False),
            (100.0, 120.01, 20, 0, True),
            (100.0, 50.0, 20, 0, False),
            (100.0, 50.0, 0, 50, False),
            (100.0, 49.99, 0, 50, True),
            (100.0, 1000.0, 0, 50, False),
            (-100.0, -50.0, 20, 0, True),
            (0.0, 5.0, 20, 0, True),
            (0.0, 5.0, 0, 20, False),
        )
        for before, now, growth, fall, expected in cases:
            with self.subTest(before=before, now=now, growth=growth, fall=fall):
                change = Change("amount", before, now)
                self.assertEqual(exceeds(change, growth, fall), expected)


@tagged("post_install", "-at_install")
class TestExplain(BaseCase):
    def test_the_steps_lead_from_what_was_expected_to_what_was_issued(self):
        groups = [
            Group("issued", 2, 1, 200.0, 1, 230.0),
            Group("issued", 1, None, 0.0, 1, 50.0),
            Group("failed", 1, 1, 10.0, None, 0.0),
            Group("held", 1, 1, 20.0, None, 0.0),
            Group("skipped", 1, 1, 30.0, None, 0.0),
            Group("missing", 1, 1, 40.0, None, 0.0),
        ]
        found = explain(groups)
        self.assertEqual(
            found, {1: Comparison(300.0, 50.0, 30.0, 10.0, 20.0, 30.0, 40.0, 280.0)}
        )
        own = found[1]
        lost = own.failed + own.held + own.skipped + own.missing
        self.assertEqual(own.expected + own.first + own.changed - lost, own.issued)

    def test_currencies_are_never_added_up(self):
        found = explain([Group("issued", 1, 1, 100.0, 2, 110.0)])
        self.assertEqual(found[1], Comparison(expected=100.0, changed=-100.0))
        self.assertEqual(found[2], Comparison(changed=110.0, issued=110.0))

    def test_what_has_no_earlier_document_is_counted(self):
        groups = [
            Group("failed", 2, None, 0.0, None, 0.0),
            Group("issued", 3, None, 0.0, 1, 5.0),
            Group("held", 4, 1, 5.0, None, 0.0),
        ]
        self.assertEqual(count_unknown(groups), 2)

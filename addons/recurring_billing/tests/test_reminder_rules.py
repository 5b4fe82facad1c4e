"""The rules without Odoo: which level comes next, what credit covers."""

from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..reminder_rules import Step, next_turn, settle

LADDER = (Step("first", 3), Step("second", 15), Step("call", 25))
DUE = date(2027, 3, 1)


@tagged("post_install", "-at_install")
class TestNextTurn(BaseCase):
    def _turn(self, *used):
        """:param used: pairs of a step's number and days after the due date"""
        history = [(LADDER[step], DUE + timedelta(days=day)) for step, day in used]
        turn = next_turn(LADDER, DUE, history)
        return turn and (turn.step.key, (turn.day - DUE).days)

    def test_levels_come_on_their_days(self):
        self.assertEqual(self._turn(), ("first", 3))
        self.assertEqual(self._turn((0, 3)), ("second", 15))
        self.assertEqual(self._turn((0, 3), (1, 15)), ("call", 25))
        self.assertIsNone(self._turn((0, 3), (1, 15), (2, 25)))

    def test_a_late_start_begins_at_the_first_level_and_keeps_the_distance(self):
        self.assertEqual(self._turn((0, 40)), ("second", 52))
        self.assertEqual(self._turn((0, 40), (1, 52)), ("call", 62))

    def test_an_early_level_does_not_bring_the_next_one_forward(self):
        self.assertEqual(self._turn((0, 1)), ("second", 15))

    def test_no_level_comes_back_when_the_one_before_was_taken_out(self):
        self.assertEqual(self._turn((1, 15)), ("call", 25))

    def test_levels_of_another_ladder_count_by_their_days(self):
        used = [(Step("other", 10), DUE + timedelta(days=10))]
        turn = next_turn(LADDER, DUE, used)
        self.assertEqual(turn.step.key, "second")
        self.assertEqual(turn.day, DUE + timedelta(days=15))

    def test_the_order_of_the_ladder_does_not_matter(self):
        self.assertEqual(next_turn(LADDER[::-1], DUE, []).step.key, "first")

    def test_no_ladder_no_turn(self):
        self.assertIsNone(next_turn((), DUE, []))


@tagged("post_install", "-at_install")
class TestSettle(BaseCase):
    def _settle(self, debts, payments):
        result = settle(
            list(zip("abc", debts, strict=False)),
            list(zip("xyz", payments, strict=False)),
            0.01,
        )
        return "".join(result.open), "".join(result.covered), result.credits

    def test_without_credit_everything_is_open(self):
        self.assertEqual(self._settle([10, 20], []), ("ab", "", []))

    def test_the_oldest_are_covered_first(self):
        self.assertEqual(self._settle([10, 20], [10]), ("b", "a", []))

    def test_what_is_left_is_set_against_the_others(self):
        self.assertEqual(self._settle([10, 20], [15]), ("b", "a", [("x", 5)]))

    def test_an_older_debt_takes_the_credit_before_a_smaller_one(self):
        self.assertEqual(self._settle([20, 10], [15]), ("ab", "", [("x", 15)]))

    def test_credits_are_used_up_in_their_order(self):
        self.assertEqual(self._settle([10, 20], [4, 9]), ("b", "a", [("y", 3)]))

    def test_enough_credit_leaves_nothing_open(self):
        opened, covered, _rest = self._settle([10, 20], [25, 25])
        self.assertEqual((opened, covered), ("", "ab"))

    def test_floats_do_not_decide(self):
        self.assertEqual(self._settle([0.3], [0.1, 0.2]), ("", "a", []))

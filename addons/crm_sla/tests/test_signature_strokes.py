"""What passes for a drawing, and what is read off it."""

from odoo.tests import BaseCase, tagged

from ..signature_strokes import (
    MAX_POINTS,
    clean_strokes,
    count_points,
    get_duration,
)


@tagged("post_install", "-at_install")
class TestSignatureStrokes(BaseCase):
    def test_pressure_is_left_out_unless_it_is_wanted(self):
        drawn = [[[0, 0, 0, 0.5], [1, 2, 10, 1]]]
        self.assertEqual(clean_strokes(drawn), [[[0, 0, 0], [1, 2, 10]]])
        self.assertEqual(clean_strokes(drawn, keep_pressure=True), drawn)

    def test_a_mouse_has_no_pressure_and_none_is_invented(self):
        self.assertEqual(
            clean_strokes([[[0, 0, 0]]], keep_pressure=True), [[[0, 0, 0]]]
        )

    def test_nothing_drawn_is_no_stroke(self):
        for nothing in (None, [], [[]], False):
            self.assertEqual(clean_strokes(nothing), [])
        self.assertEqual(get_duration([]), 0)

    def test_points_and_seconds_are_counted_over_all_strokes(self):
        strokes = [[[0, 0, 0], [1, 1, 500]], [[5, 5, 2000], [6, 6, 2300]]]
        self.assertEqual(count_points(strokes), 4)
        self.assertEqual(get_duration(strokes), 2.3)

    def test_whatever_is_no_drawing_is_refused(self):
        for wrong in (
            "strokes",
            {"x": 1},
            [1, 2],
            [[1, 2]],
            [[[1, 2]]],
            [[[1, 2, 3, 0.5, 5]]],
            [[["1", 2, 3]]],
            [[[True, 2, 3]]],
            [[[None, 2, 3]]],
            [[[float("nan"), 2, 3]]],
            [[[float("inf"), 2, 3]]],
            [[[1e9, 2, 3]]],
            [[[1, 2, -1]]],
            [[[1, 2, 10**9]]],
            [[[1, 2, 3, 1.5]]],
        ):
            with self.subTest(wrong=wrong), self.assertRaises(ValueError):
                clean_strokes(wrong)

    def test_the_number_of_points_is_limited(self):
        stroke = [[1, 1, 1]] * MAX_POINTS
        self.assertEqual(count_points(clean_strokes([stroke])), MAX_POINTS)
        with self.assertRaises(ValueError):
            clean_strokes([stroke, [[1, 1, 1]]])
        with self.assertRaises(ValueError):
            clean_strokes([[]] * (MAX_POINTS + 1))

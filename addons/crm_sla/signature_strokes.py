"""How a signature was drawn: points in time, checked and measured. No Odoo.

A stroke is what the pen draws without being lifted. A point is ``(x, y, t)`` or, where
pressure is kept, ``(x, y, t, pressure)``: x and y in pixels of the drawing area, t in
milliseconds since the first point, pressure between 0 and 1.
"""

from math import isfinite

MAX_POINTS = 20_000
MAX_PIXELS = 10_000
MAX_MILLISECONDS = 60 * 60 * 1000


def clean_strokes(strokes, keep_pressure=False):
    """Return ``strokes`` as a list of lists of points, without pressure unless it is
    to be kept. Nothing drawn (the name was typed, a picture loaded) is an empty list.

    :raises ValueError: if this is no drawing, or one of more than 20,000 points
    """
    if not strokes:
        return []
    if not isinstance(strokes, list) or not all(isinstance(s, list) for s in strokes):
        raise ValueError("strokes are lists of points")
    if sum(max(len(stroke), 1) for stroke in strokes) > MAX_POINTS:
        raise ValueError(f"more than {MAX_POINTS} points")
    return [
        [_clean_point(point, keep_pressure) for point in stroke]
        for stroke in strokes
        if stroke
    ]


def _clean_point(point, keep_pressure):
    if not isinstance(point, list) or len(point) not in (3, 4):
        raise ValueError("a point is [x, y, t] or [x, y, t, pressure]")
    if not all(_is_number(value) for value in point):
        raise ValueError("a point is made of numbers")
    x, y, t, *pressure = point
    if abs(x) > MAX_PIXELS or abs(y) > MAX_PIXELS:
        raise ValueError("a point lies outside of any screen")
    if not 0 <= t <= MAX_MILLISECONDS:
        raise ValueError("a point was drawn at an impossible time")
    if pressure and not 0 <= pressure[0] <= 1:
        raise ValueError("pressure lies between 0 and 1")
    return [x, y, t, *pressure] if keep_pressure else [x, y, t]


def _is_number(value):
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and isfinite(value)
    )


def count_points(strokes):
    return sum(len(stroke) for stroke in strokes)


def get_duration(strokes):
    """Seconds from the first point to the last one; 0 if nothing was drawn."""
    times = [point[2] for stroke in strokes for point in stroke]
    return (max(times) - min(times)) / 1000 if times else 0.0

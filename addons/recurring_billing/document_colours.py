"""Colours of a document that can be read, whatever colours a company has. Pure.

Contrast is that of WCAG 2.1: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
"""

import re

BLACK, WHITE = "#000000", "#ffffff"
#: Used where a company has no colour, or one that is none.
DEFAULT = "#212529"
#: Contrast that WCAG asks for between a text and what it stands on (level AA).
LEGIBLE = 4.5


def normalise(colour):
    """``#rrggbb`` in small letters; :data:`DEFAULT` for what is no colour.

    The result can stand in a style sheet, whatever somebody typed.
    """
    text = (colour or "").strip().lower()
    if re.fullmatch("#[0-9a-f]{3}", text):
        return "#" + "".join(digit * 2 for digit in text[1:])
    return text if re.fullmatch("#[0-9a-f]{6}", text) else DEFAULT


def get_contrast(colour, other):
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted(map(_get_luminance, (colour, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def get_text_on(colour):
    """Black or white: what can be read better on ``colour``.

    One of the two always has a contrast of 4.58 at least.
    """
    return max((WHITE, BLACK), key=lambda text: get_contrast(colour, text))


def get_ink(colour):
    """``colour`` for text on white: darkened as far as is needed to read it."""
    for percent in range(0, 101, 5):
        ink = mix(colour, BLACK, percent / 100)
        if get_contrast(ink, WHITE) >= LEGIBLE:
            return ink
    return BLACK


def get_tint(colour):
    """A light shade of ``colour`` for the ground of black text."""
    return mix(colour, WHITE, 0.9)


def mix(colour, other, share):
    """``colour`` with a ``share`` (0 to 1) of ``other``."""
    pairs = zip(_get_channels(colour), _get_channels(other), strict=True)
    mixed = (round(a + (b - a) * share) for a, b in pairs)
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _get_channels(colour):
    text = normalise(colour)
    return [int(text[start : start + 2], 16) for start in (1, 3, 5)]


def _get_luminance(colour):
    """0 (black) to 1 (white), as defined by WCAG."""
    linear = []
    for channel in _get_channels(colour):
        share = channel / 255
        low = share <= 0.04045
        linear.append(share / 12.92 if low else ((share + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

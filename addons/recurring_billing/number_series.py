"""Gaps in a series of document numbers. No Odoo in here."""


def find_gaps(numbers):
    """Numbers that are missing between the smallest and the largest one.

    >>> find_gaps([3, 4, 7, 12])
    [(5, 6), (8, 11)]

    :param numbers: integers in any order, repeated or not
    :return: list of ``(first, last)`` of each run of missing numbers
    """
    gaps = []
    previous = None
    for number in sorted(set(numbers)):
        if previous is not None and number > previous + 1:
            gaps.append((previous + 1, number - 1))
        previous = number
    return gaps


def format_number(example, prefix, own, number):
    """The name that a missing document would have had.

    >>> format_number("INV/2027/00012", "INV/2027/", 12, 7)
    'INV/2027/00007'

    :param str example: name of another document of the series
    :param str prefix: what stands before the digits there
    :param int own: the number of ``example``
    """
    rest = example[len(prefix) :]
    width = len(rest) - len(rest.lstrip("0123456789"))
    width = max(width, len(str(own)))
    return f"{prefix}{number:0{width}}{rest[width:]}"

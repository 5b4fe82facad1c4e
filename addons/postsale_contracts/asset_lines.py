"""Which assets stand on which line of a recurring task. No Odoo."""


def match_lines(present, wanted):
    """Give each wanted group of assets a line, and touch as few lines as possible.

    A line that has its group already keeps it; the others take what is missing.

    :param dict present: the assets on each line of a customer, as a frozenset, in the
        order of the lines
    :param list wanted: groups of assets, each a frozenset that is not empty
    :return: groups by line that changes, groups without a line, lines without a group
    :rtype: tuple[dict, list, list]

    >>> boiler, pump = frozenset("B"), frozenset("P")
    >>> match_lines({1: frozenset()}, [boiler, pump])
    ({1: frozenset({'B'})}, [frozenset({'P'})], [])
    """
    missing, free = list(wanted), []
    for line, group in present.items():
        if group in missing:
            missing.remove(group)
        else:
            free.append(line)
    changed = dict(zip(free, missing, strict=False))
    return changed, missing[len(changed) :], free[len(changed) :]

"""Who manages a task: the three rules, without Odoo."""

from typing import NamedTuple


class Managed(NamedTuple):
    """Who manages a task, and whence that is known.

    :param user: id of the managing user, or False
    :param role: id of the managing role, or False
    :param entered: id of the user whom somebody entered, or False; he is kept while a
        rule names somebody else, and given back afterwards
    :param note: why ``user`` was proposed; False: he is no proposal
    """

    user: int | bool = False
    role: int | bool = False
    entered: int | bool = False
    note: str | bool = False


def decide(now, rule_user=False, rule_role=False):
    """Who manages the task by its rule, if there is one.

    1. A rule that names a user: that user.
    2. A rule that names a role: the role, and the member who took the task, if the
       role had it already.
    3. Otherwise the user who was entered. A proposal stays until somebody decides.

    >>> decide(Managed(user=1, entered=1), rule_user=2)
    Managed(user=2, role=False, entered=1, note=False)
    >>> decide(Managed(user=2, entered=1), rule_role=7)
    Managed(user=False, role=7, entered=1, note=False)
    >>> decide(Managed(user=5, role=7, entered=1), rule_role=7)
    Managed(user=5, role=7, entered=1, note=False)
    >>> decide(Managed(user=5, role=7, entered=1))
    Managed(user=1, role=False, entered=1, note=False)
    >>> decide(Managed(user=5, note="Proposed"))
    Managed(user=5, role=False, entered=False, note='Proposed')

    :param Managed now: what holds until now
    """
    if rule_user:
        return now._replace(user=rule_user, role=False, note=False)
    if rule_role:
        took = now.user if now.role == rule_role else False
        return now._replace(user=took, role=rule_role, note=False)
    if now.note and now.user and not now.role:
        return now._replace(role=False)
    return now._replace(user=now.entered, role=False, note=False)


def choose_least_busy(candidates, loads):
    """The candidate with the least open work; the lowest id among equals.

    >>> choose_least_busy([3, 1, 2], {3: 0, 1: 2})
    2
    >>> choose_least_busy([], {}) is None
    True

    :param candidates: ids of users
    :param loads: open tasks by id of user; nothing means 0
    :rtype: int | None
    """
    return min(candidates, key=lambda user: (loads.get(user, 0), user), default=None)

"""Which policy is meant for a task? No Odoo.

Criteria are sets: a policy wants some values, a task has some. The names of the sets
are those of the policy's fields; another add-on may bring its own.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """The criteria of a policy; rules are compared in the order they are given.

    :param wanted: name of each criterion that is set, with the values it accepts
    """

    policy: int
    company: int | bool
    is_active: bool = True
    wanted: dict = field(default_factory=dict, hash=False)


#: Where the clock starts says nothing about a task whose clock runs already.
START = "from_stage_ids"


def accepts(rule, facts, company, held):
    """Is the policy meant for a task that has these facts?

    :param held: the policy that the task has now. It may keep one that was archived,
        and one that starts at a stage which it has left.
    """
    if rule.company and rule.company != company:
        return False
    if not rule.is_active and rule.policy != held:
        return False
    return all(
        not values.isdisjoint(facts.get(name, ()))
        or (name == START and rule.policy == held)
        for name, values in rule.wanted.items()
    )


def choose(rules, facts, company, held=False):
    """The policy with most criteria among those that accept the task, or False."""
    accepted = [rule for rule in rules if accepts(rule, facts, company, held)]
    best = max(accepted, key=lambda rule: len(rule.wanted), default=None)
    return best.policy if best else False

"""Which policy is meant: the most specific one, then the first."""

from odoo.tests import BaseCase, tagged

from ..sla_choice import START, Rule, choose


def rule(policy, company=False, is_active=True, **wanted):
    values = {name: frozenset(accepted) for name, accepted in wanted.items()}
    return Rule(policy, company, is_active, values)


@tagged("post_install", "-at_install")
class TestChoice(BaseCase):
    FACTS = {"project_ids": [1], "tag_ids": [5, 6], "priority": ["3"]}

    def _choose(self, *rules, held=False, company=1, facts=None):
        return choose(rules, self.FACTS if facts is None else facts, company, held)

    def test_a_rule_without_conditions_is_meant_for_all(self):
        self.assertEqual(self._choose(rule(1)), 1)

    def test_every_condition_must_be_met(self):
        self.assertFalse(self._choose(rule(1, project_ids=[1], tag_ids=[9])))

    def test_one_of_several_values_is_enough(self):
        self.assertEqual(self._choose(rule(1, tag_ids=[6, 7])), 1)

    def test_most_conditions_win(self):
        rules = rule(1, project_ids=[1]), rule(2, project_ids=[1], tag_ids=[5])
        self.assertEqual(self._choose(*rules), 2)

    def test_among_equals_the_first_wins(self):
        self.assertEqual(self._choose(rule(4, tag_ids=[5]), rule(2, priority="3")), 4)

    def test_other_companies_rules_are_not_meant(self):
        self.assertFalse(self._choose(rule(1, company=2)))
        self.assertEqual(self._choose(rule(1, company=1)), 1)

    def test_an_archived_rule_is_kept_and_never_given(self):
        self.assertFalse(self._choose(rule(1, is_active=False)))
        self.assertEqual(self._choose(rule(1, is_active=False), held=1), 1)

    def test_a_starting_stage_counts_on_the_way_in_only(self):
        start = rule(1, **{START: [10]})
        self.assertFalse(self._choose(start))
        self.assertEqual(self._choose(start, facts={START: [10]}), 1)
        self.assertEqual(self._choose(start, held=1), 1)

    def test_a_condition_the_task_knows_nothing_of_is_not_met(self):
        self.assertFalse(self._choose(rule(1, contract_ids=[1])))

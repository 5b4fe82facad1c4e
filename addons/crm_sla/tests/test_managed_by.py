"""The three rules as plain functions."""

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_sla.managed_by import Managed, choose_least_busy, decide

ANA, BEA, ROLE, OTHER_ROLE = 1, 2, 7, 8


@tagged("post_install", "-at_install")
class TestDecide(BaseCase):
    def test_a_rule_with_a_user_wins_over_the_entered_one(self):
        after = decide(Managed(user=ANA, entered=ANA), rule_user=BEA)
        self.assertEqual(after, Managed(user=BEA, entered=ANA))

    def test_a_rule_with_a_role_leaves_the_task_to_be_taken(self):
        after = decide(Managed(user=ANA, entered=ANA), rule_role=ROLE)
        self.assertEqual(after, Managed(role=ROLE, entered=ANA))

    def test_who_took_it_keeps_it_while_the_role_stays(self):
        now = Managed(user=BEA, role=ROLE)
        self.assertEqual(decide(now, rule_role=ROLE), now)
        self.assertEqual(decide(now, rule_role=OTHER_ROLE), Managed(role=OTHER_ROLE))

    def test_without_a_rule_the_entered_user_comes_back(self):
        now = Managed(user=BEA, role=ROLE, entered=ANA)
        self.assertEqual(decide(now), Managed(user=ANA, entered=ANA))

    def test_without_a_rule_and_an_entered_user_it_is_empty(self):
        self.assertEqual(decide(Managed(user=BEA)), Managed())

    def test_a_proposal_stays_until_a_rule_decides(self):
        now = Managed(user=BEA, note="Proposed")
        self.assertEqual(decide(now), now)
        self.assertEqual(decide(now, rule_user=ANA), Managed(user=ANA))

    def test_deciding_twice_changes_nothing(self):
        for rule in ({}, {"rule_user": ANA}, {"rule_role": ROLE}):
            for now in (
                Managed(),
                Managed(user=ANA, entered=ANA),
                Managed(user=BEA, role=ROLE, entered=ANA),
                Managed(user=BEA, note="Proposed"),
            ):
                with self.subTest(rule=rule, now=now):
                    once = decide(now, **rule)
                    self.assertEqual(decide(once, **rule), once)

    def test_the_least_busy_is_proposed_and_ties_go_by_id(self):
        self.assertEqual(choose_least_busy([BEA, ANA], {ANA: 1}), BEA)
        self.assertEqual(choose_least_busy([BEA, ANA], {}), ANA)
        self.assertIsNone(choose_least_busy([], {}))

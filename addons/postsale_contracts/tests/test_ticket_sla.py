"""Which SLA counts: the contract's, else the customer's, else the general rules."""

import random

from .intervention_common import InterventionCommon


class TestTicketSla(InterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.general, cls.silver, cls.gold = cls.env["crm.sla.policy"].create(
            [
                {"name": "General", "hours": 40, "project_ids": cls.project.ids},
                # never chosen by the rules: nobody has this priority here
                {"name": "Silver", "hours": 16, "priority": "3"},
                {"name": "Gold", "hours": 4, "priority": "3"},
            ]
        )
        cls.contract = cls._create_active_contract(sla_policy_id=cls.gold.id)
        cls.customer.sla_policy_id = cls.silver
        cls.plain = cls._create_customer("Berta Bakery")

    def _create(self, **values):
        return self._create_ticket(**values)

    def test_the_contract_comes_first(self):
        self.assertEqual(self._create().sla_policy_id, self.gold)

    def test_then_the_customers_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.customer.id}
        )
        ticket = self._create(partner_id=contact.id, ticket_contract_id=False)
        self.assertEqual(ticket.sla_policy_id, self.silver)

    def test_then_the_rules(self):
        ticket = self._create(partner_id=self.plain.id)
        self.assertEqual(ticket.sla_policy_id, self.general)

    def test_a_change_chooses_anew(self):
        ticket = self._create().with_user(self.technician)
        ticket.ticket_contract_id = False
        self.assertEqual(ticket.sla_policy_id, self.silver)
        ticket.partner_id = self.plain
        self.assertEqual(ticket.sla_policy_id, self.general)

    def test_what_is_settled_keeps_its_policy(self):
        ticket = self._create()
        ticket.stage_id = self.stages[2]
        ticket.ticket_contract_id = False
        self.assertEqual(ticket.sla_policy_id, self.gold)

    def test_an_archived_policy_is_kept_and_never_given(self):
        before = self._create()
        self.gold.active = False
        self.assertEqual(self._create().sla_policy_id, self.silver)
        before.priority = "1"
        self.assertEqual(before.sla_policy_id, self.gold)
        chosen = before._choose_sla_policies(anew=True)
        self.assertEqual(chosen[before], self.silver)

    def test_other_tasks_follow_the_rules_alone(self):
        project = self.env["project.project"].create({"name": "Research"})
        task = self._create(project_id=project.id)
        self.assertFalse(task.sla_policy_id)

    def test_another_companys_policy_of_a_customer_is_not_taken(self):
        company = self.env["res.company"].create({"name": "Second"})
        foreign = self.silver.copy({"company_id": company.id, "name": "Foreign"})
        self.env.cr.execute(
            "UPDATE res_partner SET sla_policy_id = jsonb_build_object(%s, %s::int)"
            " WHERE id = %s",
            (str(self.company.id), foreign.id, self.customer.id),
        )
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.sla_policy_id, foreign)
        ticket = self._create(ticket_contract_id=False)
        self.assertEqual(ticket.sla_policy_id, self.general)

    def test_the_explanation_names_who_agreed(self):
        ticket = self._create()
        self.assertIn(f"contract {self.contract.name}", ticket.sla_explanation)
        ticket.ticket_contract_id = False
        ticket.invalidate_recordset(["sla_explanation"])
        self.assertIn("agreed with Alma Books", ticket.sla_explanation)

    def test_any_row_of_changes_ends_where_brute_force_does(self):
        """An oracle that reads the sentence of the heading, after random changes."""
        dice = random.Random(7)
        policies = self.general | self.silver | self.gold
        partners = self.customer | self.plain
        partners.sla_policy_id = False
        contracts = self.contract | self._create_active_contract(
            partner_id=self.plain.id
        )
        tickets = self._create(ticket_contract_id=False)
        for _turn in range(40):
            self.clock.tick(60)
            ticket = dice.choice(tickets)
            match dice.randrange(5):
                case 0:
                    tickets |= self._create(partner_id=dice.choice(partners).id)
                case 1:
                    own = contracts.filtered(
                        lambda c, t=ticket: c.partner_id == t.partner_id
                    )
                    ticket.ticket_contract_id = dice.choice([own, own.browse()])
                case 2:
                    ticket.partner_id = dice.choice(partners)
                case 3:
                    dice.choice(contracts).sla_policy_id = dice.choice(
                        [*policies, policies.browse()]
                    )
                case 4:
                    dice.choice(partners).sla_policy_id = dice.choice(
                        [*policies, policies.browse()]
                    )
            ticket.priority = dice.choice(["0", "1"])  # asks again
            self.assertEqual(ticket.sla_policy_id, self._ask_oracle(ticket))

    def _ask_oracle(self, ticket):
        return (
            ticket.ticket_contract_id.sla_policy_id
            or ticket.partner_id.sla_policy_id
            or self.general
        )

"""Which tasks are tickets, and which contract is theirs."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .intervention_common import InterventionCommon


class TestTickets(InterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_project = cls.env["project.project"].create({"name": "Research"})
        cls.other_customer = cls._create_customer("Berta Bakery")

    # === WHICH TASKS === #

    def test_a_task_of_a_postsale_project_is_a_ticket(self):
        self.assertTrue(self.ticket.is_ticket)

    def test_other_tasks_are_none(self):
        task = self._create_ticket(project_id=self.other_project.id)
        self.assertFalse(task.is_ticket)

    def test_a_task_that_moves_in_becomes_a_ticket_and_stays_one(self):
        task = self._create_ticket(project_id=self.other_project.id)
        task.with_user(self.technician).project_id = self.project
        self.assertTrue(task.is_ticket)
        task.with_user(self.technician).project_id = self.other_project
        self.assertTrue(task.is_ticket)

    def test_marking_a_project_makes_tickets_and_gives_them_customers(self):
        task = self._create_ticket(project_id=self.other_project.id)
        self.other_project.is_postsale = True
        self.assertTrue(task.is_ticket)
        self.assertTrue(self.other_project.allow_billable)
        self.assertTrue(self.project.allow_billable)

    def test_nobody_marks_a_ticket_by_hand(self):
        task = self._create_ticket(project_id=self.other_project.id)
        with self.assertRaises(UserError):
            task.with_user(self.clerk).is_ticket = True
        values = {"name": "No ticket", "project_id": self.other_project.id}
        tasks = self.env["project.task"].with_user(self.clerk)
        with self.assertRaises(UserError):
            tasks.create({**values, "is_ticket": True})
        self.assertFalse(
            tasks.with_context(default_is_ticket=True).create(values).is_ticket
        )

    def test_a_task_made_in_the_list_of_tickets_gets_a_project(self):
        tasks = self.env["project.task"].with_user(self.technician)
        defaults = tasks.with_context(in_tickets=True).default_get(["project_id"])
        self.assertTrue(
            self.env["project.project"].browse(defaults["project_id"]).is_postsale
        )

    def test_the_form_keeps_that_project_though_it_is_of_one_company(self):
        tasks = self.env["project.task"].with_user(self.technician)
        proposed = tasks._get_default_ticket_project()
        self.assertTrue(proposed.company_id)
        form = Form(tasks.with_context(in_tickets=True))
        self.assertEqual(form.project_id, proposed)

    # === CONTRACT === #

    def test_the_only_running_contract_is_proposed(self):
        contract = self._create_active_contract()
        self._create_contract(name="PS/draft")  # a draft counts for nothing
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.customer.id}
        )
        for partner in (self.customer, contact):
            with self.subTest(partner=partner.name):
                ticket = self._create_ticket(partner_id=partner.id)
                self.assertEqual(ticket.ticket_contract_id, contract)

    def test_among_several_somebody_chooses(self):
        self._create_active_contract()
        self._create_active_contract()
        self.assertFalse(self._create_ticket().ticket_contract_id)

    def test_whoever_says_none_means_it(self):
        self._create_active_contract()
        ticket = self._create_ticket(ticket_contract_id=False)
        self.assertFalse(ticket.ticket_contract_id)

    def test_the_form_proposes_it_too(self):
        contract = self._create_active_contract()
        tasks = self.env["project.task"].with_user(self.technician)
        with Form(tasks.with_context(in_tickets=True)) as form:
            form.name = "Form"
            form.project_id = self.project
            form.partner_id = self.customer
            self.assertEqual(form.ticket_contract_id, contract)
            form.partner_id = self.other_customer
            self.assertFalse(form.ticket_contract_id)
            form.partner_id = self.customer

    def test_another_customer_leaves_the_contract_behind(self):
        self._create_active_contract()
        others = self._create_active_contract(partner_id=self.other_customer.id)
        ticket = self._create_ticket()
        ticket.with_user(self.technician).partner_id = self.other_customer
        self.assertEqual(ticket.ticket_contract_id, others)

    def test_another_customers_contract_is_refused(self):
        others = self._create_active_contract(partner_id=self.other_customer.id)
        with self.assertRaisesRegex(ValidationError, "Berta Bakery"):
            self.ticket.with_user(self.technician).ticket_contract_id = others

    def test_another_companys_contract_is_refused(self):
        company = self.env["res.company"].create({"name": "Second"})
        contract = (
            self.env["postsale.contract"]
            .with_company(company)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": company.id,
                    "date_start": "2027-01-01",
                    "date_end": "2027-12-31",
                }
            )
        )
        with self.assertRaisesRegex(ValidationError, "Second"):
            self.ticket.ticket_contract_id = contract

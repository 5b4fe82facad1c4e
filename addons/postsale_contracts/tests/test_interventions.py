"""Who enters service activities, which condition is proposed, what is locked."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .intervention_common import InterventionCommon


class TestInterventions(InterventionCommon):
    people = ("stranger", "portal", "manager")

    # === WHO PAYS: A PROPOSAL === #

    def _propose(self, ticket=None, **values):
        return (
            self.env["postsale.intervention"]
            .with_user(self.technician)
            .create(
                {
                    "task_id": (ticket or self.ticket).id,
                    "name": "Looked at it",
                    "date": "2027-03-10",
                    **values,
                }
            )
            .condition_id
        )

    def test_nothing_is_proposed_without_contract_and_warranty(self):
        self.assertFalse(self._propose())

    def test_a_contract_of_that_day_is_proposed(self):
        self._create_active_contract()
        ticket = self._create_ticket()
        self.assertEqual(self._propose(ticket), self.covered)
        self.assertFalse(self._propose(ticket, date="2026-12-31"))
        self.assertFalse(self._propose(ticket, date="2028-01-01"))

    def test_a_contract_with_assets_covers_those(self):
        boiler, pump = self._create_asset(), self._create_asset("Pump")
        self._create_active_contract().sudo().asset_ids = boiler
        ticket = self._create_ticket()
        self.assertEqual(self._propose(ticket, asset_id=boiler.id), self.covered)
        self.assertFalse(self._propose(ticket, asset_id=pump.id))

    def test_the_warranty_of_the_asset_is_proposed(self):
        boiler = self._create_asset(warranty_date="2027-03-10")
        self.assertEqual(self._propose(asset_id=boiler.id), self.warranty)
        self.assertFalse(self._propose(asset_id=boiler.id, date="2027-03-11"))

    def test_whoever_enters_it_decides(self):
        self._create_active_contract()
        ticket = self._create_ticket()
        self.assertFalse(self._propose(ticket, condition_id=False))
        self.assertEqual(
            self._propose(ticket, condition_id=self.billed.id), self.billed
        )

    def test_the_form_proposes_and_keeps_what_was_chosen(self):
        self.billed.product_id = self.work
        self._create_active_contract()
        ticket = self._create_ticket().with_user(self.technician)
        with Form(ticket) as form, form.intervention_ids.new() as row:
            row.name = "Looked at it"
            self.assertEqual(row.condition_id, self.covered)
            row.condition_id = self.billed
            self.assertEqual(row.product_id, self.work)
            row.date = "2027-03-11"
            self.assertEqual(row.condition_id, self.billed)

    # === WHO === #

    def test_a_technician_enters_activities_of_tickets_he_may_write(self):
        self.project.privacy_visibility = "followers"
        with self.assertRaises(AccessError):
            self._create_activity()
        self.ticket.user_ids = self.technician
        activity = self._create_activity()
        self.ticket.user_ids = False
        self.env.invalidate_all()
        for work in (
            lambda: activity.write({"name": "Changed"}),
            lambda: activity.unlink(),
            lambda: activity.read(["name"]),
        ):
            with self.assertRaises(AccessError):
                work()

    def test_an_activity_cannot_be_moved_to_a_ticket_of_others(self):
        activity = self._create_activity()
        hidden = self.project.copy({"privacy_visibility": "followers"})
        ticket = self._create_ticket(project_id=hidden.id)
        with self.assertRaises(AccessError):
            activity.task_id = ticket

    def test_prices_are_for_users(self):
        activity = self._create_activity(product_id=self.work.id, quantity=2)
        with self.assertRaises(AccessError):
            activity.price_unit = 1.0
        with self.assertRaises(AccessError):
            self._create_activity(price_unit=1.0)
        activity.with_user(self.clerk).price_unit = 80.0
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            activity.read(["price_unit"])

    def test_activities_belong_to_tickets(self):
        project = self.env["project.project"].create({"name": "Research"})
        task = self._create_ticket(project_id=project.id)
        with self.assertRaisesRegex(ValidationError, "no ticket"):
            self._create_activity(task)

    def test_others_see_none(self):
        activity = self._create_activity()
        for person in (self.stranger, self.portal):
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                activity.with_user(person).read(["name"])

    def test_another_companys_activities_are_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Second"})
        project = self.project.copy({"company_id": company.id})
        ticket = self._create_ticket(project_id=project.id)
        activity = self._create_activity(ticket, user=self.env.user)
        self.assertEqual(activity.company_id, company)
        with self.assertRaises(AccessError):
            activity.with_user(self.manager).read(["name"])

    def test_numbers_are_not_negative(self):
        for name in ("quantity", "duration"):
            with (
                self.subTest(field=name),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._create_activity(**{name: -1})
                self.env.flush_all()

    # === WHAT IS BILLED STAYS === #

    def test_a_billed_activity_is_locked(self):
        activity = self._create_activity()
        self._bill()
        for work in (
            lambda a: a.write({"name": "Changed"}),
            lambda a: a.write({"stage_id": self.open_stage.id}),
            lambda a: a.unlink(),
        ):
            for person in (self.technician, self.manager, self.env.user):
                with (
                    self.subTest(person=person.name),
                    self.assertRaisesRegex(UserError, "is billed on"),
                ):
                    work(activity.with_user(person))

    def test_the_ticket_of_a_billed_activity_is_not_deleted(self):
        self._create_activity()
        self._bill()
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.ticket.unlink()

    def test_nobody_writes_what_the_billing_writes(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.work.id})],
            }
        )
        line = order.order_line
        activity = self._create_activity(user=self.manager)
        with self.assertRaises(AccessError):
            activity.sale_line_id = line
        with self.assertRaises(AccessError):
            self._create_activity(user=self.manager, sale_line_id=line.id)
        sneaky = activity.with_context(default_sale_line_id=line.id).create(
            {"task_id": self.ticket.id, "name": "Sneaky"}
        )
        self.assertFalse(sneaky.sale_line_id)
        with self.assertRaises(AccessError):
            line.with_user(self.env.ref("base.user_admin")).intervention_id = activity

"""A customer sees the tickets of his company on core's pages, and nobody else's."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user

from .intervention_common import InterventionCommon


class TestTicketPortal(HttpCase, InterventionCommon):
    people = ("seller",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.privacy_visibility = "portal"
        cls.contract = cls._create_active_contract()
        cls.ticket.write(
            {
                "ticket_contract_id": cls.contract.id,
                "asset_ids": cls._create_asset("Boiler 9000").ids,
            }
        )
        cls.user = new_test_user(cls.env, "postsale_ann", "base.group_portal")
        cls.user.partner_id.parent_id = cls.customer
        cls.others = cls._create_customer("Berta Bakery")

    def _open(self, ticket):
        self.authenticate("postsale_ann", "postsale_ann")
        return self.url_open(f"/my/tasks/{ticket.id}")

    def test_the_page_shows_contract_assets_and_work(self):
        self._create_activity(user=self.clerk, price_unit=7331, name="Changed the pump")
        self._create_activity(stage_id=self.cancelled_stage.id, name="Dropped plan")
        page = self._open(self.ticket).text
        for text in (self.contract.name, "Boiler 9000", "Changed the pump"):
            self.assertIn(text, page)
        self.assertNotIn("Dropped plan", page)
        self.assertNotIn("7,331", page)

    def test_a_price_is_shown_once_he_has_the_order(self):
        self._create_activity(user=self.clerk, price_unit=7331)
        order = self._bill()
        self.assertNotIn(order.name, self._open(self.ticket).text)
        order.action_quotation_sent()
        page = self._open(self.ticket).text
        self.assertIn(order.name, page)
        self.assertIn("7,331.00", page)

    def test_the_list_has_the_tickets_of_his_company(self):
        colleague = self._create_ticket(name="Ticket of a colleague")
        foreign = self._create_ticket(name="Foreign", partner_id=self.others.id)
        self.authenticate("postsale_ann", "postsale_ann")
        page = self.url_open("/my/tasks").text
        self.assertIn(colleague.name, page)
        self.assertNotIn(foreign.name, page)

    def test_other_tickets_leak_nothing(self):
        """Foreign ones, whatever their number; hidden projects; tasks that are no
        tickets."""
        hidden = self.project.copy({"privacy_visibility": "employees"})
        plain = self.env["project.project"].create(
            {"name": "Plain", "privacy_visibility": "portal", "allow_billable": True}
        )
        own = {"partner_id": self.customer.id}
        closed = self.env["project.task"].create(
            [
                {"name": "Hidden", "project_id": hidden.id, **own},
                {"name": "Plain", "project_id": plain.id, **own},
                *(
                    {
                        "name": f"Foreign {index}",
                        "project_id": self.project.id,
                        "partner_id": self.others.id,
                    }
                    for index in range(200)
                ),
            ]
        )
        closed.message_unsubscribe(self.user.partner_id.ids)
        mine = closed.with_user(self.user)
        self.assertFalse(mine.search([("id", "in", closed.ids)]))
        for task in mine:
            with self.assertRaises(AccessError):
                task.read(["name"])
        for task in (closed[0], closed[1], closed[-1]):
            for query in ("", "?access_token=wrong"):
                answer = self.url_open(f"/my/tasks/{task.id}{query}")
                self.assertNotIn(task.name, answer.text)

    def test_he_reads_neither_activities_nor_their_prices(self):
        activity = self._create_activity(user=self.clerk, price_unit=77)
        with self.assertRaises(AccessError):
            activity.with_user(self.user).read(["name"])
        ticket = self.ticket.with_user(self.user)
        for name in ("intervention_ids", "ticket_contract_id", "to_bill_amount"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                ticket.read([name])

    def test_he_changes_nothing(self):
        ticket = self.ticket.with_user(self.user)
        for work in (
            lambda: ticket.write({"name": "Changed"}),
            lambda: ticket.action_create_order(),
            lambda: ticket.action_view_activity_orders(),
            lambda: ticket.unlink(),
        ):
            with self.assertRaises(AccessError):
                work()

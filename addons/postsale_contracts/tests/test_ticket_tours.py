"""What clerks see and click, on a desktop and on a phone."""

from odoo.tests import HttpCase, tagged

from .intervention_common import InterventionCommon


class TicketTourCase(HttpCase, InterventionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def _work_and_bill(self, name):
        """Enter an activity, close it, create the order, open it."""
        self.start_tour(f"/odoo/tickets/{self.ticket.id}", name, login="postsale_clerk")
        activity = self.ticket.intervention_ids
        self.assertEqual(activity.name, "Tour: new pump")
        self.assertEqual(activity.decision, "billed")

    def _bill_from_the_list(self, name):
        self.ticket.name = "Tour: first"
        second = self._create_ticket(name="Tour: second")
        self._create_activity(name="Tour: done")
        self._create_activity(second, condition_id=self.covered.id, name="Covered")
        self._create_activity(second)
        self.start_tour("/odoo/tickets", name, login="postsale_clerk")
        self.assertEqual(len(self._get_orders(self.ticket | second)), 2)


@tagged("tour")
class TestTicketDesktop(TicketTourCase):
    browser_size = "1366x768"

    def test_work_and_bill(self):
        self._work_and_bill("postsale_ticket_desktop")

    def test_bill_from_the_list(self):
        self._bill_from_the_list("postsale_bill_activities_desktop")


@tagged("tour")
class TestTicketPhone(TicketTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_work_and_bill(self):
        self._work_and_bill("postsale_ticket_phone")

    def test_bill_from_the_list(self):
        self._bill_from_the_list("postsale_bill_activities_phone")

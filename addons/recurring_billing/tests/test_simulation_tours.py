"""A simulation as people make it, on a desktop and on a phone."""

from odoo import Command, fields
from odoo.tests import tagged

from .test_tours import TourCase


class SimulationTourCase(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        nameless = cls.env["res.partner"].create({"name": "2 No Address"})
        cls.task = cls.env["recurring.task"].create(
            {
                "name": "Tour task",
                "user_id": cls.biller.id,
                "date_start": fields.Date.add(fields.Date.today(), days=3),
                "interval": 1,
                "interval_unit": "week",
                "line_ids": [
                    Command.create({"product_id": cls.product.id, "name": "Per week"})
                ],
                "recipient_ids": [
                    Command.create({"partner_id": partner.id})
                    for partner in cls.customer | nameless
                ],
            }
        )
        cls.task.action_start()

    def _run_tour(self, name):
        self.start_tour(
            f"/odoo/recurring-tasks/{self.task.id}", name, login="tour_biller"
        )
        simulation = self.env["recurring.simulation"].search(
            [("user_id", "=", self.biller.id)]
        )
        self.assertEqual(simulation.state, "done")
        self.assertGreater(simulation.issued_count, 4)
        self.assertFalse(self.task.occurrence_ids)


@tagged("post_install", "-at_install", "tour")
class TestSimulationDesktop(SimulationTourCase):
    browser_size = "1366x768"

    def test_a_task_is_simulated_and_looked_at(self):
        self._run_tour("recurring_billing_simulation_desktop")


@tagged("post_install", "-at_install", "tour")
class TestSimulationPhone(SimulationTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_task_is_simulated_and_looked_at(self):
        self._run_tour("recurring_billing_simulation_phone")

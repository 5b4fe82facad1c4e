"""Renewals and work orders in a simulation."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .renewal_common import DAY_AFTER, RenewalCommon
from .work_order_common import WorkOrderCommon


@tagged("post_install", "-at_install")
class TestSimulatedContracts(RenewalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = new_test_user(
            cls.env, "simulating_biller", "recurring_billing.group_billing"
        )
        cls.task = cls.env["recurring.task"].create(
            {
                "name": "Support",
                "document_type": "quotation",
                "date_start": "2027-04-01",
                "line_ids": [Command.create({"product_id": cls.product.id})],
                "recipient_ids": [Command.create({"partner_id": cls.customer.id})],
            }
        )
        cls.task.action_start()

    def _simulate(self, until):
        simulation = (
            self.env["recurring.simulation"]
            .with_user(self.biller)
            .create(
                {
                    "scope": "partner",
                    "partner_id": self.customer.id,
                    "date_until": until,
                }
            )
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            simulation.action_simulate()
        return simulation.document_ids

    def _get_renewals(self, until):
        rows = self._simulate(until)
        return rows.filtered(lambda row: row.kind == "renewal")

    def test_a_renewal_is_shown_on_the_day_on_which_it_is_made(self):
        contract = self._create_running(auto_renew=True)
        shown = self._get_renewals("2028-01-31")
        self.assertEqual(str(shown.date), DAY_AFTER)
        self.assertFalse(contract.renewal_ids)
        self._run_on(DAY_AFTER)
        self.assertEqual(shown.amount_untaxed, contract.renewal_ids.cost)
        self.assertIn(str(contract.renewal_ids.date_end.year), shown.message)

    def test_none_where_notice_was_given_or_a_person_decides(self):
        self._create_running(auto_renew=True).action_give_notice()
        self._create_running(auto_renew=False)
        self.assertFalse(self._get_renewals("2028-01-31"))


@tagged("post_install", "-at_install")
class TestSimulatedWorkOrders(WorkOrderCommon):
    def test_the_work_that_would_be_planned(self):
        lines = [{"product_id": self.product.id, "name": "Clean it", "quantity": 2}]
        task = self._start_task(lines=lines)
        jobs = self.env["project.task"].search_count([])
        simulation = (
            self.env["recurring.simulation"]
            .with_user(self.biller)
            .create({"scope": "task", "task_id": task.id, "date_until": "2027-05-31"})
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            simulation.action_simulate()
        days = simulation.document_ids.mapped(lambda row: str(row.date))
        self.assertEqual(days, ["2027-04-01", "2027-05-01"])
        self.assertEqual(set(simulation.document_ids.mapped("state")), {"issued"})
        for line in simulation.document_ids.line_ids:
            self.assertEqual((line.name, line.quantity), ("Clean it", 2))
        self.assertEqual(len(simulation.document_ids.line_ids), 2)
        self.assertEqual(self.env["project.task"].search_count([]), jobs)

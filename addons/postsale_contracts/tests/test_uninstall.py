"""What is left when the add-on goes; tests/release/test_uninstall.py removes it."""

from odoo.tests import tagged

from ..hooks import uninstall_hook
from .work_order_common import WorkOrderCommon


@tagged("post_install", "-at_install")
class TestUninstall(WorkOrderCommon):
    def test_recurring_tasks_pause_and_say_why(self):
        task = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        task.sudo()._stop_work_orders()
        self.assertEqual(task.state, "paused")
        self.assertIn("Post-Sale Contracts", task.stop_reason)
        self.assertIn("Work Order", task.stop_reason)
        self.assertEqual(task.document_type, "quotation")
        self.assertFalse(self._get_rows(task).document_type)

    def test_work_orders_stay(self):
        order = self._issue()
        self.env["recurring.task"].search([])._stop_work_orders()
        self.assertEqual(order.exists().name, "Boiler service")

    def test_its_series_of_numbers_go_and_no_others(self):
        def count(code):
            return self.env["ir.sequence"].search_count([("code", "=", code)])

        self.assertTrue(count("postsale.contract"))
        others = count("recurring_billing.contract")
        uninstall_hook(self.env)
        self.assertFalse(count("postsale.contract"))
        self.assertEqual(count("recurring_billing.contract"), others)

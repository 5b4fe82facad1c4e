"""The engine's guarantees hold: one delivery note a date, also when called off."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeliveryNoteCommon


@tagged("post_install", "-at_install")
class TestDeliveryLedger(DeliveryNoteCommon):
    def setUp(self):
        super().setUp()
        self._put_in_stock(10)

    def _issue_row(self, **values):
        return self._issue(**values).recurring_occurrence_id

    def test_a_second_run_makes_no_second_one(self):
        order = self._issue()
        self._run_cron("2027-04-01 12:00:00")
        self.assertEqual(order.recurring_task_id.sudo().document_count, 1)

    def test_cancelling_the_order_frees_its_period(self):
        row = self._issue_row()
        row.sale_order_id._action_cancel()
        self.assertEqual(row.state, "void")
        self.assertEqual(row.error, "The order was cancelled.")
        self.assertStates(row.sale_order_id, "cancel")

    def test_cancelling_the_transfer_frees_its_period(self):
        row = self._issue_row()
        row.sale_order_id.picking_ids.action_cancel()
        self.assertEqual(row.state, "void")
        self.assertIn("transfers", row.error)

    def test_deleting_the_transfer_frees_its_period(self):
        row = self._issue_row()
        row.sale_order_id.picking_ids.unlink()
        self.assertEqual(row.state, "void")

    def test_ordering_none_of_it_frees_its_period(self):
        row = self._issue_row()
        row.sale_order_id.order_line.product_uom_qty = 0
        self.assertEqual(row.state, "void")

    def test_a_picked_transfer_that_never_leaves_frees_its_period(self):
        self.warehouse.delivery_steps = "pick_ship"
        row = self._issue_row()
        pick = row.sale_order_id.picking_ids
        pick.move_ids.picked = True
        pick.button_validate()
        self.assertEqual(row.state, "generated")
        row.sale_order_id.delivery_note_ids.action_cancel()
        self.assertEqual(row.state, "void")

    def test_one_of_two_transfers_frees_nothing(self):
        row = self._issue_row()
        order = row.sale_order_id
        transfer = order.picking_ids
        transfer.move_ids.write({"quantity": 1, "picked": True})
        transfer.with_context(skip_sms=True, skip_backorder=True).button_validate()
        self.assertStates(order, "done", "assigned")
        order.picking_ids.filtered(lambda t: t.state == "assigned").action_cancel()
        self.assertEqual(row.state, "generated")

    def test_a_return_frees_nothing(self):
        row = self._issue_row(delivery_validation="validate")
        self._return(row.sale_order_id.picking_ids)
        self.assertEqual(row.state, "generated")

    def test_a_cancelled_return_frees_nothing(self):
        row = self._issue_row(delivery_validation="validate")
        back = row.sale_order_id.picking_ids.copy(
            {"return_id": row.sale_order_id.picking_ids.id}
        )
        back.action_cancel()
        self.assertEqual(row.state, "generated")

    def test_an_ordinary_order_is_not_concerned(self):
        row = self._issue_row(document_type="order")
        row.sale_order_id.picking_ids.action_cancel()
        self.assertEqual(row.state, "generated")

    def test_while_the_order_stands_no_new_one_is_issued(self):
        """Services, or what is billed as ordered, would be invoiced twice."""
        row = self._issue_row()
        row.sale_order_id.picking_ids.action_cancel()
        with self.assertRaisesRegex(UserError, "Cancel it first"):
            row.with_user(self.biller).action_reissue()
        row.sale_order_id._action_cancel()
        row.with_user(self.biller).action_reissue()
        rows = self._get_rows(row.task_id).mapped("state")
        self.assertEqual(sorted(rows), ["generated", "void"])

    def test_new_transfers_take_the_period_again(self):
        row = self._issue_row()
        order = row.sale_order_id
        order.picking_ids.action_cancel()
        order.order_line.product_uom_qty = 3
        self.assertEqual(len(order.delivery_note_ids), 1)
        self.assertEqual(row.state, "generated")

    def test_an_order_set_back_to_quotation_takes_its_period_again(self):
        row = self._issue_row()
        row.sale_order_id._action_cancel()
        row.sale_order_id.action_draft()
        self.assertEqual(row.state, "generated")
        row.sale_order_id.action_confirm()
        self.assertEqual(len(row.sale_order_id.delivery_note_ids), 1)

    def test_an_order_deleted_frees_its_period(self):
        row = self._issue_row(completion="draft")
        row.sale_order_id.unlink()
        self.assertEqual(row.state, "void")

    def test_nobody_links_an_order_to_a_task_by_hand(self):
        order = self._issue()
        with self.assertRaises(AccessError):
            order.with_user(self.biller).copy(
                {"recurring_occurrence_id": order.recurring_occurrence_id.id}
            )

    def test_a_copied_order_is_not_the_tasks(self):
        copy = self._issue().copy()
        copy.action_confirm()
        self.assertFalse(copy.picking_ids.recurring_task_id)
        copy.picking_ids.action_cancel()
        self.assertEqual(copy.state, "sale")

    def test_a_transfer_knows_its_task(self):
        order = self._issue()
        self.assertEqual(order.picking_ids.recurring_task_id, order.recurring_task_id)
        action = order.picking_ids.action_view_recurring_task()
        self.assertEqual(action["res_id"], order.recurring_task_id.id)

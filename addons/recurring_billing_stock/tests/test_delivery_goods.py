"""By choice the goods leave at once; what is missing waits, or stock goes negative."""

from unittest.mock import patch

from odoo.tests import tagged

from .common import DeliveryNoteCommon


@tagged("post_install", "-at_install")
class TestGoodsLeave(DeliveryNoteCommon):
    def _deliver(self, customers=None, lines=None, **values):
        return self._issue(customers, lines, delivery_validation="validate", **values)

    def test_left_to_the_warehouse_nothing_moves(self):
        self._put_in_stock(5)
        self._let_stock_go_negative()
        self.assertStates(self._issue(), "assigned")
        self.assertEqual(self._get_stock(), 5)

    def test_validated_at_once(self):
        self._put_in_stock(5)
        order = self._deliver()
        self.assertStates(order, "done")
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(order.recurring_occurrence_id.transfer_status, "full")
        self.assertEqual(self._get_stock(), 3)

    def test_goods_that_are_not_counted_leave_always(self):
        tape = self._create_goods(name="Tape", is_storable=False)
        order = self._deliver(lines=[{"product_id": tape.id}])
        self.assertStates(order, "done")

    def test_what_is_missing_waits(self):
        order = self._deliver()
        self.assertStates(order, "confirmed")
        self.assertEqual(order.recurring_occurrence_id.state, "generated")
        self.assertEqual(self._get_stock(), 0)

    def test_a_part_waits_for_the_rest(self):
        """Nobody gets a delivery note over two with one in the box."""
        self._put_in_stock(1)
        order = self._deliver()
        self.assertEqual(len(order.picking_ids), 1)
        self.assertNotEqual(order.picking_ids.state, "done")
        self.assertEqual(self._get_stock(), 1)

    def test_one_who_waits_stops_nobody(self):
        self._put_in_stock(2)
        orders = self._deliver(self.customer + self.other_customer)
        self.assertEqual(
            sorted(orders.picking_ids.mapped("state")), ["confirmed", "done"]
        )

    def test_or_stock_goes_negative(self):
        self._let_stock_go_negative()
        self._put_in_stock(1)
        order = self._deliver()
        self.assertStates(order, "done")
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(self._get_stock(), -1)

    def test_another_companys_choice_does_not_count(self):
        other = self._create_billing_company(name="Other Co")
        other.recurring_stock_missing = "negative"
        self.assertStates(self._deliver(), "confirmed")

    def test_stock_is_taken_where_the_warehouse_reserves_by_hand(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        self._put_in_stock(5)
        self.assertStates(self._deliver(), "done")

    def test_pick_and_ship_leaves_in_all_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._put_in_stock(5)
        order = self._deliver()
        self.assertStates(order, "done", "done")
        self.assertEqual(
            order.delivery_note_ids.picking_type_id, self.warehouse.out_type_id
        )
        self.assertEqual(self._get_stock(), 3)

    def test_pick_and_ship_goes_negative_on_the_shelf_only(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._let_stock_go_negative()
        order = self._deliver()
        self.assertStates(order, "done", "done")
        self.assertEqual(self._get_stock(), -2)

    def test_pick_and_ship_waits_at_the_first_step(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._deliver()
        self.assertEqual(order.picking_ids.mapped("state"), ["confirmed"])
        self.assertFalse(order.delivery_note_ids)

    def test_what_is_brought_for_this_order_is_waited_for(self):
        self._let_stock_go_negative()
        order = self._issue()
        order.picking_ids.move_ids.procure_method = "make_to_order"
        self.env["recurring.document.delivery"]._deliver(order)
        self.assertNotEqual(order.picking_ids.state, "done")
        self.assertEqual(self._get_stock(), 0)

    def test_a_question_of_another_app_is_told(self):
        self._put_in_stock(5)
        task = self._start_task(delivery_validation="validate")
        question = {"type": "ir.actions.act_window"}
        Picking = type(self.env["stock.picking"])
        with patch.object(Picking, "button_validate", lambda transfers: question):
            self._run_cron("2027-04-01 08:00:00")
        row = self._get_rows(task)
        self.assertEqual(row.state, "failed")
        self.assertIn("without a person", row.error)
        self.assertFalse(self.env["sale.order"].search([("origin", "=", task.name)]))


@tagged("post_install", "-at_install")
class TestLots(DeliveryNoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods.tracking = "lot"

    def _deliver(self):
        return self._issue(delivery_validation="validate")

    def test_a_lot_in_stock_is_taken(self):
        lot = self._create_lot(self.goods)
        self._put_in_stock(5, lot=lot)
        order = self._deliver()
        self.assertStates(order, "done")
        self.assertEqual(order.picking_ids.move_ids.lot_ids, lot)

    def test_without_a_lot_the_goods_wait(self):
        self.assertStates(self._deliver(), "confirmed")

    def test_stock_does_not_go_negative_without_a_lot(self):
        """Nobody could tell later which ones left."""
        self._let_stock_go_negative()
        self.assertStates(self._deliver(), "confirmed")

    def test_stock_of_unknown_lots_waits(self):
        self._put_in_stock(5)
        order = self._deliver()
        self.assertNotEqual(order.picking_ids.state, "done")
        self.assertEqual(order.recurring_occurrence_id.state, "generated")

    def test_serial_numbers_in_stock_are_taken(self):
        self.goods.tracking = "serial"
        for name in ("A", "B"):
            self._put_in_stock(1, lot=self._create_lot(self.goods, name))
        order = self._deliver()
        self.assertStates(order, "done")
        self.assertEqual(
            set(order.picking_ids.move_ids.lot_ids.mapped("name")), {"A", "B"}
        )

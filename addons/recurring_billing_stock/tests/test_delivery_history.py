"""The sales history of a customer shows the delivery notes of each operation."""

from odoo.tests import tagged

from .common import DeliveryNoteCommon


@tagged("post_install", "-at_install")
class TestDeliveryHistory(DeliveryNoteCommon):
    def setUp(self):
        super().setUp()
        self._put_in_stock(1000)

    def _get_history(self, orders, user=None):
        rows = self.env["sale.history"].with_user(user or self.biller)
        return rows.search([("order_id", "in", orders.ids)], order="id")

    def _issue_many(self, count):
        return self._issue(self._create_customers(count))

    def test_an_operation_shows_its_delivery_notes(self):
        order = self._issue()
        self.assertEqual(self._get_history(order).picking_ids, order.picking_ids)

    def test_cancelled_ones_and_steps_before_are_left_out(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._issue()
        self.assertFalse(self._get_history(order).picking_ids)
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        row = self._get_history(order)
        row.invalidate_recordset()
        self.assertEqual(row.picking_ids, order.delivery_note_ids)
        order.delivery_note_ids.action_cancel()
        row.invalidate_recordset()
        self.assertFalse(row.picking_ids)

    def test_they_are_counted_after_the_orders(self):
        orders = self._issue_many(3)
        counters = self._get_history(orders)._get_counters()
        self.assertEqual(counters["delivery"][1], 3)
        names = list(counters)
        self.assertEqual(names.index("delivery"), names.index("order") + 1)

    def test_they_are_a_column_on_paper(self):
        columns = list(self.env["sale.history"]._get_columns())
        self.assertEqual(
            columns.index("picking_ids"), columns.index("sale_order_ids") + 1
        )

    def test_who_may_not_see_transfers_sees_none(self):
        seller = self._create_user("seller", "recurring_billing.group_user")
        rows = self._get_history(self._issue(), seller)
        self.assertFalse(rows.picking_ids)

    def test_they_cost_one_statement_for_any_number(self):
        counts = []
        for number in (1, 2, 20):  # the first one fills the caches
            rows = self._get_history(self._issue_many(number))
            self.clock.move_to("2027-03-15 10:00:00")
            rows.order_id.mapped("state")
            self.env["stock.picking"].invalidate_model()
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(rows.picking_ids), number)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1:], [1, 1])

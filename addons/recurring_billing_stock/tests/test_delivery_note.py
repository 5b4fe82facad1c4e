"""What a recurring delivery note is: a confirmed order and its transfers."""

from odoo import Command
from odoo.tests import tagged

from .common import DeliveryNoteCommon


@tagged("post_install", "-at_install")
class TestDeliveryNote(DeliveryNoteCommon):
    def test_goods_make_a_confirmed_order_with_a_transfer_to_the_customer(self):
        self._put_in_stock(5)
        order = self._issue()
        self.assertEqual(order.state, "sale")
        transfer = order.picking_ids
        self.assertStates(order, "assigned")
        self.assertEqual(transfer.picking_type_id, self.warehouse.out_type_id)
        self.assertEqual(transfer.partner_id, self.customer)
        self.assertEqual(transfer.move_ids.product_id, self.goods)
        self.assertEqual(transfer.move_ids.product_uom_qty, 2)
        self.assertEqual(order.delivery_note_ids, transfer)

    def test_the_order_stands_in_the_ledger_with_its_amounts(self):
        order = self._issue()
        row = order.recurring_occurrence_id
        self.assertEqual(row.state, "generated")
        self.assertEqual((row.res_model, row.res_id), ("sale.order", order.id))
        self.assertEqual(row.sale_order_id, order)
        self.assertEqual(row.document_type, "delivery")
        self.assertEqual(row.amount_untaxed, 20.0)
        self.assertEqual(row.amount_total, 24.2)
        self.assertEqual(row.currency_id, self.company.currency_id)
        self.assertEqual(row.transfer_status, "pending")

    def test_services_alone_make_no_transfer(self):
        order = self._issue(lines=[{"product_id": self.service.id}])
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.picking_ids)
        self.assertFalse(order.recurring_occurrence_id.transfer_status)

    def test_mixed_lines_make_a_transfer_of_the_goods(self):
        order = self._issue(lines=self._get_mixed_lines())
        self.assertEqual(order.order_line.product_id, self.goods + self.service)
        self.assertEqual(order.picking_ids.move_ids.product_id, self.goods)

    def test_a_draft_has_no_transfer_until_somebody_confirms_it(self):
        order = self._issue(completion="draft")
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.picking_ids)
        order.action_confirm()
        self.assertEqual(len(order.picking_ids), 1)

    def test_the_price_of_the_day(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Friends",
                "currency_id": self.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.goods.id,
                            "compute_price": "fixed",
                            "fixed_price": 7,
                        }
                    )
                ],
            }
        )
        self.customer.property_product_pricelist = pricelist
        order = self._issue(price_mode="pricelist")
        self.assertEqual(order.amount_untaxed, 14.0)

    def test_it_is_invoiced_later_as_any_order(self):
        self.goods.invoice_policy = "delivery"
        self._put_in_stock(5)
        order = self._issue(
            lines=self._get_mixed_lines(), delivery_validation="validate"
        )
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertEqual(order._create_invoices().amount_untaxed, 120.0)

    def test_the_goods_go_to_the_delivery_address(self):
        address = self._create_customer(
            name="Back door", type="delivery", parent_id=self.customer.id
        )
        self.assertEqual(self._issue().picking_ids.partner_id, address)

    def test_many_customers_each_get_their_own(self):
        orders = self._issue(self.customer + self.other_customer)
        self.assertEqual(
            orders.picking_ids.partner_id, self.customer + self.other_customer
        )
        self.assertEqual(len(orders.picking_ids), 2)

    def test_one_customer_without_a_route_stops_nobody(self):
        self.other_customer.property_stock_customer = self.env.ref(
            "stock.stock_location_suppliers"
        )
        task = self._start_task(self.customer + self.other_customer)
        self._run_cron("2027-04-01 08:00:00")
        good, bad = self._get_rows(task).sorted("partner_id")
        if good.partner_id != self.customer:
            good, bad = bad, good
        self.assertEqual((good.state, bad.state), ("generated", "failed"))
        self.assertIn("Paper", bad.error)


@tagged("post_install", "-at_install")
class TestWarehouse(DeliveryNoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["stock.warehouse"].create(
            {"name": "North", "code": "N", "company_id": cls.company.id}
        )

    def test_fixed_on_the_task(self):
        order = self._issue(warehouse_id=self.second.id)
        self.assertEqual(order.warehouse_id, self.second)
        self.assertEqual(order.picking_ids.picking_type_id, self.second.out_type_id)

    def test_empty_is_the_companys(self):
        task = self._create_task()
        self.assertEqual(task.recipient_ids.warehouse_used_id, self.warehouse)
        self.assertEqual(self._issue().warehouse_id, self.warehouse)

    def test_empty_is_the_salespersons_where_he_has_one(self):
        seller = self._create_user("ana", "base.group_user")
        seller.with_company(self.company).property_warehouse_id = self.second
        self.customer.user_id = seller
        task = self._create_task()
        self.assertEqual(task.recipient_ids.warehouse_used_id, self.second)
        self.assertEqual(self._issue().warehouse_id, self.second)

    def test_empty_is_the_default_of_the_database(self):
        self.env["ir.default"].set(
            "sale.order", "warehouse_id", self.second.id, company_id=self.company.id
        )
        self.assertEqual(self._issue().warehouse_id, self.second)

    def test_it_holds_for_orders_too(self):
        order = self._issue(document_type="order", warehouse_id=self.second.id)
        self.assertEqual(order.warehouse_id, self.second)

    def test_an_archived_one_is_told_ahead(self):
        task = self._create_task(warehouse_id=self.second.id)
        self.second.active = False
        recipient = task.sudo().recipient_ids
        recipient.invalidate_recordset()
        self.assertIn("“North” is archived", recipient.ready_message)

    def test_a_company_without_one_is_told_ahead(self):
        (self.warehouse + self.second).active = False
        recipient = self._create_task().sudo().recipient_ids
        self.assertIn("no warehouse", recipient.ready_message)

    def test_services_need_none(self):
        (self.warehouse + self.second).active = False
        task = self._create_task(lines=[{"product_id": self.service.id}])
        self.assertTrue(task.recipient_ids.ready)

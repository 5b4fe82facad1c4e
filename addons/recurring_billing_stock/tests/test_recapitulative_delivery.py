"""Delivery notes as blocks of a recapitulative invoice."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DeliveryNoteCommon


@tagged("post_install", "-at_install")
class TestRecapitulativeDelivery(DeliveryNoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods.invoice_policy = "delivery"
        cls._put_in_stock(100)

    # === HELPERS === #

    def _order(self, quantity=5, product=None, day="2027-02-01"):
        """A confirmed order over goods, of a day; nothing is delivered yet."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or self.goods).id,
                            "product_uom_qty": quantity,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order.date_order = f"{day} 10:00:00"
        return order

    def _deliver(self, order, day, quantity):
        """Deliver a part of an order on a day; the rest waits."""
        self.clock.move_to(f"{day} 10:00:00")
        transfer = order.picking_ids.filtered(lambda p: p.state != "done")
        transfer.move_ids.write({"quantity": quantity, "picked": True})
        transfer.with_context(skip_sms=True)._action_done()
        self.assertEqual(transfer.state, "done")
        return transfer

    def _open(self, records, **values):
        action = records.with_user(self.biller).action_recapitulative_invoice()
        return (
            self.env[action["res_model"]]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create(values)
        )

    def _bill(self, records, **values):
        action = self._open(records, **values).action_create()
        return self.env["account.move"].browse(action["res_id"])

    def _get_blocks(self, invoice):
        """``[(heading, quantity), …]``"""
        blocks, heading = [], None
        for line in invoice.invoice_line_ids.sorted("sequence"):
            if line.display_type == "line_section":
                heading = line.name
            else:
                blocks.append((heading, line.quantity))
        return blocks

    # === BLOCKS === #

    def test_each_delivery_of_the_month_is_a_block(self):
        order = self._order()
        first = self._deliver(order, "2027-02-03", 2)
        second = self._deliver(order, "2027-02-20", 3)
        invoice = self._bill(self.customer, day="2027-02-01")
        self.assertEqual(
            self._get_blocks(invoice),
            [
                (f"Delivery note {first.name} of 02/03/2027 (order {order.name})", 2),
                (f"Delivery note {second.name} of 02/20/2027 (order {order.name})", 3),
            ],
        )
        self.assertEqual(order.order_line.qty_invoiced, 5)

    def test_a_delivery_counts_in_its_own_month(self):
        order = self._order(day="2027-01-10")
        self._deliver(order, "2027-01-31", 2)
        self._deliver(order, "2027-02-02", 3)
        january = self._bill(self.customer, day="2027-01-01")
        self.assertEqual([q for _h, q in self._get_blocks(january)], [2])
        february = self._bill(self.customer, day="2027-02-01")
        self.assertEqual([q for _h, q in self._get_blocks(february)], [3])

    def test_what_is_not_delivered_is_not_invoiced(self):
        self._order()
        wizard = self._open(self.customer, day="2027-02-01")
        self.assertFalse(wizard.order_ids)

    def test_services_stand_under_their_order(self):
        order = self._order()
        order.order_line = [Command.create({"product_id": self.service.id})]
        transfer = self._deliver(order, "2027-02-03", 5)
        invoice = self._bill(self.customer, day="2027-02-01")
        self.assertEqual(
            [heading.split(" of ")[0] for heading, _q in self._get_blocks(invoice)],
            [f"Order {order.name}", f"Delivery note {transfer.name}"],
        )

    def test_goods_invoiced_as_ordered_stand_under_their_order(self):
        self.goods.invoice_policy = "order"
        order = self._order()
        self._deliver(order, "2027-03-03", 5)
        invoice = self._bill(self.customer, day="2027-02-01")
        self.assertEqual(
            self._get_blocks(invoice), [(f"Order {order.name} of 02/01/2027", 5)]
        )

    def test_goods_that_came_back_are_not_billed(self):
        order = self._order(quantity=3)
        transfer = self._deliver(order, "2027-02-03", 3)
        self._return(transfer)
        invoice = self._bill(self.customer, day="2027-02-01")
        self.assertEqual([q for _h, q in self._get_blocks(invoice)], [2])

    # === FROM THE LIST OF DELIVERIES === #

    def test_chosen_delivery_notes_alone_are_invoiced(self):
        order = self._order()
        first = self._deliver(order, "2027-02-03", 2)
        self._deliver(order, "2027-02-20", 3)
        self.biller.group_ids |= self.env.ref("stock.group_stock_user")
        invoice = self._bill(first)
        self.assertEqual([q for _h, q in self._get_blocks(invoice)], [2])
        self.assertEqual(order.order_line.qty_to_invoice, 3)

    def test_deliveries_of_different_months_are_refused(self):
        order = self._order()
        transfers = self._deliver(order, "2027-01-31", 2)
        transfers |= self._deliver(order, "2027-02-03", 3)
        self.biller.group_ids |= self.env.ref("stock.group_stock_user")
        with self.assertRaisesRegex(UserError, "different months"):
            self._bill(transfers)

    def test_a_delivery_without_anything_to_invoice_is_told(self):
        order = self._order()
        transfer = self._deliver(order, "2027-02-03", 5)
        self.biller.group_ids |= self.env.ref("stock.group_stock_user")
        self._bill(transfer)
        with self.assertRaisesRegex(UserError, f"invoice of {transfer.name}"):
            self._bill(transfer)

    # === BY ITSELF === #

    def test_the_scheduled_action_invoices_the_deliveries_of_the_month_before(self):
        self.customer.with_company(self.company).recapitulative = True
        order = self._order(day="2027-01-10")
        self._deliver(order, "2027-02-02", 3)
        self._deliver(order, "2027-03-01", 2)
        self.clock.move_to("2027-03-02 06:00:00")
        with self.enter_registry_test_mode():
            self.env.ref(
                "recurring_billing.ir_cron_recapitulative"
            ).method_direct_trigger()
        self.assertEqual([q for _h, q in self._get_blocks(order.invoice_ids)], [3])

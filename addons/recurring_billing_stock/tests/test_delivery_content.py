"""What a delivery note with prices says, in numbers."""

from odoo import Command
from odoo.tests import tagged

from .common import DeliveryNoteCommon


@tagged("post_install", "-at_install")
class TestDeliveryContent(DeliveryNoteCommon):
    def setUp(self):
        super().setUp()
        self._put_in_stock(10)

    def _get_products(self, content):
        return [
            (row["quantity"], row["subtotal"])
            for row in content["rows"]
            if row["kind"] == "product"
        ]

    def _get_total(self, content):
        return content["tax_totals"]["total_amount_currency"]

    def test_a_transfer_of_everything_adds_up_to_the_order(self):
        order = self._issue(lines=self._get_mixed_lines())
        content = order.picking_ids._get_delivery_note_content()
        # 2 packets of 10.00 and one service of 100.00, with 21 %
        self.assertEqual(self._get_products(content), [(2, 20.0), (1, 100.0)])
        self.assertEqual(self._get_total(content), 145.2)
        self.assertEqual(self._get_total(content), order.amount_total)
        self.assertTrue(content["is_valued"])

    def test_what_was_delivered_counts_and_the_rest_stands_on_the_next(self):
        order = self._issue(lines=self._get_mixed_lines())
        first = order.picking_ids
        first.move_ids.write({"quantity": 1, "picked": True})
        first.with_context(skip_sms=True, skip_backorder=True).button_validate()
        second = order.picking_ids - first
        contents = [t._get_delivery_note_content() for t in (first, second)]
        self.assertEqual(self._get_products(contents[0]), [(1, 10.0), (1, 100.0)])
        self.assertEqual(self._get_products(contents[1]), [(1, 10.0)])
        self.assertEqual(sum(map(self._get_total, contents)), order.amount_total)

    def test_discount_unit_and_tax(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {
            "product_id": self.goods.id,
            "product_uom_id": dozen.id,
            "quantity": 0.5,
            "price_unit": 100.0,
            "discount": 10,
        }
        content = self._issue(lines=[line]).picking_ids._get_delivery_note_content()
        row = content["rows"][0]
        self.assertTrue(content["has_discount"])
        self.assertEqual((row["quantity"], row["unit"]), (0.5, dozen.name))
        self.assertEqual((row["price_unit"], row["discount"]), (100.0, 10))
        self.assertEqual(row["subtotal"], 45.0)
        self.assertEqual(self._get_total(content), 54.45)

    def test_sections_stand_where_something_of_them_follows(self):
        lines = [
            {"display_type": "line_section", "name": "Goods"},
            {"product_id": self.goods.id, "quantity": 2},
            {"display_type": "line_section", "name": "Work"},
            {"product_id": self.service.id},
            {"display_type": "line_note", "name": "Thank you"},
        ]
        order = self._issue(lines=lines)
        first = order.picking_ids
        first.move_ids.write({"quantity": 1, "picked": True})
        first.with_context(skip_sms=True, skip_backorder=True).button_validate()
        names = [
            [row["name"] for row in transfer._get_delivery_note_content()["rows"]]
            for transfer in (first, order.picking_ids - first)
        ]
        self.assertEqual(names[0], ["Goods", "Paper", "Work", "Support", "Thank you"])
        self.assertEqual(names[1], ["Goods", "Paper"])

    def test_an_order_of_services_is_its_own_delivery_note(self):
        order = self._issue(lines=[{"product_id": self.service.id}])
        content = order._get_delivery_note_content()
        self.assertEqual(content["number"], order.name)
        self.assertTrue(content["is_valued"])
        self.assertEqual(self._get_total(content), 121.0)

    def test_an_order_whose_transfer_comes_later_shows_prices_by_choice(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._issue()
        self.assertFalse(order._get_delivery_note_content()["is_valued"])
        order.recurring_task_id.sudo().delivery_slip_valued = True
        self.assertTrue(order._get_delivery_note_content()["is_valued"])

    def test_goods_added_in_the_warehouse_have_no_price(self):
        order = self._issue()
        transfer = order.picking_ids
        extra = self._create_goods(name="Sample")
        transfer.move_ids = [
            Command.create(
                {
                    "product_id": extra.id,
                    "product_uom_qty": 1,
                    "location_id": transfer.location_id.id,
                    "location_dest_id": transfer.location_dest_id.id,
                }
            )
        ]
        rows = transfer._get_delivery_note_content()["rows"]
        self.assertEqual([row["kind"] for row in rows], ["product", "extra"])
        self.assertNotIn("price_unit", rows[1])

    def test_the_lots_that_left_are_named(self):
        self.goods = self._create_goods(name="Ink", tracking="lot")
        self._put_in_stock(5, self.goods, self._create_lot(self.goods, "INK-7"))
        order = self._issue(
            lines=[{"product_id": self.goods.id}], delivery_validation="validate"
        )
        rows = order.picking_ids._get_delivery_note_content()["rows"]
        self.assertEqual(rows[0]["lots"], "INK-7")


@tagged("post_install", "-at_install")
class TestDeliveryPrint(DeliveryNoteCommon):
    def _print(self, record, name):
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(name, record.ids)
        return " ".join(html.decode().split())

    def test_with_prices(self):
        order = self._issue(document_hour_set=True, document_hour=9.5)
        text = self._print(
            order.picking_ids, "recurring_billing_stock.report_valued_slip"
        )
        for part in (
            order.picking_ids.name,
            order.name,
            "Alma Books",
            "09:30",
            "24.20",
        ):
            self.assertIn(part, text)

    def test_the_order_without_prices(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._issue()
        text = self._print(order, "recurring_billing_stock.report_delivery_note")
        self.assertIn(order.name, text)
        self.assertIn("Paper", text)
        self.assertNotIn("24.20", text)
        self.assertNotIn("Unit Price", text)

    def test_cores_slip_prints_the_hour(self):
        order = self._issue(document_hour_set=True, document_hour=9.5)
        self.assertIn(
            "09:30", self._print(order.picking_ids, "stock.report_deliveryslip")
        )

    def test_cores_slip_without_an_hour(self):
        order = self._issue()
        self.assertNotIn(
            'name="document_hour"',
            self._print(order.picking_ids, "stock.report_deliveryslip"),
        )

    def test_in_the_language_of_the_task(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        order = self._issue(lang="fr_FR")
        transfer = order.picking_ids
        self.assertEqual(transfer._get_document_lang(), "fr_FR")
        self.assertEqual(transfer._get_report_lang(), "fr_FR")

    def test_a_transfer_without_an_order_can_be_printed(self):
        transfer = self._issue().picking_ids.copy({"partner_id": self.customer.id})
        transfer.move_ids.sale_line_id = False
        text = self._print(transfer, "recurring_billing_stock.report_valued_slip")
        self.assertIn("Paper", text)
        self.assertNotIn("Unit Price", text)

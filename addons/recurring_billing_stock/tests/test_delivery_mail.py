"""The delivery note is mailed, once, with the slip that was chosen."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DeliveryNoteCommon


@tagged("post_install", "-at_install")
class TestDeliveryMail(DeliveryNoteCommon):
    def setUp(self):
        super().setUp()
        self._put_in_stock(10)

    def _mail(self, **values):
        """Order and mail of a delivery note that is sent."""
        order = self._issue(completion="send", **values)
        rows = order.recurring_occurrence_id.delivery_ids
        rows._run_batch()
        self.assertEqual(rows.state, "queued", rows.reason)
        return order, rows.mail_mail_id

    def _get_file_names(self, mail):
        return mail.attachment_ids.mapped("name")

    def _get_text(self, mail):
        return b" ".join(mail.attachment_ids.mapped("raw")).decode()

    def test_the_slip_is_attached(self):
        order, mail = self._mail()
        transfer = order.picking_ids
        self.assertEqual(
            self._get_file_names(mail),
            [f"Delivery Slip - Alma Books - {transfer.name}.pdf"],
        )
        self.assertIn("Alma Books", mail.email_to)
        self.assertIn(transfer.name, mail.subject)
        self.assertNotIn("24.20", self._get_text(mail))

    def test_the_slip_with_prices_is_attached(self):
        order, mail = self._mail(delivery_slip_valued=True)
        self.assertEqual(
            self._get_file_names(mail),
            [f"Delivery Note - {order.picking_ids.name}.pdf"],
        )
        self.assertIn("24.20", self._get_text(mail))

    def test_services_alone_are_mailed_with_prices(self):
        order, mail = self._mail(lines=[{"product_id": self.service.id}])
        self.assertEqual(
            self._get_file_names(mail), [f"Delivery Note - {order.name}.pdf"]
        )
        self.assertIn("121.00", self._get_text(mail))
        self.assertIn(order.name, mail.subject)

    def test_picked_first_the_order_is_mailed_without_prices(self):
        self.warehouse.delivery_steps = "pick_ship"
        order, mail = self._mail()
        self.assertEqual(
            self._get_file_names(mail), [f"Delivery Note - {order.name}.pdf"]
        )
        self.assertNotIn("24.20", self._get_text(mail))

    def test_without_prices_neither_the_head_nor_the_button_shows_them(self):
        """The button leads whoever has the mail to the order's page."""
        order, mail = self._mail()
        self.assertIn(order.picking_ids.name, mail.body_html)
        self.assertNotIn("24.20", mail.body_html)
        self.assertNotIn("access_token", mail.body_html)

    def test_with_prices_both_do(self):
        _order, mail = self._mail(delivery_slip_valued=True)
        self.assertIn("24.20", mail.body_html)
        self.assertIn("View Sales Order", mail.body_html)

    def test_an_ordinary_order_is_mailed_as_ever(self):
        order, mail = self._mail(document_type="order")
        self.assertIn(f"{order.name} - Alma Books", mail.body_html)

    def test_a_format_chosen_on_the_task_comes_first(self):
        report = self.env.ref("sale.action_report_saleorder")
        _order, mail = self._mail(report_id=report.id)
        self.assertEqual(len(self._get_file_names(mail)), 1)
        self.assertIn("Order", self._get_file_names(mail)[0])

    def test_the_personal_text_follows_the_name(self):
        _order, mail = self._mail(mail_greeting="mind the step")
        body = mail.body_html
        self.assertLess(body.index("Hello"), body.index("mind the step"))
        self.assertLess(body.index("mind the step"), body.index("please find"))

    def test_the_ledger_follows_the_mail(self):
        order, _mail = self._mail()
        self.assertEqual(order.recurring_occurrence_id.state, "sent")
        self.assertEqual(order.recurring_occurrence_id.delivery_state, "queued")

    def test_a_transfer_called_off_is_not_mailed(self):
        order = self._issue(completion="send", send_when="held")
        order.picking_ids.action_cancel()
        rows = order.recurring_occurrence_id.delivery_ids
        self.assertEqual(rows.state, "cancelled")


@tagged("post_install", "-at_install")
class TestOneMail(DeliveryNoteCommon):
    """Core mails a confirmation itself where the company wants it."""

    def setUp(self):
        super().setUp()
        self._put_in_stock(10)
        self.company.stock_move_email_validation = True
        self.template = self.env.ref("stock.mail_template_data_delivery_confirmation")
        self.company.stock_mail_confirmation_template_id = self.template

    def _count_confirmations(self, order):
        texts = order.picking_ids.message_ids.mapped("body")
        return sum("has been shipped" in text for text in texts)

    def test_the_task_mails_so_core_does_not(self):
        order = self._issue(delivery_validation="validate", completion="send")
        self.assertStates(order, "done")
        self.assertEqual(self._count_confirmations(order), 0)

    def test_the_task_does_not_so_core_does(self):
        order = self._issue(delivery_validation="validate", completion="confirm")
        self.assertEqual(self._count_confirmations(order), 1)

    def test_what_the_warehouse_validates_is_confirmed_by_core(self):
        """The company asked for this mail: it tells that the goods have left."""
        order = self._issue(completion="send")
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self.assertEqual(self._count_confirmations(order), 1)


@tagged("post_install", "-at_install")
class TestSendAgain(DeliveryNoteCommon):
    def setUp(self):
        super().setUp()
        self._put_in_stock(10)

    def _get_wizard(self, records):
        action = records.with_user(self.biller).action_send_again()
        return (
            self.env[action["res_model"]]
            .with_user(self.biller)
            .browse(action["res_id"])
        )

    def _create_other_transfer(self):
        """Of an order that no task made."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.other_customer.id,
                "order_line": [(0, 0, {"product_id": self.goods.id})],
            }
        )
        order.action_confirm()
        return order.picking_ids

    def test_a_transfer_shows_the_mails_of_its_order(self):
        order = self._issue(completion="send")
        transfer = order.picking_ids.with_user(self.biller)
        self.assertEqual(transfer.mail_delivery_count, 1)
        self.assertEqual(transfer.mail_delivery_state, "queued")
        action = transfer.action_view_deliveries()
        rows = self.env["document.delivery"].search(action["domain"])
        self.assertEqual(rows, order.recurring_occurrence_id.delivery_ids)

    def test_transfers_are_found_by_the_state_of_the_mail(self):
        transfer = self._issue(completion="send").picking_ids
        other = self._create_other_transfer()
        Picking = self.env["stock.picking"]
        found = Picking.search([("mail_delivery_state", "in", ["queued"])])
        self.assertEqual(found & (transfer + other), transfer)
        found = Picking.search([("mail_delivery_state", "in", [False])])
        self.assertEqual(found & (transfer + other), other)

    def test_a_transfer_of_a_task_is_sent_again_with_its_order(self):
        order = self._issue(completion="send")
        first = order.recurring_occurrence_id.delivery_ids
        first._run_batch()
        first._update_state(("queued",), "sent")
        wizard = self._get_wizard(order.picking_ids)
        self.assertEqual(wizard.res_model, "sale.order")
        wizard.action_send()
        again = order.recurring_occurrence_id.delivery_ids - first
        self.assertEqual(again.attempt_of_id, first)
        self.assertEqual(again.author_id, self.biller)
        again._run_batch()
        self.assertIn(
            order.picking_ids.name, again.mail_mail_id.attachment_ids.mapped("name")[0]
        )

    def test_another_transfer_is_sent_with_its_slip(self):
        transfer = self._create_other_transfer()
        self._get_wizard(transfer).action_send()
        row = self.env["document.delivery"].search(
            [("res_model", "=", "stock.picking"), ("res_id", "=", transfer.id)]
        )
        self.assertIn("Borja Bikes", row.email_to)
        row._run_batch()
        self.assertEqual(row.state, "queued", row.reason)
        self.assertIn(transfer.name, row.mail_mail_id.subject)
        self.assertIn("Delivery Slip", row.mail_mail_id.attachment_ids.name)

    def test_an_address_without_email_is_sent_to_the_customer(self):
        address = self._create_customer(
            name="Back door",
            type="delivery",
            parent_id=self.other_customer.id,
            email=False,
        )
        transfer = self._create_other_transfer()
        self.assertEqual(transfer.partner_id, address)
        wizard = self._get_wizard(transfer)
        self.assertIn("borja.bikes@example.com", wizard.same_addresses)

    def test_both_at_once_are_refused(self):
        transfers = self._issue(completion="send").picking_ids
        transfers += self._create_other_transfer()
        with self.assertRaisesRegex(UserError, "of one kind"):
            transfers.with_user(self.biller).action_send_again()

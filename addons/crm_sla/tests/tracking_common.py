"""Quotations on their way to a customer, at a fixed moment."""

from odoo import Command, fields
from odoo.tests import freeze_time

from .common import SlaCommon

#: Monday 15 March 2027, 10:00 UTC.
NOW = "2027-03-15 10:00:00"


class TrackingCommon(SlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_seller = cls._create_user(
            "other_seller", "sales_team.group_sale_salesman"
        )
        cls.customer.email = "customer@example.com"
        cls.product = cls.env["product.product"].create(
            {"name": "Service", "type": "service", "list_price": 100.0}
        )

    @classmethod
    def _create_quotations(cls, count=1, **values):
        defaults = {
            "partner_id": cls.customer.id,
            "user_id": cls.seller.id,
            "require_signature": True,
            "require_payment": False,
            "order_line": [
                Command.create({"product_id": cls.product.id, "tax_ids": False})
            ],
        }
        values = {**defaults, **values}
        return cls.env["sale.order"].create([values for _number in range(count)])

    @classmethod
    def _note(cls, order, kind, date=None, **values):
        """An event as the server writes it."""
        date = date or fields.Datetime.now()
        return order._track(kind, **{"date": date, "date_last": date, **values})

    def _send(self, orders, user=None):
        """Press Send in core's dialogue."""
        orders = orders.with_user(user or self.seller)
        action = orders.action_quotation_send()
        composer = (
            self.env["mail.compose.message"]
            .with_user(user or self.seller)
            .with_context(**action["context"])
            .create({})
        )
        if len(orders) > 1:
            composer.template_id = self.env.ref("sale.email_template_edi_sale")
        composer._action_send_mail()
        return orders.sudo().quotation_event_ids

    def _open(self, order, visitor="a visitor", kind="opened"):
        self.env["sale.quotation.event"].sudo()._note_opening(order, kind, visitor)

    def _set_delivery(self, event, status, failure=False):
        """What core's queue notes once the mail server has answered."""
        event.message_id.notification_ids.write(
            {"notification_status": status, "failure_type": failure}
        )
        event.order_id.invalidate_recordset()
        event.invalidate_recordset()


class FrozenTrackingCommon(TrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)

    def setUp(self):
        super().setUp()
        self.clock.move_to(NOW)

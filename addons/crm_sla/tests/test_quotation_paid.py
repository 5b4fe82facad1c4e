"""Paid online: noted once for each payment."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.payment.tests.common import PaymentCommon


@tagged("post_install", "-at_install")
class TestQuotationPaid(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.env["product.product"].create({"name": "Service"})
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "price_unit": 100, "tax_ids": False}
                    )
                ],
            }
        )

    def _pay(self, state, **values):
        payment = self._create_transaction(
            "redirect",
            amount=self.order.amount_total,
            currency_id=self.order.currency_id.id,
            sale_order_ids=self.order.ids,
            **values,
        )
        payment.state = state
        payment._post_process()
        return payment

    def _get_paid(self):
        return self.order.quotation_event_ids.filtered(lambda e: e.kind == "paid")

    def test_a_payment_is_noted_once(self):
        payment = self._pay("done")
        payment._post_process()
        self.assertEqual(len(self._get_paid()), 1)
        self.assertEqual(self._get_paid().partner_id, payment.partner_id)

    def test_two_payments_are_two(self):
        self._pay("done", reference="a")
        self._pay("done", reference="b")
        self.assertEqual(len(self._get_paid()), 2)

    def test_a_payment_that_waits_is_not_noted(self):
        self._pay("pending")
        self.assertFalse(self._get_paid())
        self.assertFalse(self.order.quotation_event_ids)

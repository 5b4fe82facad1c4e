"""Orders as a salesperson without rights on billing makes them."""

from odoo import Command

from .common import RecurringCommon


class OrderBillingCommon(RecurringCommon):
    GROUPS = {
        **RecurringCommon.GROUPS,
        "seller": "sales_team.group_sale_salesman",
    }
    people = ("seller",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.product | cls.other_product).invoice_policy = "order"
        cls.customer.user_id = cls.seller

    @classmethod
    def _create_order(cls, lines=None, confirm=True, **values):
        """An order of the seller.

        :param list lines: values of each line; 100.00 of ``product`` if absent
        """
        lines = lines or [{"product_id": cls.product.id, "price_unit": 100}]
        order = (
            cls.env["sale.order"]
            .with_user(cls.seller)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "user_id": cls.seller.id,
                    "order_line": [Command.create(line) for line in lines],
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order.sudo()

    @classmethod
    def _create_periodic(cls, **values):
        """Support for 100.00 a month, and a once-only set-up for 40.00."""
        lines = [
            {
                "product_id": cls.product.id,
                "price_unit": 100,
                "billed_periodically": True,
            },
            {"product_id": cls.other_product.id, "price_unit": 40, "name": "Set-up"},
        ]
        return cls._create_order(values.pop("lines", lines), **values)

    def _get_invoices(self, order):
        """The invoices that count on the order, oldest first."""
        return order.invoice_ids.sorted(lambda move: (move.invoice_date, move.id))

    def assertInvoiced(self, order, untaxed):
        """What core and the figures of the lines say was invoiced."""
        order.invalidate_recordset()
        order.order_line.invalidate_recordset()
        currency = order.currency_id
        posted = order.invoice_ids.filtered(lambda m: m.state == "posted")
        self.assertEqual(
            currency.round(sum(order.order_line.mapped("untaxed_amount_invoiced"))),
            untaxed,
        )
        self.assertEqual(
            currency.round(order.amount_invoiced),
            currency.round(sum(posted.mapped("amount_total_in_currency_signed"))),
        )

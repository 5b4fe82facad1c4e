"""Orders, invoices and credit notes made as people make them."""

from odoo import Command

from .common import RecurringCommon


class SaleHistoryCommon(RecurringCommon):
    GROUPS = {
        **RecurringCommon.GROUPS,
        "clerk": "recurring_billing.group_user,account.group_account_invoice,"
        "sales_team.group_sale_salesman_all_leads",
        "seller": "recurring_billing.group_user,sales_team.group_sale_salesman",
    }
    people = ("clerk",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "order"

    @classmethod
    def _create_order(cls, partner=None, confirm=True, count=1, **values):
        order = {
            "partner_id": (partner or cls.customer).id,
            "order_line": [
                Command.create({"product_id": cls.product.id, "product_uom_qty": 1})
            ],
            **values,
        }
        orders = cls.env["sale.order"].create([dict(order) for _number in range(count)])
        if confirm:
            orders.action_confirm()
        return orders

    @classmethod
    def _bill_order(cls, orders, each=False):
        """:param each: an invoice for each order, not one for all of a customer"""
        invoices = orders._create_invoices(grouped=each)
        invoices.invoice_date = "2027-03-15"
        invoices.action_post()
        return invoices

    @classmethod
    def _create_invoice(cls, partner=None, post=True, count=1, **values):
        line = {"product_id": cls.product.id, "quantity": 1, "price_unit": 100}
        invoice = {
            "move_type": "out_invoice",
            "partner_id": (partner or cls.customer).id,
            "invoice_date": "2027-03-15",
            "invoice_line_ids": [Command.create(line)],
            **values,
        }
        invoices = cls.env["account.move"].create(
            [dict(invoice) for _number in range(count)]
        )
        if post:
            invoices.action_post()
        return invoices

    @classmethod
    def _reverse(cls, invoices, post=True):
        notes = invoices._reverse_moves(
            [{"invoice_date": "2027-03-15"} for _invoice in invoices]
        )
        if post:
            notes.action_post()
        return notes

    def _get_history(self, partner=None, user=None):
        """The rows that somebody sees, read anew."""
        self.env.flush_all()
        self.env.invalidate_all()
        partner = (partner or self.customer).with_user(user or self.clerk)
        return partner.sale_history_ids

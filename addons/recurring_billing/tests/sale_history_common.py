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
    def _create_order(cls, partner=None, confirm=True, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "product_uom_qty": 1})
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _bill_order(cls, orders):
        invoices = orders._create_invoices()
        invoices.invoice_date = "2027-03-15"
        invoices.action_post()
        return invoices

    @classmethod
    def _create_invoice(cls, partner=None, post=True, **values):
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": "2027-03-15",
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": cls.product.id, "quantity": 1, "price_unit": 100}
                    )
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _reverse(cls, invoice, post=True):
        note = invoice._reverse_moves([{"invoice_date": "2027-03-15"}])
        if post:
            note.action_post()
        return note

    def _get_history(self, partner=None, user=None):
        """The rows that somebody sees, read anew."""
        self.env.flush_all()
        self.env.invalidate_all()
        partner = (partner or self.customer).with_user(user or self.clerk)
        return partner.sale_history_ids

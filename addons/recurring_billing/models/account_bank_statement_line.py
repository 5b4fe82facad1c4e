from odoo import fields, models
from odoo.exceptions import UserError


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    proforma_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Pays Pro-Forma",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def action_undo_reconciliation(self):
        """Core calls this with nothing to undo on every write of a journal item, and
        walks through the deletion of no payment: a fifth of the time of an invoice."""
        if not self:
            return None
        return super().action_undo_reconciliation()

    def _pay_proforma(self, order):
        """Take this money for the pro-forma of an order.

        It becomes credit on the customer's account, which the invoice uses as soon as
        all that was asked is there.

        :raises UserError: when the line is settled already
        """
        self.ensure_one()
        line = self.sudo().with_company(self.company_id)
        order.sudo()._lock_for_payment()
        suspense = line._seek_for_lines()[1]
        if line.is_reconciled or line.proforma_order_id or not suspense:
            raise UserError(
                self.env._(
                    "%(text)s of %(date)s is already settled. Reload the list.",
                    text=line.payment_ref or line.move_id.name,
                    date=line.date,
                )
            )
        customer = order.sudo().partner_invoice_id.commercial_partner_id
        if not line.partner_id:
            line.partner_id = customer
            suspense = line._seek_for_lines()[1]
        receivable = customer.with_company(
            line.company_id
        ).property_account_receivable_id
        suspense.write({"account_id": receivable.id, "partner_id": customer.id})
        line.proforma_order_id = order
        order._confirm_payment("statement")

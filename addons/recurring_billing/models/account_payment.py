from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    proforma_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Pays Pro-Forma",
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        domain="[('proforma_number', '!=', False)]",
        help="The quotation or order whose pro-forma this money is for. Found by "
        "itself when the memo holds the number of the pro-forma.",
    )

    def action_post(self):
        result = super().action_post()
        self._find_proforma_order()
        self._tell_orders()
        return result

    def _find_proforma_order(self):
        """Read the pro-forma from the memo, where nobody has named it."""
        payments = self.filtered(
            lambda p: (
                not p.proforma_order_id
                and p.payment_type == "inbound"
                and p.partner_type == "customer"
                and not p.invoice_ids
                and p.memo
            )
        )
        if not payments:
            return
        Proposal = self.env["payment.proposal"]
        for payment in payments:
            payment.proforma_order_id = Proposal._find_order(
                payment.memo, payment.company_id
            )

    def _tell_orders(self):
        """An order that is paid in full goes on; see ``sale.order``."""
        source = self.env.context.get("payment_confirmation_source", "payment")
        for order in self.proforma_order_id:
            if source == "online":
                order._confirm_online_payment()
            else:
                order._confirm_payment(source)

from odoo import api, fields, models
from odoo.exceptions import UserError


class SalePaymentRegister(models.TransientModel):
    """Dialogue: how much was received for an order, when and where."""

    _name = "sale.payment.register"
    _description = "Confirm the Payment of an Order"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    proforma_amount = fields.Monetary(related="order_id.proforma_amount")
    proforma_paid_amount = fields.Monetary(related="order_id.proforma_paid_amount")
    missing_amount = fields.Monetary(
        string="Still Missing", related="order_id.proforma_missing_amount"
    )
    amount = fields.Monetary(
        string="Received",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="With taxes. Less than what is missing issues no invoice yet.",
    )
    date = fields.Date(
        string="Received On", required=True, default=fields.Date.context_today
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank or Cash",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('type', 'in', ('bank', 'cash')),"
        " ('company_id', 'parent_of', company_id)]",
    )
    reference = fields.Char(
        string="Memo",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
    )
    consequence = fields.Char(string="What Will Happen", compute="_compute_consequence")

    @api.depends("order_id")
    def _compute_amount(self):
        for wizard in self:
            order = wizard.order_id
            wizard.amount = order.proforma_missing_amount
            wizard.reference = order.proforma_number or order.name

    @api.depends("order_id")
    def _compute_journal_id(self):
        for wizard in self:
            order = wizard.order_id
            wizard.journal_id = order and order.sudo()._get_payment_journal()

    @api.depends("amount", "missing_amount")
    @api.depends_context("lang")
    def _compute_consequence(self):
        for wizard in self:
            left = wizard.missing_amount - wizard.amount
            if wizard.currency_id.compare_amounts(left, 0) > 0:
                wizard.consequence = self.env._(
                    "%s will still be missing: the payment is booked, no invoice yet.",
                    wizard.currency_id.format(left),
                )
                continue
            rule = wizard.order_id._get_payment_automation()
            wizard.consequence = (
                self.env._("The invoice and the contract are made.")
                if rule.contract_template_id
                else self.env._("The invoice is made.")
            )

    def action_confirm(self):
        """Book it.

        :raises UserError: where the payment was confirmed meanwhile
        """
        self.ensure_one()
        order = self.order_id
        order.check_access("read")
        if order.is_payment_confirmed:
            raise UserError(
                self.env._("The payment of %s is already confirmed.", order.name)
            )
        result = order.action_confirm_payment(
            amount=self.amount,
            date=self.date,
            journal_id=self.journal_id.id,
            reference=self.reference,
        )
        result["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return result

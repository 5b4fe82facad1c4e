from odoo import api, fields, models
from odoo.exceptions import UserError


class SalePaymentConfirmation(models.Model):
    """The moment at which an order was paid, and what was made of it.

    One row per order, in the database: whoever tells of the payment, and however
    often, invoice and contract are made once, in the transaction of this row.
    """

    _name = "sale.payment.confirmation"
    _inherit = "engine.rows.mixin"
    _description = "Confirmed Payment"
    _order = "date desc, id desc"

    # readers of confirmations may lack rights on orders
    name = fields.Char(related="order_id.name")
    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id", store=True, string="Customer"
    )
    date = fields.Date(required=True, readonly=True)
    source = fields.Selection(
        selection=[
            ("online", "Online payment"),
            ("payment", "Registered payment"),
            ("statement", "Bank statement"),
            ("manual", "Button"),
        ],
        string="Told By",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Confirmed By", readonly=True)
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, ondelete="set null"
    )
    contract_id = fields.Many2one(
        "sale.contract.document",
        readonly=True,
        ondelete="set null",
    )
    amount = fields.Monetary(string="Paid", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)

    _order_uniq = models.Constraint(
        "UNIQUE (order_id)", "The payment of this order is already confirmed."
    )

    @api.model_create_multi
    @api.private
    def create(self, vals_list):
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A confirmed payment is a fact: reverse its invoice instead.")
        )

    @api.model
    def _get_engine_message(self):
        return self.env._("Payments are confirmed by the button on the order.")

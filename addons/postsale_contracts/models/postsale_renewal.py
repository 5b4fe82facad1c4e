from odoo import fields, models


class PostsaleRenewal(models.Model):
    """A further term of a contract. The database takes each term once.

    Amounts are untaxed, in the currency of the contract.
    """

    _name = "postsale.renewal"
    _description = "Renewal of a Contract"
    _inherit = ["postsale.order.link.mixin", "mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        comodel_name="postsale.contract",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", string="Customer", store=True, index=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date_start = fields.Date(string="Start", required=True, readonly=True)
    date_end = fields.Date(
        string="End", required=True, readonly=True, help="Last day of the term."
    )
    cost = fields.Monetary(
        tracking=True, help="Of the whole term, without taxes. Zero: the list price."
    )
    is_automatic = fields.Boolean(
        string="Renewed Automatically", readonly=True, copy=False
    )
    state = fields.Selection(
        selection=[("confirmed", "Confirmed"), ("cancelled", "Cancelled")],
        default="confirmed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    # The order of a renewal is known by the internal number.
    sale_order_id = fields.Many2one(string="Internal No.")
    billing_task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Periodic Billing",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The recurring task of the contract bills this term, too.",
    )

    _term_uniq = models.UniqueIndex(
        "(contract_id, date_start) WHERE state != 'cancelled'",
        "The contract is renewed for this term already.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_start <= date_end)", "A term ends after it starts."
    )
    _billed_in_one_way = models.Constraint(
        "CHECK (sale_order_id IS NULL OR billing_task_id IS NULL)",
        "A term is billed by an order or by periodic billing, not by both.",
    )

from odoo import api, fields, models


class PostsaleCondition(models.Model):
    """Under which condition a service activity is carried out: who pays for it."""

    _name = "postsale.condition"
    _description = "Execution Condition"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Nothing: all companies.")
    to_bill = fields.Boolean(
        help="Closed activities under this condition are billed to the customer."
    )
    coverage = fields.Selection(
        selection=[
            ("contract", "The contract covers it"),
            ("warranty", "The warranty covers it"),
            ("free", "Free of charge"),
        ],
        string="Why It Is Not Billed",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('sale_ok', '=', True)]",
        check_company=True,
        help="Billed for activities that name no product. Nothing: the product of the "
        "settings.",
    )
    quantity_rule = fields.Selection(
        selection=[
            ("quantity", "The quantity entered"),
            ("duration", "The duration in hours"),
        ],
        default="quantity",
        required=True,
    )
    price_rule = fields.Selection(
        selection=[
            ("list_price", "List price of the customer"),
            ("fixed", "A fixed price"),
        ],
        default="list_price",
        required=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    price_unit = fields.Monetary(string="Fixed Price")

    _billed_or_covered = models.Constraint(
        "CHECK (to_bill IS NOT TRUE OR coverage IS NULL)",
        "A condition that is billed has no reason for not being billed.",
    )
    _price_positive = models.Constraint(
        "CHECK (price_unit >= 0)", "The fixed price cannot be negative."
    )

    @api.onchange("to_bill")
    def _onchange_to_bill(self):
        if self.to_bill:
            self.coverage = False

from odoo import fields, models


class SaleOrderTemplate(models.Model):
    _inherit = "sale.order.template"

    billed_periodically = fields.Boolean(
        string="All Lines Are Billed Periodically",
        help="Every line of quotations made from this template is invoiced again in "
        "each period. Or mark single lines.",
    )
    billing_cycle = fields.Selection(
        selection=lambda self: self.env["sale.order"]._get_billing_cycles(),
        help="How often the lines marked “Billed Periodically” are invoiced. "
        "Empty: monthly.",
    )
    instalment_count = fields.Integer(
        string="Instalments",
        help="The total is paid in so many monthly instalments. 0 or 1: at once.",
    )

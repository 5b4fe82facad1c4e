from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recurring_stock_missing = fields.Selection(
        selection=[
            ("wait", "The transfer waits"),
            ("negative", "The goods leave, stock goes below zero"),
        ],
        string="When Stock Is Missing",
        help="For delivery notes of recurring tasks that validate their transfers.",
    )

    def _lets_stock_go_negative(self):
        return self.recurring_stock_missing == "negative"

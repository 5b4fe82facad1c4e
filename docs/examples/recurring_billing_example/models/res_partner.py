from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_reference_required = fields.Boolean(
        string="Wants His Reference on Invoices",
        help="No invoice is issued by a recurring task while the reference is missing.",
    )

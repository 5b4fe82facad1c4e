from odoo import fields, models


class PostsaleErpChannel(models.Model):
    _inherit = "postsale.erp.channel"

    body_format = fields.Selection(
        selection=[("ubl", "UBL 2.1"), ("json", "JSON")],
        string="Format",
        default="ubl",
        required=True,
    )

from odoo import models


class AccountMove(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "account.move"
    _inherit = ["account.move.asset.mixin", "account.move"]

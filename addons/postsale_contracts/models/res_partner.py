from odoo import models


class ResPartner(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "res.partner"
    _inherit = [
        "restricted.copy.mixin",
        "res.partner.asset.mixin",
        "res.partner.sla.mixin",
        "res.partner.visit.mixin",
        "res.partner",
    ]

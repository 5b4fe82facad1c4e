from odoo import fields, models


class CrmSlaPolicy(models.Model):
    """A criterion of its own: the country of the customer."""

    _inherit = "crm.sla.policy"

    country_ids = fields.Many2many(
        "res.country", string="Countries", ondelete="restrict"
    )

    def _get_sla_criteria(self):
        return {**super()._get_sla_criteria(), "country_ids": self.country_ids.ids}

from odoo import fields, models


class ResCompany(models.Model):
    """A document waits for a person when the reference changed, if a company likes."""

    _inherit = "res.company"

    recurring_change_reference = fields.Boolean(string="Reference Changed")

    def _get_held_changes(self):
        kinds = super()._get_held_changes()
        return kinds | {"reference"} if self.recurring_change_reference else kinds

from odoo import models


class ProjectTask(models.Model):
    """What a task has for the criterion of the same name."""

    _inherit = "project.task"

    def _get_sla_criteria(self):
        country = self.partner_id.country_id
        return {**super()._get_sla_criteria(), "country_ids": country.ids}

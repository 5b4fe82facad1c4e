from odoo import api, models
from odoo.fields import Domain


class RecurringDashboard(models.AbstractModel):
    """A group of its own; the figure counts what stands behind its link."""

    _inherit = "recurring.dashboard"

    @api.model
    def _get_figure_groups(self):
        groups = super()._get_figure_groups()
        if self.env["example.letter"].has_access("read"):
            groups.append(self._get_letter_group())
        return groups

    @api.model
    def _get_letter_group(self):
        return {
            "key": "letters",
            "label": self.env._("Letters"),
            "figures": [
                self._prepare_figure(
                    "letters_month",
                    self.env._("Letters This Month"),
                    "recurring_billing_example.example_letter_action",
                    self._since("date", "month") & Domain("state", "!=", "cancel"),
                )
            ],
        }

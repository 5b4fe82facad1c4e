from datetime import timedelta

from odoo import api, fields, models

#: Days after which nobody will finish a letter any more.
OLD_DAYS = 7


class RecurringWatchdog(models.AbstractModel):
    """Looks for letters that somebody began and forgot."""

    _inherit = "recurring.watchdog"

    @api.model
    def _get_checks(self):
        return [*super()._get_checks(), "_find_forgotten_letters"]

    @api.model
    def _find_forgotten_letters(self, companies):
        groups = self.env["example.letter"]._read_group(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "draft"),
                ("date", "<", fields.Date.today() - timedelta(days=OLD_DAYS)),
            ],
            ["company_id"],
            ["__count"],
        )
        return [
            self._prepare_finding(
                "forgotten_letters",
                "warning",
                self.env._("Letters that nobody has finished: %s.", count),
                "recurring_billing_example.example_letter_action",
                company,
            )
            for company, count in groups
        ]

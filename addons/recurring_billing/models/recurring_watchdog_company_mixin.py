from odoo import fields, models


class RecurringWatchdogCompanyMixin(models.AbstractModel):
    """Whether and when managers were told what is wrong."""

    _name = "recurring.watchdog.company.mixin"
    _description = "Company that the watchdog looks at"

    recurring_watchdog_silent = fields.Boolean(
        string="No Daily Warning",
        help="Managers get an e-mail once a day while something is wrong. Tick this to "
        "see it on the list of recurring tasks only.",
    )
    recurring_watchdog_date = fields.Date(
        string="Last Daily Warning", readonly=True, copy=False
    )

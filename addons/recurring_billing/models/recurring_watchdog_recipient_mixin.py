from odoo import fields, models
from odoo.fields import Domain


class RecurringWatchdogRecipientMixin(models.AbstractModel):
    _name = "recurring.watchdog.recipient.mixin"
    _description = "Customer whose dates the watchdog looks at"

    has_missed_date = fields.Boolean(
        string="Date Missed",
        compute="_compute_has_missed_date",
        search="_search_has_missed_date",
        help="Its day has passed, nothing was issued and nothing explains it.",
    )

    def _compute_has_missed_date(self):
        domain = self.env["recurring.watchdog"]._get_missed_domain(self.company_id)
        missed = self.filtered_domain(domain)
        missed.has_missed_date = True
        (self - missed).has_missed_date = False

    def _search_has_missed_date(self, operator, value):
        if operator != "in":
            return NotImplemented
        if set(value) == {True, False}:
            return Domain.TRUE
        companies = self.env.companies
        domain = self.env["recurring.watchdog"]._get_missed_domain(companies)
        return domain if True in value else ~domain

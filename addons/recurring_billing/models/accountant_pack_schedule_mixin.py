import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..pack_period import get_next_day, get_period

_logger = logging.getLogger(__name__)


class AccountantPackScheduleMixin(models.AbstractModel):
    """The pack of the month before, made and mailed by itself on a day of the month."""

    _name = "accountant.pack.schedule.mixin"
    _description = "Schedule of the accountant's pack"

    @api.model
    def _plan_automatic(self):
        """Packs of the companies whose day has come; missed months are caught up."""
        tomorrow = fields.Date.today() + timedelta(days=1)  # somewhere it is that day
        companies = (
            self.env["res.company"]
            .sudo()
            .search(
                Domain("accountant_pack_day", ">", 0)
                & Domain("accountant_pack_next_date", "<=", tomorrow)
            )
        )
        for company in companies:
            try:
                with self.env.cr.savepoint():
                    self._plan_company(company)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()  # somebody changes the settings: next time
                return
            except Exception:
                self.env.invalidate_all(flush=False)
                _logger.exception("No accountant's pack for %s", company)

    @api.model
    def _plan_company(self, company):
        today = company._get_accountant_pack_today()
        while company.accountant_pack_next_date <= today:
            due = company.accountant_pack_next_date
            self.sudo()._create_automatic(company, due)
            company.accountant_pack_next_date = get_next_day(
                company.accountant_pack_day, due
            )

    @api.model
    def _create_automatic(self, company, day):
        """The pack that is due on a day, unless it was made already."""
        first, last = get_period("last_month", day)
        values = {
            "company_id": company.id,
            "period": "custom",
            "date_from": first,
            "date_to": last,
        }
        made = [(name, "=", values[name]) for name in values if name != "period"]
        if self.search_count([*made, ("automatic", "=", True)], limit=1):
            return
        self.create(
            {
                **values,
                "with_bills": company.accountant_pack_bills,
                "partner_id": company.accountant_pack_partner_id.id,
                "send_when_ready": True,
                "automatic": True,
                "state": "waiting",
                "user_id": company.accountant_pack_user_id.id,
            }
        )

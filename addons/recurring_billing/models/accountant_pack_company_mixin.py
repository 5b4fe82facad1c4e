from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.mail import email_normalize_all

from ..pack_period import get_next_day


class AccountantPackCompanyMixin(models.AbstractModel):
    """When a company's pack is made by itself. Off until a day is set."""

    _name = "accountant.pack.company.mixin"
    _description = "Company that hands over to an accountant"

    accountant_pack_day = fields.Integer(
        string="Day of the Accountant's Pack",
        help="On this day of each month the pack of the month before is e-mailed to "
        "the accountant; 31: on the last day. 0: never by itself.",
    )
    accountant_pack_partner_id = fields.Many2one(
        comodel_name="res.partner", string="Accountant"
    )
    accountant_pack_bills = fields.Boolean(string="Accountant Gets Vendor Bills Too")
    accountant_pack_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Told About the Accountant's Pack",
        help="Whoever set the day: is told when the pack could not be made.",
    )
    accountant_pack_next_date = fields.Date(
        string="Next Accountant's Pack", readonly=True
    )

    @api.constrains("accountant_pack_day", "accountant_pack_partner_id")
    def _check_accountant_pack(self):
        for company in self.filtered("accountant_pack_day"):
            if not 0 <= company.accountant_pack_day <= 31:
                raise ValidationError(
                    self.env._("The day of the accountant's pack is 1 to 31, or 0.")
                )
            if not email_normalize_all(company.accountant_pack_partner_id.email or ""):
                raise ValidationError(
                    self.env._(
                        "Choose an accountant with an e-mail address, or set the day "
                        "of the accountant's pack to 0."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("accountant_pack_day")._plan_accountant_pack()
        return companies

    def write(self, vals):
        day = vals.get("accountant_pack_day")
        changed = self.filtered(
            lambda c: day is not None and c.accountant_pack_day != (day or 0)
        )
        result = super().write(vals)
        changed._plan_accountant_pack()
        return result

    def _plan_accountant_pack(self):
        """The next day is after today: switching it on mails nothing at once."""
        for company in self:
            values = {"accountant_pack_next_date": False}
            if day := company.accountant_pack_day:
                today = company._get_accountant_pack_today()
                values["accountant_pack_next_date"] = get_next_day(day, today)
                values["accountant_pack_user_id"] = self.env.uid
            company.write(values)

    def _get_accountant_pack_today(self):
        """Today's date where the company is."""
        zone = pytz.timezone(self.partner_id.tz or self.env.context.get("tz") or "UTC")
        return datetime.now(zone).date()

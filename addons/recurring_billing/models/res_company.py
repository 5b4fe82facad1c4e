from odoo import fields, models

#: Documents that are caught up at once unless the company says otherwise.
DEFAULT_CATCH_UP_CAP = 12


class ResCompany(models.Model):
    _inherit = "res.company"

    recurring_catch_up_cap = fields.Integer(
        string="Missed Dates at Once",
        help="A customer with more missed dates than this waits for somebody's "
        "release. 0: 12 dates.",
    )
    recurring_hold_without_address = fields.Boolean(
        string="Issue Nothing Without an Address",
        help="A document that shall be mailed is not issued to a customer without an "
        "e-mail address. Otherwise it is issued and listed as not sent.",
    )
    recurring_report_always = fields.Boolean(
        string="Report Also When Nothing Was Due",
        help="Once a day, so that silence means that something is wrong.",
    )
    recurring_completion = fields.Selection(
        selection=[
            ("draft", "Create a draft"),
            ("confirm", "Create and confirm"),
            ("send", "Create, confirm and send by e-mail"),
        ],
        string="New Tasks",
    )
    recurring_price_mode = fields.Selection(
        selection=[
            ("keep", "Keep the prices of the lines"),
            ("pricelist", "By catalogue, pricelist and customer"),
        ],
        string="Prices of New Tasks",
    )
    recurring_send_hour = fields.Float(
        string="Usual Sending Hour",
        help="Proposed to new tasks that send at an hour of the day. 0: at 8:00.",
    )

    def _get_catch_up_cap(self):
        self.ensure_one()
        return self.recurring_catch_up_cap or DEFAULT_CATCH_UP_CAP

    def _get_recurring_defaults(self):
        """Values of new recurring tasks; what is not set is left to the task."""
        self.ensure_one()
        values = {
            "completion": self.recurring_completion,
            "price_mode": self.recurring_price_mode,
            "send_hour": self.recurring_send_hour,
            "currency_id": self.currency_id.id,
            "tz": self.partner_id.tz,
        }
        return {name: value for name, value in values.items() if value}

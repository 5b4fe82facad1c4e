from dataclasses import dataclass

from odoo import api, fields, models


@dataclass(frozen=True, slots=True)
class RenewalSettings:
    """How a company renews; the defaults are those of a company without settings."""

    price: str = "last_cost"
    lead_days: int = 30
    makes_order: bool = False
    needs_notice: bool = False


class PostsaleConfigRenewalMixin(models.AbstractModel):
    """What a company wants to happen by itself when terms come to their end."""

    _name = "postsale.config.renewal.mixin"
    _description = "Settings of Renewals"

    renewal_lead_days = fields.Integer(
        string="Shown to Decide (Days Before)",
        default=RenewalSettings().lead_days,
        required=True,
        help="A contract is “To Renew” as many days before notice is due.",
    )
    renewal_order_automatic = fields.Boolean(
        string="Automatic Renewals Make Their Order",
        help="Otherwise the responsible gets an activity to make it.",
    )
    renewal_customer_notice_days = fields.Integer(
        string="Tell Customers (Days Before)",
        help="For new contracts that renew automatically: the customer is told as many "
        "days before his notice is due. 0: he is not told.",
    )
    renewal_needs_notice = fields.Boolean(
        string="No Automatic Renewal Without a Delivered Notice",
        help="A contract is renewed automatically only when the mail server had taken "
        "the notice to the customer before his own notice was due.",
    )

    _renewal_days_sensible = models.Constraint(
        "CHECK (renewal_lead_days BETWEEN 0 AND 3650"
        " AND renewal_customer_notice_days BETWEEN 0 AND 3650)",
        "Enter between 0 and 3650 days.",
    )

    @api.model
    def _get_renewal_settings(self, company):
        """:rtype: RenewalSettings"""
        config = self.env["postsale.config"]._get_for_company(company)
        if not config:
            return RenewalSettings()
        return RenewalSettings(
            price=config.renewal_price,
            lead_days=config.renewal_lead_days,
            makes_order=config.renewal_order_automatic,
            needs_notice=config.renewal_needs_notice,
        )

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Years after the issue of an invoice during which it may be corrected, unless the
#: company says otherwise: Spain, art. 15 (3) of RD 1619/2012.
DEFAULT_CORRECTIVE_YEARS = 4
#: Largest total of a simplified invoice in EUR, taxes included, unless the company says
#: otherwise: Spain's upper limit, for retail and the other trades of art. 4 (2) of
#: RD 1619/2012 (400 EUR for everybody else, 4 (1)). Directive 2006/112/EC asks the
#: states to allow 100 EUR (art. 220a) and lets them allow up to 400 EUR, or more where
#: the practice of a trade asks for it (art. 238).
DEFAULT_SIMPLIFIED_LIMIT = 3000.0


class InvoiceKindCompanyMixin(models.AbstractModel):
    """What a company asks of its kinds of invoice; all off while it is empty."""

    _name = "invoice.kind.company.mixin"
    _description = "Settings for kinds of invoice"

    check_invoice_kinds = fields.Boolean(
        string="Check Invoices by Their Kind",
        help="An invoice is confirmed only with everything its kind must hold; what is "
        "missing is told for all documents at once.",
    )
    corrective_years = fields.Integer(
        string="Years for Corrections",
        help="An invoice is corrected at most so many years after its issue. 0: 4 "
        "years.",
    )
    simplified_invoice_limit = fields.Float(
        string="Limit of Simplified Invoices",
        digits=(16, 2),
        help="Largest total with taxes, in the company's currency. 0: 3,000 EUR at the "
        "rate of the day.",
    )
    recapitulative_completion = fields.Selection(
        selection=[
            ("draft", "Create a draft"),
            ("confirm", "Create and confirm"),
            ("send", "Create, confirm and send by e-mail"),
        ],
        string="Monthly Recapitulative Invoices",
        help="For customers who are marked for it. Empty: drafts.",
    )

    @api.constrains("corrective_years", "simplified_invoice_limit")
    def _check_kind_limits(self):
        for company in self:
            if min(company.corrective_years, company.simplified_invoice_limit) < 0:
                raise ValidationError(
                    self.env._("Limits for kinds of invoice are not below 0.")
                )

    def _get_corrective_years(self):
        self.ensure_one()
        return self.corrective_years or DEFAULT_CORRECTIVE_YEARS

    def _get_simplified_limit(self, day):
        """Largest total of a simplified invoice issued on ``day``, company currency.

        :return: None when the limit is in EUR and no rate of it is known
        """
        self.ensure_one()
        if self.simplified_invoice_limit:
            return self.simplified_invoice_limit
        euro = self.env.ref("base.EUR")
        if self.currency_id != euro and not self._has_rates(self.currency_id | euro):
            return None
        return euro._convert(DEFAULT_SIMPLIFIED_LIMIT, self.currency_id, self, day)

    def _has_rates(self, currencies):
        """Core takes 1 for a currency without rates: 3,000 of anything."""
        return bool(
            self.env["res.currency.rate"]
            .sudo()
            .search_count(
                [
                    ("currency_id", "in", currencies.ids),
                    ("company_id", "in", (False, self.root_id.id)),
                ],
                limit=1,
            )
        )

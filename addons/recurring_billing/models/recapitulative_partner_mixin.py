from odoo import fields, models


class RecapitulativePartnerMixin(models.AbstractModel):
    """Customers who get one invoice a month for all their orders."""

    _name = "recapitulative.partner.mixin"
    _description = "Customer with recapitulative invoices"

    recapitulative = fields.Boolean(
        string="One Invoice a Month",
        company_dependent=True,
        help="At the beginning of each month, what was ordered or delivered in the "
        "month before and is not invoiced yet comes on one recapitulative invoice.",
    )

    def action_recapitulative_invoice(self):
        """Open the dialogue for one invoice over a customer's month."""
        Wizard = self.env["recapitulative.invoice.wizard"]
        Wizard.check_access("create")
        self.check_access("read")  # company walls
        self.ensure_one()
        return Wizard._open({"default_partner_id": self.commercial_partner_id.id})

from odoo import api, models


class RecurringReadyCheck(models.AbstractModel):
    """Says beforehand what would be wrong; the engine leaves the customer out."""

    _inherit = "recurring.ready.check"

    @api.model
    def _get_recipient_problems(self, recipient):
        texts = super()._get_recipient_problems(recipient)
        partner = recipient.partner_id
        if partner.is_reference_required and not partner.ref:
            texts.append(
                self.env._(
                    "%s wants a reference on the invoices, and has none.",
                    partner.display_name,
                )
            )
        return texts

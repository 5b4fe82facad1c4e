from odoo import models


class PaymentToken(models.Model):
    _inherit = "payment.token"

    def _handle_archiving(self):
        """A card that is deleted takes the consent to charge it along."""
        consents = self.env["payment.charge.consent"].sudo()
        consents.search(
            [("token_id", "in", self.ids), ("date_revoked", "=", False)]
        )._revoke()
        return super()._handle_archiving()

from odoo import models

from odoo.addons.recurring_billing import api_input
from odoo.addons.recurring_billing.models.recurring_api_mixin import answers_once


class RecurringApi(models.AbstractModel):
    """``POST /json/2/recurring.api/create_letter``"""

    _inherit = "recurring.api"

    @answers_once
    def create_letter(self, customer_id, text, idempotency_key=None):
        """Write a letter to a customer.

        :return: its id
        """
        partner = self._find("res.partner", "customer_id", customer_id)
        letter = self.env["example.letter"].create(
            {
                "name": self.env._("Letter to %s", partner.display_name),
                "partner_id": partner.id,
                "text": api_input.get_text("text", text, required=True),
            }
        )
        return {"id": letter.id}

from odoo import api, models


class AccountMoveSendWizard(models.TransientModel):
    """Sends one invoice: the customer's contacts are listed for choice."""

    _name = "account.move.send.wizard"
    _inherit = ["account.move.send.wizard", "document.contact.recipient.mixin"]

    _recipients_field = "mail_partner_ids"

    def _get_choice_documents(self):
        return self.move_id._origin

    @api.model
    def _get_choice_dependencies(self):
        return ["move_id"]

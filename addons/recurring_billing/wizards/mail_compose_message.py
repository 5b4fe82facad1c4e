from odoo import api, models


class MailComposeMessage(models.TransientModel):
    """Sends one quotation or order: the customer's contacts are listed for choice.

    Everything else that people compose stays as it is.
    """

    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "document.contact.recipient.mixin"]

    _recipients_field = "partner_ids"

    def _get_choice_documents(self):
        mixin = self.pool["document.delivery.mixin"]
        model = self.pool.get(self.model or "")
        if (
            not model
            or not issubclass(model, mixin)
            or self.composition_mode != "comment"
            or self.composition_batch
            or self.subtype_is_log
        ):
            return None
        return self.env[self.model].browse(self._evaluate_res_ids())

    @api.model
    def _get_choice_dependencies(self):
        return ["model", "res_ids", "res_domain", "composition_mode", "subtype_id"]

from odoo import api, models

from ..models.account_move_send import CONTACTS


class AccountMoveSendBatchWizard(models.TransientModel):
    """Sends many invoices: contacts of all their customers are listed for choice.

    A ticked contact gets the invoices of his own customer, no others.
    """

    _name = "account.move.send.batch.wizard"
    _inherit = ["account.move.send.batch.wizard", "document.contact.choice.mixin"]

    def _get_choice_documents(self):
        """Invoices that go by e-mail; the post knows no copies."""
        return self.move_ids._origin.filtered(
            lambda move: "email" in self._get_default_sending_methods(move)
        )

    @api.model
    def _get_choice_dependencies(self):
        return ["move_ids"]

    def action_send_and_print(self, force_synchronous=False, allow_fallback_pdf=False):
        """Note the ticked contacts where Odoo notes who sends: on each invoice."""
        self.ensure_one()
        ticked = {
            move.id: contacts.ids
            for move, contacts in self._get_ticked_by_document().items()
            if contacts
        }
        wizard = self.with_context(**{CONTACTS: ticked})
        result = super(AccountMoveSendBatchWizard, wizard).action_send_and_print(
            force_synchronous=force_synchronous, allow_fallback_pdf=allow_fallback_pdf
        )
        for move in self.move_ids:
            if move.sending_data and move.id in ticked:
                move.sending_data = {**move.sending_data, CONTACTS: ticked[move.id]}
        return result

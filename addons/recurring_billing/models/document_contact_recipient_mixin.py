from odoo import api, fields, models


class DocumentContactRecipientMixin(models.AbstractModel):
    """A dialogue of Odoo's with a list of recipients: the ticks and the list are one.

    Ticking somebody adds him to the list, taking the tick away removes him; adding an
    offered contact to the list by hand ticks him.
    """

    _name = "document.contact.recipient.mixin"
    _inherit = "document.contact.choice.mixin"
    _description = "Choice of contacts in a dialogue with recipients"

    #: Field of the dialogue that holds its recipients.
    _recipients_field = ""

    contact_ids = fields.Many2many(
        compute="_compute_contact_ids",
        inverse="_inverse_contact_ids",
        readonly=False,
    )

    @api.depends(lambda self: [self._recipients_field, "offered_contact_ids"])
    def _compute_contact_ids(self):
        for dialogue in self:
            offered = dialogue.offered_contact_ids._origin
            # nobody is offered: the recipients need not be read
            dialogue.contact_ids = offered and (
                dialogue[self._recipients_field]._origin & offered
            )

    def _inverse_contact_ids(self):
        for dialogue in self:
            dialogue._apply_ticks()

    @api.onchange("contact_ids")
    def _onchange_contact_ids(self):
        self._apply_ticks()

    def _apply_ticks(self):
        """Bring the recipients in step with the ticks; only offered contacts count."""
        self.ensure_one()
        offered = self.offered_contact_ids._origin
        ticked = self.contact_ids._origin & offered
        recipients = self[self._recipients_field]._origin
        wanted = (recipients - offered) | ticked
        if wanted != recipients:
            self[self._recipients_field] = wanted

from odoo import api, fields, models


class DocumentContactChoiceMixin(models.AbstractModel):
    """A dialogue that sends documents lists the customer's contacts for choice.

    Listed are those who are offered for this kind of document, nobody ticked. Whoever
    gets the document anyway stays where the dialogue shows him, and is not listed.
    """

    _name = "document.contact.choice.mixin"
    _description = "Choice of contacts in a sending dialogue"

    offered_contact_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Offered Contacts",
        compute="_compute_offered_contact_ids",
    )
    contact_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Also To",
        help="Contacts of the customer who are offered for this kind of document. "
        "Tick those who shall get it this time, too.",
    )

    @api.depends(lambda self: self._get_choice_dependencies())
    def _compute_offered_contact_ids(self):
        for dialogue in self:
            offered = dialogue._get_offered_by_document().values()
            dialogue.offered_contact_ids = self.env["res.partner"].union(*offered)

    def _get_offered_by_document(self):
        """Contacts to choose from, for each document that the dialogue sends.

        :rtype: dict[models.Model, res.partner]
        """
        self.ensure_one()
        documents = self._get_choice_documents()
        if not documents:
            return {}
        addressees = self._get_addressees(documents)
        return {
            document: people - addressees[document]
            for document, people in documents._get_offered_contacts().items()
        }

    def _get_addressees(self, documents):
        """Who gets each document without a tick.

        :rtype: dict[models.Model, res.partner]
        """
        return {document: document._get_default_addressees() for document in documents}

    def _get_ticked_by_document(self):
        """Ticked contacts of each document: never those of another customer."""
        self.ensure_one()
        ticked = self.contact_ids._origin
        if not ticked:
            return {}
        return {
            document: offered & ticked
            for document, offered in self._get_offered_by_document().items()
        }

    def _get_choice_documents(self):
        """Documents that this dialogue sends; empty when it sends none of ours."""
        raise NotImplementedError

    @api.model
    def _get_choice_dependencies(self):
        """Fields of the dialogue that say which documents it sends."""
        return []

from odoo import api, fields, models
from odoo.exceptions import UserError


class DocumentDeliveryMixin(models.AbstractModel):
    """Shows on a document what became of its mails, and lets it be sent again."""

    _name = "document.delivery.mixin"
    _description = "Document that is delivered by e-mail"

    mail_delivery_state = fields.Selection(
        selection=lambda self: (
            self.env["document.delivery"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        compute="_compute_mail_delivery_state",
        search="_search_mail_delivery_state",
        string="E-mail",
    )
    # Not "delivery_count": sale_stock counts parcels by that name.
    mail_delivery_count = fields.Integer(
        string="E-mails", compute="_compute_mail_delivery_state"
    )
    mail_acknowledged_by = fields.Char(
        string="Receipt Confirmed By", compute="_compute_mail_delivery_state"
    )

    def _compute_mail_delivery_state(self):
        """State of the last mail to the customer; read only for whom may see it."""
        rows = self._get_deliveries()
        by_document = rows.grouped(lambda row: (row.res_model, row.res_id))
        for document in self:
            mailed = document._get_mailed_document()
            own = by_document.get((mailed._name, mailed._origin.id), rows.browse())
            main = own.filtered(lambda row: row.purpose == "document")
            document.mail_delivery_state = main[:1].state
            document.mail_delivery_count = len(own)
            names = filter(None, own.mapped("acknowledged_by"))
            document.mail_acknowledged_by = ", ".join(names)

    def _search_mail_delivery_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [state for state in value if state]
        Delivery = self.env["document.delivery"]
        ids = Delivery._search_documents(self._name, states) if states else []
        domain = fields.Domain("id", "in", ids)
        if False in value:
            domain |= fields.Domain(
                "id", "not in", Delivery._search_documents(self._name)
            )
        return domain

    @api.model
    def _can_see_deliveries(self):
        return self.env["document.delivery"].has_access("read")

    def _get_deliveries(self):
        """Deliveries of these documents that the user may see, newest first."""
        Delivery = self.env["document.delivery"]
        if not self._can_see_deliveries():
            return Delivery
        return Delivery.search(self._get_delivery_domain())

    def _get_mailed_document(self):
        """The document that is mailed where this one is meant: itself."""
        self.ensure_one()
        return self

    def _get_mailed_ids(self):
        """Ids of the documents that are mailed, by model."""
        result = {self._name: []}
        for document in self:
            mailed = document._get_mailed_document()
            result.setdefault(mailed._name, []).extend(mailed._origin.ids)
        return result

    def _get_delivery_domain(self):
        return fields.Domain.OR(
            fields.Domain("res_model", "=", name) & fields.Domain("res_id", "in", ids)
            for name, ids in self._get_mailed_ids().items()
        )

    # === CONTACTS === #

    def _get_document_kind(self):
        """Kind of this document, as contacts are offered for it; may be empty."""
        self.ensure_one()
        return self.env["recurring.document.kind"]

    def _get_default_addressees(self):
        """Who gets this document by Odoo's own rule."""
        self.ensure_one()
        return self.partner_id

    def _get_offered_contacts(self):
        """People of the customer who may be chosen as recipients of each document.

        :rtype: dict[models.Model, res.partner]
        """
        Partner = self.env["res.partner"]
        offered = dict.fromkeys(self, Partner)
        groups = self.grouped(lambda d: (d._get_document_kind(), d.company_id))
        for (kind, company), documents in groups.items():
            contacts = documents.partner_id._get_offered_contacts(kind, company)
            by_customer = contacts.grouped("commercial_partner_id")
            for document in documents:
                customer = document.partner_id.commercial_partner_id
                offered[document] = by_customer.get(customer, Partner)
        return offered

    # === SENDING AGAIN === #

    def action_send_again(self):
        """Open the dialogue for sending these documents again."""
        mailed = {name: ids for name, ids in self._get_mailed_ids().items() if ids}
        if len(mailed) > 1:
            raise UserError(
                self.env._("Choose documents of one kind, e.g. only invoices.")
            )
        name, ids = next(iter(mailed.items()), (self._name, []))
        return self.env["document.send.again"]._open(name, ids)

    def action_view_deliveries(self):
        self.env["document.delivery"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recurring_billing.document_delivery_action"
        )
        action["domain"] = list(self._get_delivery_domain())
        action["context"] = {}
        return action

from odoo import api, fields, models


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
        by_document = rows.grouped("res_id")
        for document in self:
            own = by_document.get(document._origin.id, rows.browse())
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
        return Delivery.search(
            [("res_model", "=", self._name), ("res_id", "in", self._origin.ids)]
        )

    def action_send_again(self):
        """Open the dialogue for sending these documents again."""
        return self.env["document.send.again"]._open(self._name, self.ids)

    def action_view_deliveries(self):
        self.env["document.delivery"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recurring_billing.document_delivery_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        action["context"] = {}
        return action

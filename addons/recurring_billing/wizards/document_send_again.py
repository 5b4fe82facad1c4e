from odoo import Command, api, fields, models
from odoo.exceptions import UserError

#: Addresses of so many documents are shown; more would hide the buttons.
MAX_SHOWN = 5


class DocumentSendAgain(models.TransientModel):
    """Dialogue: send documents once more, to the same or to other addresses."""

    _name = "document.send.again"
    _inherit = "document.contact.choice.mixin"
    _description = "Send Documents Again"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    document_count = fields.Integer(compute="_compute_documents")
    document_names = fields.Text(string="Documents", compute="_compute_documents")
    company_id = fields.Many2one("res.company", compute="_compute_documents")
    missing = fields.Text(compute="_compute_missing")
    address_mode = fields.Selection(
        selection=[
            ("same", "To the usual addresses"),
            ("other", "To other addresses"),
        ],
        string="Send",
        default="same",
        required=True,
    )
    same_addresses = fields.Text(string="These Are", compute="_compute_missing")
    partner_to_ids = fields.Many2many(
        "res.partner", relation="document_send_again_to_rel", string="To"
    )
    partner_cc_ids = fields.Many2many(
        "res.partner", relation="document_send_again_cc_rel", string="Cc"
    )
    extra_to = fields.Char(
        string="Other E-Mail Addresses",
        help="Addresses of nobody you know, separated by commas.",
    )
    extra_cc = fields.Char(string="Other E-Mail Addresses in Copy")
    mail_text = fields.Text(
        string="Personal Text", help="Stands in the e-mail after the addressee's name."
    )
    ask_acknowledgement = fields.Boolean(string="Ask to Confirm Receipt")
    last_delivery_ids = fields.Many2many("document.delivery", readonly=True)
    contact_ids = fields.Many2many(
        relation="document_send_again_contact_rel", string="Also in Copy"
    )

    # === OPENING === #

    @api.model
    def _open(self, res_model, res_ids):
        """Action that opens the dialogue for some documents."""
        self._check_group()
        self._check_kind(res_model)
        documents = self.env[res_model].browse(sorted(set(res_ids))).exists()
        documents.check_access("read")
        if not documents:
            raise UserError(self.env._("Choose at least one document."))
        last = self._get_last_deliveries(documents)
        wizard = self.create(
            {
                "res_model": res_model,
                "res_ids": documents.ids,
                "last_delivery_ids": [fields.Command.set(last.ids)],
                "partner_to_ids": [
                    fields.Command.set(self._get_partners(documents).ids)
                ],
                "mail_text": last.mail_text if len(last) == 1 else False,
                "ask_acknowledgement": any(last.mapped("ask_acknowledgement")),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Again"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _check_group(self):
        self.env["document.delivery"]._as_engine()

    @api.model
    def _check_kind(self, res_model):
        """Only documents, whatever another program puts into the field."""
        mixin = self.pool["document.delivery.mixin"]
        if res_model not in self.env or not issubclass(self.pool[res_model], mixin):
            raise UserError(self.env._("Records of this kind cannot be sent again."))

    @api.model
    def _get_last_deliveries(self, documents):
        """The last mail to the customer about each document, if any."""
        rows = self.env["document.delivery"].search(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("purpose", "=", "document"),
            ]
        )
        return rows.browse().union(
            *(own[:1] for own in rows.grouped("res_id").values())
        )

    @api.model
    def _get_partners(self, documents):
        """Address proposed for one document; for several, each has its own."""
        if len(documents) > 1:
            return self.env["res.partner"]
        return self._get_customer(documents)

    @api.model
    def _get_customer(self, document):
        if "partner_invoice_id" in document._fields:
            return document.partner_invoice_id
        return document.partner_id

    # === COMPUTE METHODS === #

    def _get_documents(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_ids).exists()

    @api.depends("res_ids", "last_delivery_ids")
    def _compute_documents(self):
        for wizard in self:
            documents = wizard._get_documents()
            wizard.document_count = len(documents)
            wizard.document_names = ", ".join(documents.mapped("display_name"))
            wizard.company_id = documents.company_id[:1]

    @api.depends(
        "address_mode",
        "partner_to_ids.email",
        "extra_to",
        "last_delivery_ids",
        "contact_ids",
    )
    def _compute_missing(self):
        """Who would get nothing, while it can still be put right."""
        for wizard in self:
            rows = wizard._prepare_rows(wizard._get_documents())
            names = [row["document_name"] for row in rows if not row["email_to"]]
            wizard.missing = ", ".join(names)
            wizard.same_addresses = "\n".join(
                ", ".join(filter(None, (row["email_to"], row["email_cc"])))
                for row in rows[:MAX_SHOWN]
            )

    # === SENDING === #

    def action_send(self):
        """Queue a new mail for each document; the documents stay as they are."""
        self.ensure_one()
        self._check_group()
        self._check_kind(self.res_model)
        documents = self._get_documents()
        documents.check_access("read")
        self._check_documents(documents)
        self._check_addresses()
        rows = self._prepare_rows(documents)
        missing = [row["document_name"] for row in rows if not row["email_to"]]
        if missing:
            raise UserError(
                self.env._(
                    "No valid e-mail address for %s. Choose other addresses, or add "
                    "one to the customer.",
                    ", ".join(missing),
                )
            )
        deliveries = self.env["document.delivery"].sudo().create(rows)
        deliveries._wake_sender()
        return self._notify(len(deliveries))

    def _notify(self, count):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s e-mails will leave in a moment.", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_documents(self, documents):
        sender = self.env["document.sender"]._get_sender(self.res_model)
        for document in documents:
            if not sender._is_alive(document) or not sender._is_ready(document):
                raise UserError(
                    self.env._(
                        "%s is a draft or cancelled: there is nothing to send. "
                        "Confirm it first.",
                        document.display_name,
                    )
                )

    def _check_addresses(self):
        """Typed addresses must be addresses."""
        for text in (self.extra_to, self.extra_cc):
            if problem := self.env["res.partner"]._get_email_problem(text):
                raise UserError(problem)

    def _prepare_rows(self, documents):
        """Values of the new deliveries."""
        Delivery = self.env["document.delivery"]
        last = self._get_last_by_id()
        ticked = self._get_ticked_by_document()
        is_single = len(documents) == 1  # its text was shown and may be emptied
        rows = []
        for document in documents:
            before = last.get(document.id, Delivery)
            row = {
                "res_model": self.res_model,
                "res_id": document.id,
                "document_name": document.display_name,
                "company_id": (document.company_id or self.env.company).id,
                "task_id": before.task_id.id,
                "occurrence_id": before.occurrence_id.id,
                "author_id": self.env.uid,
                "attempt_of_id": before.id,
                "mail_template_id": before.mail_template_id.id,
                "attachment_ids": [Command.set(before.attachment_ids.ids)],
                "mail_text": self.mail_text or (not is_single and before.mail_text),
                "ask_acknowledgement": self.ask_acknowledgement,
            }
            to, cc, extra_to, extra_cc = self._get_addresses(document, before)
            cc |= ticked.get(document, cc.browse())
            row["partner_id"] = to[:1].id or self._get_customer(document).id
            Delivery._set_addresses(row, to, cc, extra_to, extra_cc)
            rows.append(row)
        return rows

    def _get_last_by_id(self):
        """Deliveries that are repeated, by id of the document."""
        return {row.res_id: row for row in self.last_delivery_ids._origin}

    def _get_addresses(self, document, before):
        if self.address_mode == "other" and (self.partner_to_ids or self.extra_to):
            extra_to = (self.extra_to or "").replace(";", ",")
            extra_cc = (self.extra_cc or "").replace(";", ",")
            return self.partner_to_ids, self.partner_cc_ids, extra_to, extra_cc
        if before.partner_ids or before.extra_to:
            to = before.partner_ids - before.partner_cc_ids
            return to, before.partner_cc_ids, before.extra_to, before.extra_cc
        return self._get_customer(document), self.partner_cc_ids, "", ""

    # === CONTACTS === #

    def _get_choice_documents(self):
        return self._get_documents() if self.res_model else None

    @api.model
    def _get_choice_dependencies(self):
        return [
            "res_ids",
            "last_delivery_ids",
            "address_mode",
            "partner_to_ids",
            "partner_cc_ids",
            "extra_to",
        ]

    def _get_addressees(self, documents):
        last = self._get_last_by_id()
        Delivery = self.env["document.delivery"]
        addressees = {}
        for document in documents:
            before = last.get(document.id, Delivery)
            to, cc, __, __ = self._get_addresses(document, before)
            addressees[document] = (to | cc)._origin
        return addressees

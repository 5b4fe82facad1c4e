from odoo import fields, models


class RecurringRecipientSendingMixin(models.AbstractModel):
    """The "How" for one customer alone: who is in copy, who confirms, which text."""

    _name = "recurring.recipient.sending.mixin"
    _description = "Sending options of one customer"

    contact_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="recurring_recipient_contact_rel",
        context={"active_test": False},
        string="Customer Contacts in Copy",
        # As in the sending dialogues, see res.partner._get_offered_contacts; people
        # who were chosen before stay.
        domain="[('commercial_partner_id', '=', commercial_partner_id),"
        " ('parent_id', '!=', False), ('is_company', '=', False),"
        " ('id', '!=', partner_invoice_id), '|', ('document_kind_ids', '=', False),"
        " ('document_kind_ids.code', '=', document_type)]",
    )
    mail_greeting = fields.Text(
        string="Personal Text",
        help="Stands after the addressee's name. Empty: the text of the task.",
    )
    copy_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="recurring_recipient_copy_user_rel",
        context={"active_test": False},
        string="Internal People in Copy",
        domain="[('share', '=', False)]",
        help="Empty: the people chosen on the task.",
    )
    copy_partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="recurring_recipient_copy_partner_rel",
        context={"active_test": False},
        string="Other People in Copy",
        help="Employees without login, the customer's accountant … Empty: the people "
        "chosen on the task.",
    )
    ack_partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="recurring_recipient_ack_partner_rel",
        context={"active_test": False},
        string="Asked to Confirm Receipt",
        help="Each gets a message of his own with a link to confirm that the "
        "document arrived. Whoever shall also have the normal copy stands in copy too.",
    )

    def _get_copy_partners(self):
        """Everybody in copy: the customer's contacts and our own people."""
        self.ensure_one()
        users = self._get_copy_users().filtered("active")
        partners = self.copy_partner_ids or self.task_id.copy_partner_ids
        return self.contact_ids | partners | users.partner_id

    def _get_copy_users(self):
        """Our own people in copy, archived ones included."""
        self.ensure_one()
        return self.copy_user_ids or self.task_id.copy_user_ids

    def _get_ack_partners(self):
        """People who get a message of their own that asks to confirm receipt."""
        self.ensure_one()
        return self.ack_partner_ids

    def _get_greeting(self):
        """Text after the addressee's name, plain."""
        self.ensure_one()
        return self.mail_greeting or self.task_id.mail_greeting or ""

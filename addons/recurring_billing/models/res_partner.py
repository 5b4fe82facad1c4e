from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "customer.rank.mixin",  # before core: it overrides core's method
        "res.partner",
        "contact.check.mixin",
        "payment.reminder.partner.mixin",
        "periodic.billing.mixin",
        "recapitulative.partner.mixin",
        "sale.balance.mixin",
        "sale.history.mixin",
    ]

    department = fields.Char()
    document_kind_ids = fields.Many2many(
        comodel_name="recurring.document.kind",
        relation="res_partner_document_kind_rel",
        context={"active_test": False},  # an archived kind still limits
        string="Offered for E-Mails of",
        help="The person is listed for choice when such a document is sent by e-mail. "
        "None ticked: for all kinds.",
    )
    recurring_recipient_ids = fields.One2many(
        comodel_name="recurring.task.recipient",
        inverse_name="partner_id",
        string="On Recurring Tasks",
        groups="recurring_billing.group_user",
    )
    recurring_task_count = fields.Integer(
        compute="_compute_recurring_task_count",
        groups="recurring_billing.group_user",
    )

    def _compute_recurring_task_count(self):
        rows = self.env["recurring.task.recipient"]._read_group(
            [("partner_id", "child_of", self.ids)],
            ["partner_id"],
            ["task_id:count_distinct"],
        )
        for partner in self:
            partner.recurring_task_count = sum(
                count
                for other, count in rows
                if partner in (other, other.parent_id, other.commercial_partner_id)
            )

    def action_view_recurring_tasks(self):
        self.ensure_one()
        recipients = self.env["recurring.task.recipient"].search(
            [("partner_id", "child_of", self.id)]
        )
        return recipients.task_id._get_records_action(
            name=self.env._("Recurring Tasks"),
            context={"default_recipient_ids": [(0, 0, {"partner_id": self.id})]},
        )

    # === CONTACTS === #

    @api.model
    def _get_contact_domain(self):
        """People at a customer who can be written to.

        Not the customer himself: he has no place in the tab of his own contacts, and
        most documents go to him anyway. An address is as good as a person: "Accounts
        Payable" reads mails, too.
        """
        return (
            Domain("parent_id", "!=", False)
            & Domain("is_company", "=", False)
            & (Domain("email_normalized", "!=", False))
        )

    def _get_offered_contacts(self, kind, company=None):
        """Contacts of these customers who are offered for a kind of document.

        One search for any number of customers, with the rights of the user.

        :param kind: ``recurring.document.kind``; nobody is offered for an empty one
        :param company: whose document it is: contacts of other companies are left out
        """
        if not self or not kind:
            return self.browse()
        domain = (
            self._get_contact_domain()
            & Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
            & (
                Domain("document_kind_ids", "=", False)
                | Domain("document_kind_ids", "in", kind.ids)
            )
        )
        if company:
            domain &= Domain(self._check_company_domain(company))
        return self.search(domain)

    def action_add_contact(self):
        """Open the dialogue for adding a contact to this customer."""
        self.ensure_one()
        self.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Contact"),
            "res_model": "res.partner.add.contact",
            "view_mode": "form",
            "target": "new",
            "context": {"default_customer_id": self.id},
        }

    # === NAMES IN SENDING DIALOGUES === #

    @api.depends("name", "function", "department", "email")
    @api.depends_context("contact_choice")
    def _compute_display_name(self):
        """With ``contact_choice`` in the context: who the person is and his address.

        ``"person"`` for the people of one customer, ``"customer"`` where several
        customers stand in one list.
        """
        choice = self.env.context.get("contact_choice")
        if not choice:
            return super()._compute_display_name()
        types = dict(self._fields["type"]._description_selection(self.env))
        for partner in self:
            name = partner.name or types.get(partner.type)
            if choice == "customer":
                name = partner.complete_name
            position = ", ".join(filter(None, (partner.function, partner.department)))
            parts = (name, position, partner.email)
            partner.display_name = " · ".join(filter(None, parts))

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """A list of ticks shows everybody: who is not listed cannot be ticked."""
        if self.env.context.get("contact_choice"):
            limit = None
        return super().name_search(name, domain, operator, limit)

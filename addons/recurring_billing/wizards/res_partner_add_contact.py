from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize

#: What the dialogue fills in from a person, and what it writes.
PERSON = ("name", "email", "phone")
POSITION = ("function", "department", "document_kind_ids")
#: With the rights of the user: he may not learn of people whom he cannot see.
FROM_PERSON = {
    "compute": "_compute_person",
    "compute_sudo": False,
    "store": True,
    "readonly": False,
}


class ResPartnerAddContact(models.TransientModel):
    """Dialogue: make a person a contact of a customer.

    Nobody is taken away from where he is: whoever belongs to another customer, or is
    one himself, gets a position of his own here. Nobody is entered twice, either.
    """

    _name = "res.partner.add.contact"
    _description = "Add a Contact to a Customer"

    customer_id = fields.Many2one(
        comodel_name="res.partner", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Existing Person",
        domain="[('is_company', '=', False), ('type', '=', 'contact'),"
        " ('id', '!=', customer_id)]",
    )
    name = fields.Char(**FROM_PERSON)
    email = fields.Char(string="E-Mail", **FROM_PERSON)
    phone = fields.Char(**FROM_PERSON)
    function = fields.Char(string="Job Position", **FROM_PERSON)
    department = fields.Char(**FROM_PERSON)
    document_kind_ids = fields.Many2many(
        comodel_name="recurring.document.kind",
        context={"active_test": False},
        string="Offered for E-Mails of",
        **FROM_PERSON,
        help="The person is listed for choice when such a document is sent by e-mail. "
        "None ticked: for all kinds.",
    )
    outcome = fields.Text(compute="_compute_outcome")

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_person(self):
        """What is known of the person; a job elsewhere says nothing about here."""
        for wizard in self:
            person = wizard.partner_id
            for name in PERSON + POSITION:
                known = person and (name in PERSON or wizard._is_here(person))
                wizard[name] = person[name] if known else wizard[name]

    @api.depends("customer_id", "partner_id", "name", "email")
    @api.depends_context("lang")
    def _compute_outcome(self):
        for wizard in self:
            wizard.outcome = wizard._get_problem() or wizard._get_outcome()

    def _get_outcome(self):
        """What will happen, in words."""
        self.ensure_one()
        person, here = self.partner_id, self._find_here()
        names = {
            "name": (here or person).name,
            "customer": self.customer_id.name,
            "other": person.commercial_partner_id.name,
        }
        if here:
            return self.env._(
                "%(name)s is a contact of %(customer)s already and is updated.", **names
            )
        if not person or self._may_be_linked(person):
            return ""
        if person.commercial_partner_id != person:
            return self.env._(
                "%(name)s belongs to %(other)s and stays there; a separate contact is "
                "added for %(customer)s.",
                **names,
            )
        return self.env._(
            "%(name)s stays unchanged; a separate contact is added for %(customer)s.",
            **names,
        )

    # === WHO IS MEANT === #

    def _is_here(self, person):
        """Whether a person is among the contacts of this customer."""
        customer = self.customer_id.commercial_partner_id
        return person.commercial_partner_id == customer != person

    def _find_same_email(self):
        """Contacts of the customer with the typed address, archived ones too."""
        email = email_normalize(self.email or "")
        return self._search_here(Domain("email_normalized", "=", email or ""))

    def _search_here(self, domain):
        customer = self.customer_id.commercial_partner_id
        contacts = self.env["res.partner"].with_context(active_test=False)
        return contacts.search(
            domain
            & Domain("commercial_partner_id", "=", customer.id)
            & Domain("id", "!=", customer.id)
            & Domain("name", "!=", False)
        ).sorted("active", reverse=True)

    def _find_here(self):
        """The contact that is meant, if there is one already: chosen, or with the same
        name and no other address."""
        self.ensure_one()
        if self.partner_id and self._is_here(self.partner_id):
            return self.partner_id
        name = (self.name or "").strip()
        email = email_normalize(self.email or "")
        known = self._search_here(Domain("name", "=ilike", name or ""))
        return known.filtered(
            lambda contact: (
                contact.name.strip().casefold() == name.casefold()
                and (not email or contact.email_normalized in (email, False))
            )
        )[:1]

    def _may_be_linked(self, person):
        """Whether a person can be put under the customer without losing anything.

        Odoo then gives him the customer's address and tax number, or the customer his.
        """
        own = person._address_fields() + person._synced_commercial_fields()
        return not (
            person.parent_id
            or person.is_company
            or any(person[f] and person[f] != self.customer_id[f] for f in own)
            or person.company_id != self.customer_id.company_id
            or self._has_own_business(person)
        )

    @api.model
    def _has_own_business(self, person):
        """Whether a person is somebody by himself: a user, a customer, a company.

        Asked with all rights, since the answer only keeps his record as it is.
        """
        person = person.sudo().with_context(active_test=False)
        if person.child_ids or person.user_ids or person.customer_rank:
            return True
        used = {
            "res.company": ["partner_id"],
            "account.move": ["partner_id"],
            "sale.order": ["partner_id", "partner_invoice_id", "partner_shipping_id"],
            "recurring.task.recipient": ["partner_id", "partner_invoice_id"],
        }
        return any(
            person.env[model].search_count(
                Domain.OR([Domain(name, "=", person.id)] for name in names), limit=1
            )
            for model, names in used.items()
        )

    # === ADDING === #

    def _get_problem(self):
        """Why this cannot be done, or an empty text."""
        self.ensure_one()
        if self.partner_id and self.partner_id == self.customer_id:
            return self.env._(
                "%s is the customer. Choose somebody else.", self.customer_id.name
            )
        if not self.name or not self.email or self._find_here():
            return ""
        if others := self._find_same_email():
            return self.env._(
                "%(email)s is the address of %(name)s here already. Choose %(name)s as "
                "existing person, or enter another address.",
                email=self.email,
                name=others[0].name,
            )
        return ""

    def _check_entries(self):
        """:raises UserError: when something typed cannot be right"""
        Partner = self.env["res.partner"]
        problem = self._get_problem()
        if not (self.name or "").strip():
            problem = self.env._("Enter the name of the person.")
        problem = (
            problem
            or Partner._get_email_problem(self.email)
            or Partner._get_phone_problem(self.phone, self._get_country())
        )
        if problem:
            raise UserError(problem)

    def _get_country(self):
        return self.partner_id.country_id or self.customer_id.country_id

    def _prepare_contact(self):
        """Values of the contact as they stand in the dialogue."""
        country = self._get_country() or self.env.company.country_id
        return {
            "name": self.name.strip(),
            "email": email_normalize(self.email or "") or self.email,
            "phone": self.customer_id._phone_format_number(
                self.phone, country, force_format="INTERNATIONAL"
            ),
            "function": self.function,
            "department": self.department,
            "document_kind_ids": [Command.set(self.document_kind_ids.ids)],
        }

    def _prepare_new_contact(self):
        """Values of a further contact; his language goes with a known person."""
        values = {
            **self._prepare_contact(),
            "parent_id": self.customer_id.id,
            "type": "contact",
            "company_id": self.customer_id.company_id.id,
        }
        if self.partner_id.lang:
            values["lang"] = self.partner_id.lang
        return values

    def action_add(self):
        """Add the contact, or bring the one who is here already up to date.

        :raises UserError: when a phone number or an e-mail address cannot be right
        """
        self.env["res.partner"].check_access("create")
        self.ensure_one()
        self._check_entries()
        if here := self._find_here():
            self._update(here)
        elif self.partner_id and self._may_be_linked(self.partner_id):
            self.partner_id.write(
                {
                    **self._prepare_contact(),
                    "parent_id": self.customer_id.id,
                    "type": "contact",
                }
            )
        else:
            self.env["res.partner"].create(self._prepare_new_contact())
        return {"type": "ir.actions.act_window_close"}

    def _update(self, contact):
        """Write what stands in the dialogue; nothing is emptied that was not shown."""
        values = self._prepare_contact()
        if contact != self.partner_id:
            kinds = values.pop("document_kind_ids")
            values = {name: value for name, value in values.items() if value}
            if self.document_kind_ids:
                values["document_kind_ids"] = kinds
        contact.write({**values, "active": True})

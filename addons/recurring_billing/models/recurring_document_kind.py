from odoo import api, fields, models
from odoo.tools import ormcache


class RecurringDocumentKind(models.Model):
    """A kind of document that is sent by e-mail: invoice, quotation, reminder …

    A contact may be offered for some of them only. Records are found by ``code``;
    a code of the choice ``document_type`` on tasks means the same document here.
    """

    _name = "recurring.document.kind"
    _description = "Kind of Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Programs find the kind by it. It is not changed later."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    greeting = fields.Text(
        translate=True,
        help="Stands at the top of documents in the friendly layout. {customer}, "
        "{company} and {number} are filled in. Empty: no greeting.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is a kind of document with this code already."
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "code" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === LOOKING UP === #

    @api.model
    def _get_by_code(self, code):
        """The kind with this code, archived or not; empty when there is none."""
        return self.browse(self._get_id_by_code(code))

    @api.model
    @ormcache("code")
    def _get_id_by_code(self, code):
        kinds = self.sudo().with_context(active_test=False)
        return kinds.search([("code", "=", code)], limit=1).id

    # === GREETING === #

    def _get_greeting(self, document, company):
        """The greeting on a document, in the language of the context; may be empty.

        Names in braces only: a typed text is never executed.
        """
        greeting = self.sudo().greeting or ""
        customer = self._get_greeted(document)
        values = {
            "{customer}": customer.name or customer.parent_id.name,
            "{company}": company.name,
            "{number}": self._get_number(document),
        }
        for name, value in values.items():
            greeting = greeting.replace(name, value or "")
        return greeting

    @api.model
    def _get_greeted(self, document):
        """The customer of a document; a report about a customer is his own."""
        if document and "partner_id" in document._fields:
            return document.partner_id
        is_customer = document and document._name == "res.partner"
        return document if is_customer else self.env["res.partner"]

    @api.model
    def _get_number(self, document):
        if not document:
            return ""
        return document.name if "name" in document._fields else document.display_name

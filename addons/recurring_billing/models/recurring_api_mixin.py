import contextlib
import functools
import inspect

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError

from .. import api_input
from ..api_input import InvalidInput


def answers_once(method):
    """A method of the API that makes something: rights first, then once for each key.

    The decorated method takes ``idempotency_key`` and never sees it.
    """
    signature = inspect.signature(method)

    @api.model
    @functools.wraps(method)
    def call(self, *args, **kwargs):
        self._check_api_rights("recurring_billing.group_billing")
        given = dict(signature.bind(self, *args, **kwargs).arguments)
        given.pop("self")
        key = given.pop("idempotency_key", None)

        def work():
            return method(self, **given)

        with self._understood():
            calls = self.env["recurring.api.call"]
            return calls._answer_once(key, method.__name__, given, work)

    return call


def answers(method):
    """A method of the API that may be called again and again, by readers too."""

    @api.model
    @functools.wraps(method)
    def call(self, *args, **kwargs):
        self._check_api_rights("recurring_billing.group_user")
        with self._understood():
            return method(self, *args, **kwargs)

    return call


class RecurringApiMixin(models.AbstractModel):
    """What all parts of the API share: rights, clear messages, finding records."""

    _name = "recurring.api.mixin"
    _description = "Part of the API: common ground"

    def _check_api_rights(self, group):
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "The user of this API key needs the right “%s”.",
                    self.env.ref(group).sudo().full_name,
                )
            )

    @contextlib.contextmanager
    def _understood(self):
        """Say what is wrong with an argument, in the user's language."""
        try:
            yield
        except InvalidInput as error:
            texts = self._get_expectations()
            message = f"{error.name}: {texts[error.expected]}"
            raise UserError(message) from None

    def _get_expectations(self):
        return {
            api_input.TEXT: self.env._("a text is needed."),
            api_input.NUMBER: self.env._("a number is needed."),
            api_input.POSITIVE: self.env._("a number above 0 is needed."),
            api_input.DATE: self.env._("a date like 2027-03-31 is needed."),
            api_input.ID: self.env._("the id of a record is needed."),
            api_input.LIST: self.env._("a list is needed."),
            api_input.OBJECT: self.env._("an object is needed."),
            api_input.YES_NO: self.env._("true or false is needed."),
            api_input.NOT_EMPTY: self.env._("the list is empty."),
            api_input.KNOWN: self.env._("this name is not known."),
        }

    # === FINDING === #

    def _find(self, model, name, record_id):
        """The record with an id, if the user may see it.

        :raises MissingError: there is none here; of other companies, too
        """
        record_id = api_input.get_id(name, record_id)
        found = self.env[model].search([("id", "=", record_id)])
        if not found:
            raise MissingError(
                self.env._(
                    "%(name)s: there is no %(model)s %(id)s.",
                    name=name,
                    model=self.env["ir.model"]._get(model).name,
                    id=record_id,
                )
            )
        return found

    def _find_one(self, model, what, domain, value):
        """The only record with a number or code.

        :raises MissingError: there is none
        :raises UserError: there are several
        """
        found = self.env[model].search(domain, limit=2)
        if not found:
            raise MissingError(
                self.env._("%(what)s: there is no “%(value)s”.", what=what, value=value)
            )
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "%(what)s: there are several “%(value)s”. Give the id.",
                    what=what,
                    value=value,
                )
            )
        return found

    def _find_invoice(self, invoice_id, number):
        """An invoice or credit note, by id or by number."""
        if invoice_id is not None:
            invoice = self._find("account.move", "invoice_id", invoice_id)
        else:
            number = api_input.get_text("number", number, required=True)
            domain = [
                ("name", "=", number),
                ("company_id", "=", self.env.company.id),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
            ]
            invoice = self._find_one("account.move", "number", domain, number)
        if not invoice.is_sale_document(include_receipts=True):
            raise UserError(
                self.env._("%s is no customer invoice.", invoice.display_name)
            )
        return invoice

    # === ANSWERS === #

    def _describe_customer(self, partner):
        return {
            "id": partner.id,
            "name": partner.name or "",
            "email": partner.email or "",
            "phone": partner.phone or "",
            "vat": partner.vat or "",
            "reference": partner.ref or "",
            "is_company": partner.is_company,
            "street": partner.street or "",
            "street2": partner.street2 or "",
            "zip": partner.zip or "",
            "city": partner.city or "",
            "country_code": partner.country_id.code or "",
            "language": partner.lang or "",
            "active": partner.active,
        }

    def _describe_invoice(self, move):
        """Amounts are in the invoice's currency; credit notes are positive, too."""
        return {
            "id": move.id,
            "kind": "credit_note" if move.move_type == "out_refund" else "invoice",
            "number": move.name if move.name not in (False, "/") else "",
            "state": move.state,
            "payment_state": move.payment_state,
            "customer_id": move.commercial_partner_id.id,
            "customer": move.commercial_partner_id.name or "",
            "date": str(move.date or ""),
            "invoice_date": str(move.invoice_date or ""),
            "due_date": str(move.invoice_date_due or ""),
            "reference": move.ref or "",
            "journal": move.journal_id.code,
            "currency": move.currency_id.name,
            "amount_untaxed": move.currency_id.round(move.amount_untaxed),
            "amount_tax": move.currency_id.round(move.amount_tax),
            "amount_total": move.currency_id.round(move.amount_total),
            "amount_due": move.currency_id.round(move.amount_residual),
            "corrects_id": move.reversed_entry_id.id or None,
            "lines": [
                self._describe_line(line)
                for line in move.invoice_line_ids
                if line.display_type == "product"
            ],
        }

    def _describe_line(self, line):
        return {
            "name": line.name or "",
            "product_id": line.product_id.id or None,
            "product_code": line.product_id.default_code or "",
            "account": line.account_id.code or "",
            "quantity": line.quantity,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "taxes": line.tax_ids.mapped("name"),
            "amount_untaxed": line.price_subtotal,
            "amount_total": line.price_total,
        }

    def _describe_payment(self, payment):
        return {
            "id": payment.id,
            "number": payment.name or "",
            "state": payment.state,
            "date": str(payment.date or ""),
            "customer_id": payment.partner_id.commercial_partner_id.id or None,
            "direction": payment.payment_type,
            "currency": payment.currency_id.name,
            "amount": payment.currency_id.round(payment.amount),
            "journal": payment.journal_id.code,
            "reference": payment.memo or "",
            "invoice_ids": payment.reconciled_invoice_ids.ids,
        }

from odoo import Command, models
from odoo.exceptions import UserError

from .. import api_input
from .recurring_api_mixin import answers_once

CUSTOMER_NAMES = (
    "name",
    "email",
    "phone",
    "vat",
    "reference",
    "is_company",
    "street",
    "street2",
    "zip",
    "city",
    "country_code",
    "language",
)
LINE_NAMES = (
    "product_id",
    "product_code",
    "name",
    "quantity",
    "price_unit",
    "discount",
    "tax_ids",
)


class RecurringApiCustomerMixin(models.AbstractModel):
    """Customers and pro-formas: what happens before an invoice exists."""

    _name = "recurring.api.customer.mixin"
    _inherit = "recurring.api.mixin"
    _description = "Part of the API: customers and pro-formas"

    @answers_once
    def create_customer(
        self,
        name,
        email=None,
        phone=None,
        vat=None,
        reference=None,
        is_company=None,
        street=None,
        street2=None,
        zip=None,  # noqa: A002, as the field is called
        city=None,
        country_code=None,
        language=None,
        idempotency_key=None,
    ):
        """Create a customer.

        :param str country_code: two letters, e.g. ``ES``
        :param str language: e.g. ``es_ES``; must be installed
        :return: the customer
        """
        given = {key: value for key, value in locals().items() if key != "self"}
        given.pop("idempotency_key")
        return self._describe_customer(self._create_customer(given))

    @answers_once
    def create_proforma(
        self,
        lines,
        partner_id=None,
        customer=None,
        reference=None,
        idempotency_key=None,
    ):
        """Create an order and issue its pro-forma.

        :param list lines: objects with ``product_id`` or ``product_code``, and as
            wished ``name``, ``quantity``, ``price_unit`` (else by pricelist),
            ``discount`` in percent, ``tax_ids``
        :param int partner_id: the customer; or
        :param dict customer: a new one, arguments as of :meth:`create_customer`
        :param str reference: the customer's own
        :return: the order with its pro-forma number
        """
        partner = self._get_customer(partner_id, customer)
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.env.company.id,
                "client_order_ref": api_input.get_text("reference", reference),
                "order_line": api_input.get_list(
                    "lines", lines, self._prepare_order_line, required=True
                ),
            }
        )
        order.action_issue_proforma()
        return self._describe_order(order)

    @answers_once
    def confirm_payment(
        self,
        order_id=None,
        proforma_number=None,
        amount=None,
        date=None,
        journal_id=None,
        reference=None,
        idempotency_key=None,
    ):
        """Tell that a pro-forma was paid: payment, invoice and contract follow.

        Whoever else tells the same makes nothing twice.

        :param float amount: what was received now, with taxes; nothing: all that is
            missing. Less than that issues no invoice yet
        :param str date: of the payment; nothing: today
        :param int journal_id: bank or cash journal that got the money
        :return: the order with its invoices
        """
        order = self._find_order(order_id, proforma_number)
        values = {
            "amount": amount
            if amount is None
            else api_input.get_number("amount", amount, positive=True),
            "date": api_input.get_date("date", date),
            "journal_id": self._find_journal(journal_id).id,
            "reference": api_input.get_text("reference", reference),
        }
        order.action_confirm_payment(
            **{name: value or None for name, value in values.items()}
        )
        return self._describe_order(order)

    # === PARTS === #

    def _get_customer(self, partner_id, customer):
        if (partner_id is None) == (customer is None):
            raise UserError(
                self.env._("Give either partner_id or customer, one of the two.")
            )
        if customer is None:
            return self._find("res.partner", "partner_id", partner_id)
        api_input.check_names("customer", customer, CUSTOMER_NAMES)
        return self._create_customer(customer, "customer.")

    def _create_customer(self, given, prefix=""):
        texts = {
            name: api_input.get_text(f"{prefix}{name}", given.get(name))
            for name in ("email", "phone", "vat", "street", "street2", "zip", "city")
        }
        company = given.get("is_company")
        values = {
            "name": api_input.get_text(f"{prefix}name", given.get("name"), True),
            **texts,
            "ref": api_input.get_text(f"{prefix}reference", given.get("reference")),
            "is_company": company is not None
            and api_input.get_yes_no(f"{prefix}is_company", company),
            "customer_rank": 1,
            "company_id": False,
        }
        if code := api_input.get_text(
            f"{prefix}country_code", given.get("country_code")
        ):
            values["country_id"] = self._find_country(f"{prefix}country_code", code).id
        if lang := api_input.get_text(f"{prefix}language", given.get("language")):
            values["lang"] = self._check_language(f"{prefix}language", lang)
        return self.env["res.partner"].create(values)

    def _find_country(self, name, code):
        domain = [("code", "=", code.upper())]
        return self._find_one("res.country", name, domain, code)

    def _check_language(self, name, code):
        installed = [lang for lang, _label in self.env["res.lang"].get_installed()]
        if code not in installed:
            raise UserError(
                self.env._(
                    "%(name)s: “%(code)s” is not installed here. Installed: %(codes)s",
                    name=name,
                    code=code,
                    codes=", ".join(installed),
                )
            )
        return code

    def _find_order(self, order_id, proforma_number):
        if order_id is not None:
            return self._find("sale.order", "order_id", order_id)
        number = api_input.get_text("proforma_number", proforma_number, required=True)
        domain = [
            ("proforma_number", "=", number),
            ("company_id", "=", self.env.company.id),
        ]
        return self._find_one("sale.order", "proforma_number", domain, number)

    def _find_journal(self, journal_id):
        """A journal that takes money, or an empty recordset where none was given."""
        if journal_id is None:
            return self.env["account.journal"]
        journal = self._find("account.journal", "journal_id", journal_id)
        if journal.type not in ("bank", "cash", "credit"):
            raise UserError(
                self.env._("%s is no bank or cash journal.", journal.display_name)
            )
        return journal

    # === LINES === #

    def _prepare_line(self, name, line):
        """Values that lines of orders and of invoices have in common."""
        api_input.check_names(name, line, LINE_NAMES)
        product = self._get_product(name, line)
        values = {
            "product_id": product.id,
            "discount": api_input.get_number(
                f"{name}.discount", line.get("discount"), 0.0
            ),
        }
        if text := api_input.get_text(f"{name}.name", line.get("name")):
            values["name"] = text
        if line.get("price_unit") is not None:
            values["price_unit"] = api_input.get_number(
                f"{name}.price_unit", line["price_unit"]
            )
        if line.get("tax_ids") is not None:
            taxes = api_input.get_list(
                f"{name}.tax_ids",
                line["tax_ids"],
                lambda at, tax_id: self._find("account.tax", at, tax_id).id,
            )
            values["tax_ids"] = [Command.set(taxes)]
        return values

    def _get_product(self, name, line):
        if line.get("product_id") is not None:
            return self._find(
                "product.product", f"{name}.product_id", line["product_id"]
            )
        code = api_input.get_text(f"{name}.product_code", line.get("product_code"))
        if not code:
            return self.env["product.product"]
        domain = [("default_code", "=", code)]
        return self._find_one("product.product", f"{name}.product_code", domain, code)

    def _prepare_order_line(self, name, line):
        values = self._prepare_line(name, line)
        if not values["product_id"]:
            raise UserError(
                self.env._("%s: product_id or product_code is needed.", name)
            )
        quantity = api_input.get_number(f"{name}.quantity", line.get("quantity"), 1)
        return Command.create({**values, "product_uom_qty": quantity})

    # === ANSWERS === #

    def _describe_order(self, order):
        return {
            "id": order.id,
            "number": order.name,
            "proforma_number": order.proforma_number or "",
            "state": order.state,
            "customer_id": order.partner_id.commercial_partner_id.id,
            "currency": order.currency_id.name,
            "amount_untaxed": order.currency_id.round(order.amount_untaxed),
            "amount_tax": order.currency_id.round(order.amount_tax),
            "amount_total": order.currency_id.round(order.amount_total),
            "amount_asked": order.currency_id.round(order.proforma_amount),
            "amount_missing": order.currency_id.round(order.proforma_missing_amount),
            "payment_confirmed": order.is_payment_confirmed,
            "payment_link": order.get_base_url() + order.get_portal_url(),
            "invoices": [self._describe_invoice(move) for move in order.invoice_ids],
        }

import re

from odoo import api, models
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import SQL, email_normalize

CUSTOMERS_SHOWN = 8
DRAFTS_SHOWN = 3
PRODUCTS_PER_PAGE = 24
#: Digits by which two phone numbers are taken for the same, whatever their prefix.
PHONE_DIGITS = 9
#: In the session of a browser that was handed to a customer: the id of the quotation.
HANDED_OVER = "crm_sla_handed_over"


class SaleQuickQuotation(models.AbstractModel):
    """What the screen *Online Quotation* asks for: customer, products, offer.

    Everything is done with the rights of the salesperson, so a quotation of somebody
    else is refused where he sees his own only. Once the screen is handed over, this
    session gets nothing but what belongs to that one quotation.
    """

    _name = "sale.quick.quotation"
    _description = "Online Quotation in Three Steps"

    # === STEP 1: FOR WHOM === #

    @api.model
    def start(self):
        """What the first step needs, or the quotation that was handed over."""
        self._check_salesperson()
        if order_id := self._get_handed_over_id():
            return {"handedOverId": order_id}
        countries = self.env["res.country"].search_read(
            [("name", "!=", False)], ["name"]
        )
        drafts = self.env["sale.order"].search(
            [
                ("is_quick_quotation", "=", True),
                ("state", "=", "draft"),
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
            ],
            order="write_date desc",
            limit=DRAFTS_SHOWN,
        )
        return {
            "handedOverId": False,
            "templates": self._get_templates(),
            "countries": countries,
            "countryId": self.env.company.country_id.id,
            "mayCreate": self.env["res.partner"].has_access("create"),
            "drafts": [order._get_quick_state() for order in drafts],
        }

    def _get_templates(self):
        if not self.env.user.has_group("sale_management.group_sale_order_template"):
            return []  # the company does not work with them
        return self.env["sale.order.template"].search_read(
            [("company_id", "in", (False, self.env.company.id))], ["name"]
        )

    @api.model
    def search_customers(self, term):
        """Up to 8 customers by name, e-mail or phone (with or without spaces)."""
        self._check_alone()
        term = str(term or "").strip()
        if not term:
            return []
        domain = Domain.OR(
            [(field, "ilike", term)] for field in ("complete_name", "email", "phone")
        )
        digits = re.sub(r"\D", "", term)
        if len(digits) >= 4:
            domain |= self._get_phone_domain(f"%{digits}%")
        return self._read_customers(domain)

    @api.model
    def find_duplicates(self, email, phone):
        """Customers who have this e-mail address or phone number already."""
        self._check_alone()
        domains = []
        if address := email_normalize(str(email or "")):
            domains.append(Domain("email_normalized", "=", address))
        digits = re.sub(r"\D", "", str(phone or ""))[-PHONE_DIGITS:]
        if len(digits) == PHONE_DIGITS:
            domains.append(self._get_phone_domain(f"%{digits}"))
        return self._read_customers(Domain.OR(domains)) if domains else []

    @api.model
    def create_customer(self, values):
        """A customer with no more than what qualifies him.

        :param values: ``name``, ``email`` or ``phone``; ``is_company``, ``city``,
            ``country_id`` if wished. Other keys are ignored.
        """
        self._check_alone()
        values = self._clean_customer(values)
        Partner = self.env["res.partner"]
        if not Partner.has_access("create"):
            raise AccessError(
                self.env._(
                    "You may not create customers. Ask an administrator for the right "
                    "Contact Creation."
                )
            )
        return self._prepare_customer(Partner.create(values))

    def _clean_customer(self, values):
        text = {
            key: str(values.get(key) or "").strip()
            for key in ("name", "email", "phone", "city")
        }
        if not text["name"]:
            raise UserError(self.env._("Enter the name of the customer."))
        if not text["email"] and not text["phone"]:
            raise UserError(
                self.env._(
                    "Enter an e-mail address or a phone number of %s.", text["name"]
                )
            )
        if text["email"] and not email_normalize(text["email"]):
            raise UserError(self.env._("%s is not an e-mail address.", text["email"]))
        country = self.env["res.country"].browse(int(values.get("country_id") or 0))
        return {
            **{key: value for key, value in text.items() if value},
            "is_company": bool(values.get("is_company")),
            "country_id": country.exists().id,
        }

    @api.model
    def _get_phone_domain(self, pattern):
        """Numbers whose digits are LIKE ``pattern``, however they are written."""
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                r"regexp_replace(%s, '\D', '', 'g') LIKE %s",
                model._field_to_sql(alias, "phone", query),
                pattern,
            )
        )

    @api.model
    def _read_customers(self, domain):
        partners = self.env["res.partner"].search(domain, limit=CUSTOMERS_SHOWN)
        return [self._prepare_customer(partner) for partner in partners]

    def _prepare_customer(self, partner):
        return {
            "id": partner.id,
            "name": partner.display_name,
            "email": partner.email or "",
            "phone": partner.phone or "",
            "city": partner.city or "",
        }

    @api.model
    def open_quotation(self, partner_id, template_id=False, order_id=False):
        """Make a draft for the customer, or give the one there is to him.

        Products and quantities of a draft stay, unless another template is chosen.
        """
        self._check_alone()
        partner = self.env["res.partner"].browse(int(partner_id)).exists()
        if not partner:
            raise UserError(self.env._("This customer does not exist any more."))
        partner.check_access("read")
        template = self.env["sale.order.template"].browse(int(template_id or 0))
        if order_id:
            order = self._get_order(order_id)
            order._check_quick_open()
            order._set_quick_customer(partner)
            order._set_quick_template(template.exists())
        else:
            order = self._create_quotation(partner, template.exists())
        return order._get_quick_state()

    def _create_quotation(self, partner, template):
        values = {
            "partner_id": partner.id,
            # Not the customer's salesperson, whose quotations this one may not see.
            "user_id": self.env.uid,
            "is_quick_quotation": True,
        }
        if template:
            values["sale_order_template_id"] = template.id
        order = self.env["sale.order"].create(values)
        order._onchange_sale_order_template_id()  # its lines; core's form does this
        return order

    # === STEP 2: WHAT === #

    @api.model
    def get_quotation(self, order_id):
        return self._get_order(order_id)._get_quick_state()

    @api.model
    def get_categories(self, order_id):
        """Categories of what can be sold to him."""
        order = self._get_order(order_id)
        groups = self.env["product.product"]._read_group(
            order._get_product_catalog_domain(), ["categ_id"], order="categ_id"
        )
        return [
            {"id": category.id, "name": category.name}
            for (category,) in groups
            if category
        ]

    @api.model
    def get_products(self, order_id, term="", category_id=False, offset=0):
        """A page of the catalogue, with the prices that are valid for the customer.

        What is on the quotation already comes first on the first page.
        """
        order = self._get_order(order_id)
        domain = Domain(order._get_product_catalog_domain())
        term = str(term or "").strip()
        if term:
            domain &= Domain("name", "ilike", term) | Domain(
                "default_code", "ilike", term
            )
        if category_id:
            domain &= Domain("categ_id", "child_of", int(category_id))
        products = self.env["product.product"].search(
            domain,
            order="is_favorite desc, name, id",
            offset=max(int(offset), 0),
            limit=PRODUCTS_PER_PAGE + 1,
        )
        shown = products[:PRODUCTS_PER_PAGE]
        return {
            "products": order._get_quick_products_data(shown),
            "hasMore": len(products) > PRODUCTS_PER_PAGE,
        }

    @api.model
    def set_quantity(self, order_id, product_id, quantity):
        """Set how many of a product he takes; 0 removes it."""
        order = self._get_order(order_id)
        product = self.env["product.product"].browse(int(product_id)).exists()
        order._set_quick_quantity(product, float(quantity))
        return {
            "product": order._get_quick_products_data(product)[0],
            "quotation": order._get_quick_state(),
        }

    # === STEP 3: THE OFFER === #

    @api.model
    def get_offer(self, order_id):
        return self._get_order(order_id)._get_quick_offer()

    @api.model
    def send_link(self, order_id):
        """Queue core's mail with the link; the customer signs when he likes."""
        order = self._get_order(order_id)
        order._send_quick_link()
        return order._get_quick_offer()

    # === HANDING THE SCREEN OVER === #

    @api.model
    def hand_over(self, order_id):
        """From now on this session sees this quotation only, until ``take_back``."""
        self._check_alone()
        order = self._get_order(order_id)
        request.session[HANDED_OVER] = order.id
        return order._get_quick_state()

    @api.model
    def take_back(self, password):
        """The salesperson is back: his password says so.

        :raises UserError: when it is wrong
        """
        self._check_salesperson()
        credential = {
            "login": self.env.user.login,
            "password": str(password or ""),
            "type": "password",
        }
        try:
            self.env.user._check_credentials(credential, {"interactive": True})
        except AccessDenied as error:
            raise UserError(self.env._("This is not your password.")) from error
        request.session.pop(HANDED_OVER, None)
        return True

    # === WHO MAY === #

    @api.model
    def _check_salesperson(self):
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Online quotations are made by salespeople."))

    @api.model
    def _check_alone(self):
        """Nothing about other customers while this one holds the screen."""
        self._check_salesperson()
        if self._get_handed_over_id():
            raise AccessError(
                self.env._("The screen is handed over: take it back first.")
            )

    @api.model
    def _get_handed_over_id(self):
        return request.session.get(HANDED_OVER) if request else False

    @api.model
    def _get_order(self, order_id):
        """A quotation this user may change, and no other one while it is handed over.

        :raises AccessError: when it is somebody else's
        """
        self._check_salesperson()
        order = self.env["sale.order"].browse(int(order_id)).exists()
        if not order:
            raise UserError(self.env._("This quotation does not exist any more."))
        handed_over = self._get_handed_over_id()
        if handed_over and order.id != handed_over:
            raise AccessError(
                self.env._("The screen is handed over: take it back first.")
            )
        order.check_access("write")
        return order.with_company(order.company_id)

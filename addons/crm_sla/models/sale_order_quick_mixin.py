from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, html2plaintext

MAX_QUANTITY = 1_000_000


class SaleOrderQuickMixin(models.AbstractModel):
    """What the screen of the online quotation shows of a quotation.

    The screen may be handed to the customer: whatever is returned here is for his eyes.
    Quantities and prices come from core's product catalogue.
    """

    _name = "sale.order.quick.mixin"
    _description = "Quotation Made in Three Steps"

    is_quick_quotation = fields.Boolean(
        string="Online Quotation", readonly=True, copy=False
    )

    # === STEP 1: FOR WHOM === #

    def _set_quick_customer(self, partner):
        """Prices and taxes follow the customer; products and quantities stay."""
        self.ensure_one()
        if self.partner_id == partner:
            return
        self.partner_id = partner
        self._recompute_taxes()
        self._recompute_prices()

    def _set_quick_template(self, template):
        """Another template replaces the products; the same one leaves them alone."""
        self.ensure_one()
        if template and self.sale_order_template_id != template:
            self.sale_order_template_id = template
            self._onchange_sale_order_template_id()

    def _check_quick_open(self):
        """Products may be changed until it is signed.

        :raises UserError: when it is signed, confirmed, cancelled or locked
        """
        self.ensure_one()
        if not self._is_quick_open():
            raise UserError(
                self.env._(
                    "%s is signed or closed: its products cannot be changed any more.",
                    self.name,
                )
            )

    def _is_quick_open(self):
        return (
            self.state in ("draft", "sent")
            and not self.signature
            and not self._is_readonly()
        )

    def _get_quick_state(self):
        """What every step shows: for whom, how much, how far."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "partner": {
                "id": self.partner_id.id,
                "name": self.partner_id.display_name,
                "email": self.partner_id.email or "",
                "isCompany": self.partner_id.is_company,
            },
            "templateId": self.sale_order_template_id.id,
            "currencyId": self.currency_id.id,
            "total": self.amount_total,
            "untaxed": self.amount_untaxed,
            "count": sum(
                self.order_line.filtered(lambda line: not line.display_type).mapped(
                    "product_uom_qty"
                )
            ),
            "isOpen": self._is_quick_open(),
            "isConfirmed": self.state == "sale",
            "signedBy": self.signed_by or "",
        }

    # === STEP 2: WHAT === #

    def _get_quick_products_data(self, products):
        """One dictionary for each product, in the order of ``products``.

        ``price`` is for one unit, with or without taxes as the company quotes them
        (``isTaxIncluded``); ``oldPrice`` is what it would be without the discount of
        his pricelist, 0 if there is none.
        """
        self.ensure_one()
        self = self.with_company(self.company_id)
        products = products.with_context(
            lang=self._get_lang(), display_default_code=False
        )
        lines = self.order_line.filtered(
            lambda line: not line.display_type and line.product_id in products
        ).grouped("product_id")
        catalog = self._get_product_catalog_order_data(products)
        old_prices = self._get_quick_old_prices(products)
        return [
            self._prepare_quick_product(
                product,
                lines.get(product, self.order_line.browse()),
                catalog[product.id],
                old_prices.get(product.id, 0.0),
            )
            for product in products
        ]

    def _prepare_quick_product(self, product, lines, data, old_price):
        """A list of what may be seen: core's data may hold more, e.g. warnings for the
        salesperson.
        """
        if lines:
            data = {**data, **lines._get_product_catalog_lines_data(parent_record=self)}
            old_price = lines[0].price_unit if lines[0].discount else 0.0
        return {
            "id": product.id,
            "name": product.display_name,
            "code": data.get("code", ""),
            "uom": data["uomDisplayName"],
            "quantity": data.get("quantity", 0),
            "price": self._get_quick_shown_price(product, data["price"], lines),
            "oldPrice": old_price
            and self._get_quick_shown_price(product, old_price, lines),
            "isTaxIncluded": self._is_quick_tax_included(),
            "isReadonly": bool(data.get("readOnly")) or not self._is_quick_open(),
            "imageUrl": f"/web/image/product.product/{product.id}/image_256",
        }

    def _get_quick_old_prices(self, products):
        """By product id: the price before the discount that his pricelist shows."""
        when = {"currency": self.currency_id, "date": self.date_order}
        rules = self.pricelist_id._compute_price_rule(products, 1.0, **when)
        result = {}
        for product in products:
            price, rule_id = rules.get(product.id, (0.0, False))
            rule = self.env["product.pricelist.item"].browse(rule_id)
            if not rule or not rule._show_discount():
                continue
            before = rule._compute_price_before_discount(
                product, 1.0, uom=product.uom_id, **when
            )
            if self.currency_id.compare_amounts(before, price) > 0:
                result[product.id] = before
        return result

    def _get_quick_shown_price(self, product, price, lines):
        """``price`` as he reads it: his taxes, included in it or not."""
        if lines:
            taxes = lines[0].tax_ids
        else:
            usual = product.taxes_id._filter_taxes_by_company(self.company_id)
            taxes = self.fiscal_position_id.map_tax(usual)
            price = product._get_tax_included_unit_price_from_price(
                price, usual, product_taxes_after_fp=taxes
            )
        amounts = taxes.compute_all(
            price, self.currency_id, 1.0, product, self.partner_id
        )
        key = "total_included" if self._is_quick_tax_included() else "total_excluded"
        return amounts[key]

    def _is_quick_tax_included(self):
        return self.company_id.account_price_include == "tax_included"

    def _set_quick_quantity(self, product, quantity):
        """Through core's catalogue, which makes, changes or deletes the line.

        :raises UserError: for a quantity that nobody means, a product that is not for
            sale here, or one that stands on several lines
        """
        self.ensure_one()
        self._check_quick_open()
        if not 0 <= quantity <= MAX_QUANTITY:
            raise UserError(
                self.env._("Enter a quantity between 0 and %s.", MAX_QUANTITY)
            )
        if not product.filtered_domain(self._get_product_catalog_domain()):
            raise UserError(self.env._("This product cannot be sold here."))
        lines = self.order_line.filtered(
            lambda line: line.product_id == product and not line.display_type
        )
        if len(lines) > 1:
            raise UserError(
                self.env._(
                    "%(product)s stands on several lines of %(order)s. Change them on "
                    "the quotation itself.",
                    product=product.display_name,
                    order=self.name,
                )
            )
        section = lines.get_parent_section_line() if lines else self._get_last_section()
        self.with_company(self.company_id)._update_order_line_info(
            product.id, quantity, section_id=section.id
        )

    def _get_last_section(self):
        """Where a new line goes: behind the others."""
        return self.order_line.filtered(
            lambda line: line.display_type == "line_section"
        )[-1:]

    # === STEP 3: THE OFFER === #

    def _get_quick_offer(self):
        self.ensure_one()
        return {
            **self._get_quick_state(),
            "lines": [
                self._prepare_quick_line(line)
                for line in self._get_order_lines_to_report()
            ],
            "taxes": [
                {
                    "name": group["group_name"],
                    "amount": group["tax_amount_currency"],
                }
                for subtotal in (self.tax_totals or {}).get("subtotals", [])
                for group in subtotal["tax_groups"]
            ],
            "terms": html2plaintext(self.note or "").strip(),
            "paymentTerms": self.payment_term_id.name or "",
            "validUntil": self.validity_date
            and format_date(self.env, self.validity_date)
            or "",
            "mustSign": self._has_to_be_signed(),
            "mustPay": self._has_to_be_paid(),
            "prepayment": self._get_prepayment_required_amount(),
            "isExpired": self.is_expired,
            "isSent": self.state == "sent",
            "customerUrl": self.get_portal_url(),
            "customerLink": self.get_base_url() + self.get_portal_url(),
            "acceptUrl": self.get_portal_url(suffix="/accept"),
            "signingUrl": self.get_portal_url(suffix="/signing"),
        }

    def _prepare_quick_line(self, line):
        return {
            "id": line.id,
            "kind": line.display_type or "product",
            "name": line.name,
            "quantity": line.product_uom_qty,
            "uom": line.product_uom_id.name or "",
            "discount": line.discount,
            "total": line.price_total
            if self._is_quick_tax_included()
            else line.price_subtotal,
        }

    def _send_quick_link(self):
        """Core's mail with the quotation and the link to it, into the queue.

        :raises UserError: when nobody would get it
        """
        self.ensure_one()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one on the customer's page.",
                    self.partner_id.display_name,
                )
            )
        if not self.order_line:
            raise UserError(self.env._("Add a product to %s first.", self.name))
        template = self._find_mail_template()
        if not template:
            raise UserError(
                self.env._("The mail template for quotations is missing. Restore it.")
            )
        self.order_line._validate_analytic_distribution()
        self.with_context(
            mark_so_as_sent=True, mail_notify_force_send=False
        ).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
        )

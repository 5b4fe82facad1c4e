from datetime import datetime, time

import pytz

from odoo import Command, api, models

from ..rehearsal import get_now


class RecurringDocumentSale(models.AbstractModel):
    """What quotations, orders and pro-formas have in common: a sale order."""

    _name = "recurring.document.sale"
    _inherit = "recurring.document"
    _description = "Recurring sales document"

    @api.model
    def _get_document_model(self):
        return "sale.order"

    @api.model
    def _prepare_document(self, row, lines):
        recipient, task = row.recipient_id, row.task_id
        return {
            "company_id": task.company_id.id,
            "partner_id": recipient.partner_id.id,
            "partner_invoice_id": recipient.partner_invoice_id.id,
            "pricelist_id": self._get_pricelist(recipient).id,
            "currency_id": self.env["recurring.pricing"]._get_currency(recipient).id,
            "fiscal_position_id": recipient.fiscal_position_used_id.id,
            "date_order": self._get_order_date(row),
            "origin": task.name,
            "payment_term_id": recipient.payment_term_used_id.id,
            "preferred_payment_method_line_id": recipient.payment_method_used_id.id,
            "user_id": recipient.salesperson_used_id.id,
            "journal_id": task.journal_id.id,
            "sale_order_template_id": False,
            "recurring_task_id": task.id,
            "recurring_occurrence_id": row.id,
            "document_hour": task._get_document_hour_text(),
            "order_line": [Command.create(line) for line in lines],
        }

    @api.model
    def _create_documents(self, rows):
        """Core takes the currency of an order from its pricelist alone."""
        orders = super()._create_documents(rows)
        for order, row in zip(orders, rows, strict=True):
            currency = self.env["recurring.pricing"]._get_currency(row.recipient_id)
            if order.currency_id != currency:
                order.currency_id = currency
        return orders

    @api.model
    def _get_pricelist(self, recipient):
        """A pricelist of another currency would change the currency of the order."""
        pricelist = recipient.pricelist_used_id
        currency = self.env["recurring.pricing"]._get_currency(recipient)
        return pricelist if pricelist.currency_id == currency else pricelist.browse()

    @api.model
    def _get_order_date(self, row):
        """Noon of the document's date, so that it is that date in any zone near."""
        zone = pytz.timezone(row.task_id.tz)
        local = zone.localize(datetime.combine(row.document_date, time(12)))
        return min(local.astimezone(pytz.utc).replace(tzinfo=None), get_now(self.env))

    @api.model
    def _prepare_line(self, line, price):
        if line.display_type:
            return {"display_type": line.display_type, "sequence": line.sequence}
        values = {
            "sequence": line.sequence,
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "product_uom_qty": line.quantity,
            "tax_ids": [Command.set(price.taxes.ids)],
        }
        if price.is_manual:
            # core takes a price for the catalogue's, and replaces it at the next
            # change of the quantity, unless the two fields differ
            values |= {
                "price_unit": price.price_unit,
                "technical_price_unit": price.price_unit - 1.0,
                "discount": price.discount,
            }
        return values

    @api.model
    def _confirm_documents(self, documents):
        """A quotation is valid as it is."""

    @api.model
    def _get_default_mail_template(self):
        return self.env.ref("sale.email_template_edi_sale")

    @api.model
    def _get_default_report(self):
        return self.env.ref("sale.action_report_saleorder")

    @api.model
    def _get_task_problems(self, task):
        texts = super()._get_task_problems(task)
        if task.line_ids.filtered(lambda x: not x.display_type and not x.product_id):
            texts.append(
                self.env._("Every line of a quotation or an order needs a product.")
            )
        return texts

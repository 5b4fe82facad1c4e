from odoo import Command, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order.first.invoice.mixin",  # before core: it overrides core's methods
        "sale.rehearsal.mixin",
        "sale.order",
        "document.delivery.mixin",
        "friendly.order.mixin",
        "recurring.issued.mixin",
        "sale.proforma.mixin",
        "sale.payment.mixin",
    ]

    deal_subject = fields.Char(
        help="What the deal is about, e.g. “Renewal of the service contract”. Printed.",
    )

    def _action_confirm(self):
        result = super()._action_confirm()
        self._start_automation("confirm")
        return result

    def _get_prepayment_required_amount(self):
        """A pro-forma that is paid is enough, e.g. the first instalment.

        Core's page takes no less than this for a quotation that is to be paid.
        """
        amount = super()._get_prepayment_required_amount()
        if not self.proforma_number:
            return amount
        return min(amount, self.proforma_missing_amount)

    # === RECAPITULATIVE INVOICES === #

    def action_recapitulative_invoice(self):
        """Open the dialogue for one invoice over these orders."""
        Wizard = self.env["recapitulative.invoice.wizard"]
        Wizard.check_access("create")
        self.check_access("read")  # company walls
        return Wizard._open({"default_order_ids": [Command.set(self.ids)]})

    def _get_invoice_grouping_keys(self):
        """Goods of one customer may go to several addresses."""
        keys = super()._get_invoice_grouping_keys()
        if self.env["recapitulative.invoice"]._is_running():
            return [key for key in keys if key != "partner_shipping_id"]
        return keys

    def _create_account_invoices(self, invoice_vals_list, final):
        recapitulative = self.env["recapitulative.invoice"]
        if recapitulative._is_running():
            invoice_vals_list = recapitulative._arrange(invoice_vals_list)
        return super()._create_account_invoices(invoice_vals_list, final)

    # === LEDGER === #

    def _action_cancel(self):
        result = super()._action_cancel()
        self._void_occurrences(self.env._("The order was cancelled."))
        return result

    def action_draft(self):
        result = super().action_draft()
        self._revive_occurrences()
        return result

    def _find_mail_template(self):
        """Our own text where core would send its pro-forma."""
        template = super()._find_mail_template()
        is_core = template == self.env.ref(
            "sale.email_template_proforma", raise_if_not_found=False
        )
        return self._get_proforma_template() if template and is_core else template

    def action_quotation_send(self):
        """Odoo's own button *Send Pro-Forma* numbers the pro-forma as well."""
        if self.env.context.get("proforma"):
            self._check_proforma_rights()
            self._issue_proforma()
        return super().action_quotation_send()

    def _get_document_kind(self):
        """A quotation until it is confirmed; a pro-forma when it is sent as one."""
        issued_as = self.sudo().recurring_task_id.document_type
        if self.env.context.get("proforma"):
            code = "proforma"
        elif self.state == "sale":
            code = "order"
        else:
            is_proforma = issued_as == "proforma" or self.proforma_number
            code = "proforma" if is_proforma else "quotation"
        return self.env["recurring.document.kind"]._get_by_code(code)

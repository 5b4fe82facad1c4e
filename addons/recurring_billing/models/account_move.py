from odoo import api, fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = [
        "invoice.posting.mixin",  # before core: it overrides core's methods
        "invoice.rehearsal.mixin",
        "account.move",
        "document.delivery.mixin",
        "friendly.invoice.mixin",
        "invoice.download.mixin",
        "invoice.repeat.mixin",
        "invoice.kind.mixin",
        "mark.as.paid.mixin",
        "payment.charge.invoice.mixin",
        "payment.reminder.invoice.mixin",
        "recurring.issued.mixin",
    ]

    used_balance = fields.Monetary(
        compute="_compute_used_balance",
        help="On an invoice: the part settled with credit that the customer already "
        "had, that is credit notes, payments on account and other credit such as an "
        "opening balance. Payments registered for this invoice, write-offs and "
        "exchange differences do not count.\n"
        "On a credit note: the part already applied to invoices or other debts. Money "
        "paid back to the customer does not count.",
    )

    @api.depends(
        "state",
        "line_ids.matched_debit_ids",
        "line_ids.matched_credit_ids",
        "matched_payment_ids",
    )
    def _compute_used_balance(self):
        """One statement for any number of documents. Who may read a document may read
        what was used on it, whatever he may not read of what was applied."""
        used = self.env["account.used.balance"]._get_used_balances(self._origin)
        for move in self:
            move.used_balance = used.get(move._origin.id, 0.0)

    def action_view_used_balance(self):
        """What was applied to this document, or from it."""
        self.ensure_one()
        self.env["account.used.balance"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recurring_billing.account_used_balance_action"
        )
        action["domain"] = [("move_id", "=", self.id)]
        action["display_name"] = self.env._(
            "Used Balance of %(document)s", document=self.display_name
        )
        return action

    def _post(self, soft=True):
        self.env["invoice.kind.check"]._check(self)
        return super()._post(soft)

    def button_cancel(self):
        result = super().button_cancel()
        self._void_occurrences(self.env._("The invoice was cancelled."))
        return result

    def button_draft(self):
        result = super().button_draft()
        self._revive_occurrences()
        return result

    def _get_document_kind(self):
        """Bills of suppliers and entries have none: they are not sent to customers."""
        if not self.is_sale_document(include_receipts=True):
            return super()._get_document_kind()
        code = "credit_note" if self.move_type == "out_refund" else "invoice"
        return self.env["recurring.document.kind"]._get_by_code(code)

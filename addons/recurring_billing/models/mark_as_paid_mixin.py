from odoo import api, fields, models
from odoo.exceptions import UserError


class MarkAsPaidMixin(models.AbstractModel):
    """Invoices that are marked as paid, one or many, without a dialogue.

    It registers what core's *Pay* would with its own proposals: the whole open amount,
    today, the usual journal and method of payment, one payment for each invoice.
    """

    _name = "mark.as.paid.mixin"
    _inherit = "recurring.batch.mixin"
    _description = "Document that is marked as paid"

    def action_mark_as_paid(self):
        """Register today's payment of what is open on these customer invoices.

        Those that cannot be paid are told, each with its reason; the others are paid.

        :raises AccessError: without the right to register payments
        :raises UserError: when none could be paid
        """
        self.env["account.payment"].check_access("create")
        self.check_access("write")
        problems = {move: text for move in self if (text := move._get_unpayable_text())}
        payable = self.filtered(lambda move: move not in problems)
        for members in payable.grouped(lambda move: move._get_payment_key()).values():
            self._work_or_halve(
                lambda moves: moves._register_payments(),
                members,
                lambda move, error: problems.update(
                    {move: self.env["recurring.engine"]._describe_error(error)}
                ),
            )
        texts = [f"{move.display_name}: {text}" for move, text in problems.items()]
        paid = len(self) - len(problems)
        if not paid:
            raise UserError("\n".join(texts) or self.env._("Choose invoices first."))
        return self._get_paid_notification(paid, texts)

    def _get_unpayable_text(self):
        """Why this document cannot be marked as paid, or an empty text."""
        self.ensure_one()
        if not self.is_sale_document(include_receipts=True):
            return self.env._("it is no customer invoice or credit note.")
        if self.state != "posted":
            return self.env._("it is not posted. Confirm it first.")
        if self.payment_state == "blocked":
            return self.env._("its payment is blocked.")
        if self.currency_id.is_zero(self.amount_residual):
            return self.env._("nothing is left to pay.")
        return ""

    def _get_payment_key(self):
        """What documents share that one call of core's dialogue can register."""
        self.ensure_one()
        return (
            self.company_id,
            self.move_type == "out_refund",
            self.preferred_payment_method_line_id,
        )

    def _register_payments(self):
        """One payment for each of these documents of one company and direction."""
        company = self.company_id
        wizard = (
            self.env["account.payment.register"]
            .with_company(company)
            .with_context(active_model=self._name, active_ids=self.ids)
            .create(self._prepare_payment_register())
        )
        if not wizard.journal_id:
            raise UserError(
                self.env._(
                    "there is no bank or cash journal. Create one under Invoicing → "
                    "Configuration → Journals."
                )
            )
        wizard._create_payments()

    @api.model
    def _prepare_payment_register(self):
        return {
            "payment_date": fields.Date.context_today(self),
            "group_payment": False,
            "installments_mode": "full",
        }

    @api.model
    def _get_paid_notification(self, paid, texts):
        message = self.env._("%s marked as paid.", paid)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if texts else "success",
                "message": "\n".join([message, *texts]),
                "sticky": bool(texts),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

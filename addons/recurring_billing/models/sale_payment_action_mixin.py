from odoo import models
from odoo.exceptions import AccessError, UserError


class SalePaymentActionMixin(models.AbstractModel):
    """What people do about the payment of an order; see ``sale.payment.mixin``."""

    _name = "sale.payment.action.mixin"
    _description = "Buttons for the payment of an order"

    def _check_payment_rights(self):
        """:raises AccessError: for whom may not book payments"""
        if not self.env.su and not self.env.user.has_group(
            "recurring_billing.group_billing"
        ):
            raise AccessError(
                self.env._(
                    "Only people with the right “Recurring Billing: Billing” confirm "
                    "payments. Ask your administrator."
                )
            )
        self.check_access("read")

    def action_confirm_payment(
        self, amount=None, date=None, journal_id=None, reference=None
    ):
        """Book the payment of an order and make what follows from it.

        Pressed twice, or told by somebody else meanwhile, it books nothing more.

        :param float amount: what was received, with taxes, in the order's currency;
            default: all that is missing. Less than that issues nothing yet.
        :param date: day of the payment; default: today
        :param int journal_id: bank or cash journal; default: the company's first one
        :param str reference: e.g. the text of the transfer
        :return: a message that says what became of it
        :raises UserError: a cancelled order, a negative amount, no journal
        """
        self._check_payment_rights()
        for order in self.sudo():
            order._lock_for_payment()
            order._check_payable(amount)
            if order.is_payment_confirmed:
                continue
            missing = order.proforma_missing_amount
            paid = missing if amount is None else amount
            if order.currency_id.compare_amounts(paid, 0) > 0:
                values = order._prepare_payment(paid, date, journal_id, reference)
                order.env["account.payment"].create(values).action_post()
            order._confirm_payment("manual")
        return self._notify_payment()

    def _check_payable(self, amount):
        self.ensure_one()
        if self.state == "cancel":
            raise UserError(
                self.env._(
                    "%s is cancelled: nothing is to be paid. Set it to quotation "
                    "first.",
                    self.display_name,
                )
            )
        if amount is not None and self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(
                self.env._(
                    "%s: the amount received must be above 0.", self.display_name
                )
            )

    def _prepare_payment(self, amount, date=None, journal_id=None, reference=None):
        """Values of the payment of an order."""
        self.ensure_one()
        journal = self.env["account.journal"].browse(journal_id)
        journal = journal or self._get_payment_journal()
        if journal.company_id not in self.company_id.parent_ids | self.company_id:
            raise UserError(
                self.env._(
                    "%(journal)s belongs to another company than %(order)s.",
                    journal=journal.display_name,
                    order=self.display_name,
                )
            )
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.partner_invoice_id.commercial_partner_id.id,
            "amount": amount,
            "currency_id": self.currency_id.id,
            "date": date or self._get_payment_date(),
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "memo": reference or self.proforma_number or self.name,
            "proforma_order_id": self.id,
        }

    def _get_payment_journal(self):
        """Where money is booked if nobody says otherwise."""
        Journal = self.env["account.journal"]
        journal = Journal.search(
            [
                *Journal._check_company_domain(self.company_id),
                ("type", "in", ("bank", "cash")),
            ],
            order="type, sequence, id",
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no bank or cash journal. Create one under Invoicing → "
                    "Configuration → Journals.",
                    self.company_id.name,
                )
            )
        return journal

    def _notify_payment(self):
        """Say what the payment set in motion, or what is still missing."""
        texts = []
        for order in self.sudo():
            confirmation = order.payment_confirmation_ids
            texts.append(
                self.env._(
                    "%(order)s is paid. Invoice: %(invoice)s",
                    order=order.display_name,
                    invoice=confirmation.move_id.name or "–",
                )
                if confirmation
                else self.env._(
                    "%(order)s: %(amount)s is still missing. No invoice is issued yet.",
                    order=order.display_name,
                    amount=order.currency_id.format(order.proforma_missing_amount),
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": "\n".join(texts),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_payment_dialog(self):
        """Ask how much was received, when and where."""
        self.ensure_one()
        self._check_payment_rights()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Confirm Payment"),
            "res_model": "sale.payment.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_open_contract(self):
        self.ensure_one()
        return self.contract_document_ids._get_records_action()

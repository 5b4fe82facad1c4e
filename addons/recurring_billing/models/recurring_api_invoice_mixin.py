from odoo import Command, fields, models
from odoo.exceptions import UserError

from .. import api_input
from .recurring_api_mixin import answers_once


class RecurringApiInvoiceMixin(models.AbstractModel):
    """Invoices, credit notes and their payment; customers and lines as before."""

    _name = "recurring.api.invoice.mixin"
    _inherit = "recurring.api.customer.mixin"
    _description = "Part of the API: invoices"

    @answers_once
    def create_invoice(
        self,
        lines,
        partner_id=None,
        customer=None,
        invoice_date=None,
        due_date=None,
        reference=None,
        currency=None,
        post=True,
        send=False,
        idempotency_key=None,
    ):
        """Create an invoice, post it, and as wished send it.

        :param list lines: objects with ``product_id`` or ``product_code``, or
            ``name`` and ``price_unit``; ``quantity``, ``discount`` in percent,
            ``tax_ids`` (else those of product and customer)
        :param int partner_id: the customer; or
        :param dict customer: a new one, arguments as of ``create_customer``
        :param str currency: three letters; nothing: the customer's or the company's
        :param bool post: ``false`` leaves a draft without a number
        :param bool send: e-mail it to the customer
        :return: the invoice
        """
        post = api_input.get_yes_no("post", post)
        send = api_input.get_yes_no("send", send)
        values = {
            "move_type": "out_invoice",
            "partner_id": self._get_customer(partner_id, customer).id,
            "invoice_line_ids": self._prepare_lines(lines),
            **self._prepare_head(invoice_date, due_date, reference, currency),
        }
        invoice = self.env["account.move"].create(values)
        if post:
            invoice.action_post()
        if send:
            self._send(invoice)
        return self._describe_invoice(invoice)

    @answers_once
    def create_credit_note(
        self,
        reason,
        invoice_id=None,
        number=None,
        amount=None,
        lines=None,
        date=None,
        reason_code=None,
        send=False,
        idempotency_key=None,
    ):
        """Reverse an invoice, wholly or in part. The credit note settles it.

        :param str reason: why; printed on the credit note
        :param float amount: with taxes, shared out over the invoice's taxes; or
        :param list lines: as of :meth:`create_invoice`; neither: the whole invoice
        :param str reason_code: the legal reason, where the company asks for one
        :return: the credit note
        """
        reason = api_input.get_text("reason", reason, required=True)
        send = api_input.get_yes_no("send", send)
        if amount is not None and lines is not None:
            raise UserError(self.env._("Give amount or lines, not both."))
        invoice = self._find_invoice(invoice_id, number)
        self._check_creditable(invoice)
        code, day = self._check_code(reason_code), api_input.get_date("date", date)
        note = self._reverse(invoice, reason, code, day)
        if lines is not None:
            note.invoice_line_ids = [Command.clear(), *self._prepare_lines(lines)]
        if amount is not None:
            self._reduce(invoice, note, reason, amount)
        self._check_not_above(invoice, note)
        note.action_post()
        if send:
            self._send(note)
        return self._describe_invoice(note)

    @answers_once
    def mark_as_paid(
        self,
        invoice_id=None,
        number=None,
        amount=None,
        date=None,
        journal_id=None,
        reference=None,
        idempotency_key=None,
    ):
        """Register a payment of an invoice.

        :param float amount: in the invoice's currency; nothing: all that is due
        :param str date: of the payment; nothing: today
        :param int journal_id: bank or cash journal that got the money
        :return: the invoice
        """
        invoice = self._find_invoice(invoice_id, number)
        amount = self._get_payable(invoice, amount)
        values = {
            "payment_date": api_input.get_date("date", date)
            or fields.Date.context_today(self),
            "currency_id": invoice.currency_id.id,
            "amount": amount,
            "installments_mode": "full",
            "group_payment": True,
        }
        if journal := self._find_journal(journal_id):
            values["journal_id"] = journal.id
        if memo := api_input.get_text("reference", reference):
            values["communication"] = memo
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(values)._create_payments()
        return self._describe_invoice(invoice)

    # === PARTS === #

    def _prepare_head(self, invoice_date, due_date, reference, currency):
        values = {
            "invoice_date": api_input.get_date("invoice_date", invoice_date)
            or fields.Date.context_today(self),
            "ref": api_input.get_text("reference", reference),
        }
        if due := api_input.get_date("due_date", due_date):
            values |= {"invoice_date_due": due, "invoice_payment_term_id": False}
        if code := api_input.get_text("currency", currency):
            domain = [("name", "=", code.upper())]
            found = self._find_one("res.currency", "currency", domain, code)
            values["currency_id"] = found.id
        return values

    def _prepare_lines(self, lines):
        return api_input.get_list(
            "lines", lines, self._prepare_invoice_line, required=True
        )

    def _prepare_invoice_line(self, name, line):
        values = self._prepare_line(name, line)
        if not values["product_id"] and not (
            values.get("name") and "price_unit" in values
        ):
            raise UserError(
                self.env._(
                    "%s: product_id or product_code is needed, or name and price_unit.",
                    name,
                )
            )
        quantity = api_input.get_number(f"{name}.quantity", line.get("quantity"), 1)
        return Command.create({**values, "quantity": quantity})

    def _get_payable(self, invoice, amount):
        """What is paid of an invoice: the amount given, or all that is due."""
        due, currency = invoice.amount_residual, invoice.currency_id
        if invoice.state != "posted" or currency.is_zero(due):
            raise UserError(self.env._("%s: nothing is due.", invoice.display_name))
        if amount is None:
            return due
        amount = api_input.get_number("amount", amount, positive=True)
        if currency.compare_amounts(amount, due) > 0:
            raise UserError(
                self.env._(
                    "%(invoice)s: only %(due)s %(currency)s are due.",
                    invoice=invoice.display_name,
                    due=due,
                    currency=currency.name,
                )
            )
        return amount

    def _check_creditable(self, invoice):
        if invoice.move_type != "out_invoice" or invoice.state != "posted":
            raise UserError(
                self.env._(
                    "%s is no posted invoice: there is nothing to credit.",
                    invoice.display_name,
                )
            )

    def _check_code(self, code):
        field = self.env["account.move.reversal"]._fields["corrective_reason_code"]
        known = field.get_values(self.env)
        if code is not None and code not in known:
            raise UserError(self.env._("reason_code: known are %s.", ", ".join(known)))
        return code or False

    def _reverse(self, invoice, reason, code, date):
        """A draft credit note, as the button on the invoice makes it."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": invoice.journal_id.id,
                    "reason": reason,
                    "corrective_reason_code": code,
                    "date": date or fields.Date.context_today(self),
                }
            )
        )
        wizard.refund_moves()
        return wizard.new_move_ids

    def _reduce(self, invoice, note, reason, amount):
        """One line for each combination of taxes, exact to the cent in the total."""
        amount = api_input.get_number("amount", amount, positive=True)
        Tax = self.env["account.tax"]
        base_lines, _tax_lines = invoice._get_rounded_base_and_tax_lines()
        parts = Tax._prepare_down_payment_lines(
            base_lines=base_lines,
            company=invoice.company_id,
            amount_type="fixed",
            amount=amount,
            computation_key=f"credit,{note.id}",
            grouping_function=lambda line: {"account_id": line["account_id"]},
        )
        note.invoice_line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": reason,
                        "account_id": part["account_id"].id,
                        "quantity": part["quantity"],
                        "price_unit": part["price_unit"],
                        "tax_ids": [Command.set(part["tax_ids"].ids)],
                        "extra_tax_data": Tax._export_base_line_extra_tax_data(part),
                    }
                )
                for part in parts
            ),
        ]

    def _check_not_above(self, invoice, note):
        """No more is credited than was billed, former credit notes included."""
        before = invoice.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_refund"
        )
        left = invoice.amount_total - sum(before.mapped("amount_total"))
        if invoice.currency_id.compare_amounts(note.amount_total, left) > 0:
            raise UserError(
                self.env._(
                    "%(invoice)s: at most %(left)s %(currency)s can be credited.",
                    invoice=invoice.display_name,
                    left=invoice.currency_id.round(left),
                    currency=invoice.currency_id.name,
                )
            )

    def _send(self, move):
        if move.state != "posted":
            raise UserError(self.env._("send: a draft is not sent. Post it, too."))
        self.env["document.delivery"]._create_for_document(
            move, move._get_default_addressees()[:1] or move.partner_id
        )

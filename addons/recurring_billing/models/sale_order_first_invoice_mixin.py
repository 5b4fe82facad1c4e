from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .recurring_planner import ISSUED


class SaleOrderFirstInvoiceMixin(models.AbstractModel):
    """The first payment of an order: what is asked for, its invoice, and the end."""

    _name = "sale.order.first.invoice.mixin"
    _inherit = "sale.order.billing.task.mixin"
    _description = "First invoice of an order"

    # === FIRST PAYMENT === #

    @api.depends("instalment_count")
    def _compute_proforma_amount(self):
        return super()._compute_proforma_amount()

    def _get_first_payment_amount(self):
        """Gross amount that is asked for first, in the currency of the order.

        The first instalment exactly as it will be invoiced; else the order's total.
        """
        self.ensure_one()
        if not self._is_paid_by_instalments():
            return super()._get_first_payment_amount()
        Tax = self.env["account.tax"]
        base_lines = [
            line._prepare_base_line_for_taxes_computation(
                quantity=1.0,
                price_unit=line._get_first_instalment(),
                discount=0.0,
                special_type=False,
                extra_tax_data={},
            )
            for line in self._get_billing_lines().filtered(lambda x: not x.display_type)
        ]
        company = self.company_id or self.env.company
        Tax._add_tax_details_in_base_lines(base_lines, company)
        Tax._round_base_lines_tax_details(base_lines, company)
        totals = Tax._get_tax_totals_summary(base_lines, self.currency_id, company)
        return totals["total_amount_currency"]

    # === FIRST INVOICE === #

    def _create_first_invoice(self, date=None):
        """The invoice of the first payment, a draft; made once.

        Of an order that is billed over time: the first instalment, or the first period
        of the periodic lines and everything that is billed once. What stands for a
        period is in the ledger at once, so no task issues it again.

        :param date date: on the invoice; default: today where the company is
        :return: the invoice; that of the first period or instalment, if it exists and
            nothing else is left to invoice
        """
        self.ensure_one()
        order = self.sudo().with_company(self.company_id)
        date = date or order._get_billing_today()
        if not order._is_billed_over_time():
            return super()._create_first_invoice(date)
        first = order._get_first_row().move_id
        if order._is_paid_by_instalments():
            return first or order._create_first_instalment(date)
        order = order.with_context(
            bill_first_period=not first, raise_if_nothing_to_invoice=False
        )
        order._force_lines_to_invoice_policy_order()
        invoice = order._create_invoices(final=True)
        if not invoice:
            return first
        invoice.invoice_date = date
        task = order._get_billing_tasks()
        if task and not first:
            row = order._adopt_first_invoice(task, invoice)
            order._fill_in_first_period(invoice, row)
        return self.env["account.move"].sudo().browse(invoice.ids)

    def _get_first_row(self):
        """The ledger row of the first document, if there is one."""
        rows = self._get_billing_tasks().occurrence_ids
        return rows.filtered(lambda r: r.state in ISSUED).sorted("scheduled_date")[:1]

    def _create_first_instalment(self, date):
        """Made as the task makes the others: a row of the ledger, then its document."""
        task = self._get_billing_tasks() or self._create_billing_task(date)
        row = self.env["recurring.occurrence"].create(
            [task.recipient_ids._prepare_first_row(date)]
        )
        row.flush_recordset()
        engine = self.env["recurring.engine"]._with_task_company(task)
        handler = task.with_env(engine.env)._get_handler()
        invoice = handler._create_documents(row.with_env(engine.env))
        row.write(handler._prepare_outcome(invoice))
        task.recipient_ids._refresh_next_date()
        return self.env["account.move"].browse(invoice.ids)

    def _adopt_first_invoice(self, task, invoice):
        """Let the invoice stand for the first period, with its figures of now.

        :return: its row of the ledger
        """
        row = invoice.recurring_occurrence_id
        if row:
            row.write(task._get_handler()._prepare_outcome(invoice))
            return row
        return self.env["recurring.occurrence"]._adopt(task.recipient_ids, invoice)

    def _fill_in_first_period(self, invoice, row):
        """Words in braces, as in the documents of the task."""
        handler = row.task_id._get_handler()
        texts = handler._get_line_texts(row) | {"number": "1"}
        for line in invoice.invoice_line_ids:
            task_line = row.task_id.line_ids.filtered(
                lambda x, line=line: x.sale_line_id in line.sale_line_ids
            )
            if task_line and "{" in (line.name or ""):
                line.name = task_line[0]._fill_in(line.name, texts)

    # === BUTTONS === #

    def action_bill_first_instalment(self):
        """Issue and e-mail the first instalment; the task issues the others monthly.

        :return: action that opens the invoices
        :raises UserError: an order that is not confirmed, has no instalments, or whose
            instalments have begun
        """
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")
        for order in self:
            order.sudo()._bill_first_instalment()
        return self.action_view_invoice()

    def _bill_first_instalment(self):
        self.ensure_one()
        # two people press at once: the second waits, and sees the task
        self.lock_for_update(allow_referencing=True)
        if self.state != "sale" or not self._is_paid_by_instalments():
            raise UserError(
                self.env._(
                    "%s is not confirmed, or is not paid in instalments.",
                    self.display_name,
                )
            )
        if first := self._get_first_row():
            raise UserError(
                self.env._(
                    "The first instalment of %(order)s was billed already: "
                    "%(invoice)s.",
                    order=self.display_name,
                    invoice=first.document_name,
                )
            )
        invoice = self._create_first_invoice()
        invoice.action_post()
        self._start_billing(invoice)
        rows = invoice.recurring_occurrence_id
        self.env["document.delivery"]._create_for_occurrences(rows)

    def action_stop_billing(self):
        """End the billing of these orders; what was issued stays to be paid.

        :return: a notification that says what is open and what is not asked for any
            more; it is noted on the order, too
        :raises UserError: nothing is being billed
        """
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")
        texts = []
        for order in self.sudo():
            task = order.billing_task_id
            if task.state not in ("draft", "running", "paused"):
                raise UserError(
                    self.env._("%s is not being billed.", order.display_name)
                )
            task.with_env(self.env).action_stop()
            order.invalidate_recordset(["billing_state"])
            text = order._describe_what_is_open(task)
            order.message_post(body=text)
            texts.append(f"{order.display_name}: {text}")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "title": self.env._("Billing stopped"),
                "message": "\n".join(texts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _describe_what_is_open(self, task):
        """Invoices to be paid, and instalments that are not asked for any more."""
        self.ensure_one()
        unpaid = self.invoice_ids.filtered(
            lambda m: (
                m.state == "posted"
                and m.move_type == "out_invoice"
                and not m.currency_id.is_zero(m.amount_residual)
            )
        )
        parts = [self.env._("No further invoice is issued.")]
        if unpaid:
            listed = ", ".join(
                f"{m.name} ({self._print_amount(m.amount_residual, m.currency_id)})"
                for m in unpaid.sorted("invoice_date")
            )
            parts.append(self.env._("Still to be paid: %s.", listed))
        else:
            parts.append(self.env._("All invoices are paid."))
        if self._is_paid_by_instalments():
            issued = len(task.occurrence_ids.filtered(lambda r: r.state in ISSUED))
            rest = self.amount_total - self.amount_invoiced
            if left := max(self.instalment_count - issued, 0):
                parts.append(
                    self.env._(
                        "Not asked for any more: %(count)s instalments, %(amount)s.",
                        count=left,
                        amount=self._print_amount(rest, self.currency_id),
                    )
                )
        return " ".join(parts)

    def _print_amount(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)

    # === CORE'S WAY OF INVOICING === #

    def _force_lines_to_invoice_policy_order(self):
        """Core invoices an order in full when it is paid; what the task bills is left
        out, but for the first period if it is asked for."""
        result = super()._force_lines_to_invoice_policy_order()
        for line in self.order_line.filtered(lambda x: x._is_billed_over_time()):
            is_first = (
                self.env.context.get("bill_first_period") and line.billed_periodically
            )
            line.qty_to_invoice = line.product_uom_qty if is_first else 0.0
        return result

    def _nothing_to_invoice_error_message(self):
        instalments = self.filtered(lambda order: order._is_paid_by_instalments())
        if instalments:
            return self.env._(
                "%s is paid in instalments: press “Bill First Instalment”; its "
                "recurring task issues the others.",
                instalments[0].display_name,
            )
        if any(self.mapped("is_billed_periodically")):
            return self.env._(
                "%s: its recurring task issues the invoices; nothing else is left.",
                self[0].display_name,
            )
        return super()._nothing_to_invoice_error_message()

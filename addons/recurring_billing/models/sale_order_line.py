from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..instalments import split_amount

#: A change of these reaches the task that bills the order.
BILLED = {
    "product_id",
    "name",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "sequence",
    "analytic_distribution",
}


class SaleOrderLine(models.Model):
    """What is billed over time is invoiced by a task, and never offered by core.

    Invoices of the task are linked to the lines as core's own are; these methods tell
    core how much of a line they are, and that nothing is left to invoice by hand.
    """

    _inherit = "sale.order.line"

    billed_periodically = fields.Boolean(
        help="Invoiced again in each period, from the start of the service on.",
    )

    @api.constrains("billed_periodically")
    def _check_billed_periodically(self):
        self.order_id._check_billing()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._follow_in_billing()
        return lines

    def write(self, vals):
        if "billed_periodically" in vals:
            self._check_mark(vals["billed_periodically"])
        result = super().write(vals)
        if BILLED & set(vals):
            self.filtered(lambda line: line.state == "sale")._follow_in_billing()
        return result

    def unlink(self):
        orders = self.filtered(lambda line: line.state == "sale").order_id
        result = super().unlink()
        orders.exists().sudo()._update_billing_lines()
        return result

    def _check_mark(self, mark):
        for line in self.filtered(lambda x: x.state == "sale"):
            if bool(line.billed_periodically) != bool(mark):
                raise UserError(
                    self.env._(
                        "“%(line)s”: %(order)s is confirmed, so what is billed "
                        "periodically is agreed. Add a new line instead.",
                        line=line.name,
                        order=line.order_id.display_name,
                    )
                )

    def _follow_in_billing(self):
        """A confirmed order was changed: its task follows from the next document on."""
        for order in self.order_id.sudo():
            if not any(line._is_billed_over_time() for line in order.order_line):
                continue
            if order._get_billing_tasks():
                order._update_billing_lines()
            elif order.is_billed_periodically:
                order._start_billing()
        instalments = self.filtered(lambda line: line._is_instalment_line())
        self.env.add_to_compute(self._fields["qty_invoiced"], instalments)

    # === WHAT IS BILLED OVER TIME === #

    def _is_billed_over_time(self):
        """Whether a recurring task invoices this line, and core does not."""
        self.ensure_one()
        return bool(
            not self.display_type
            and not self.is_downpayment
            and not self.is_expense
            and (self.billed_periodically or self.order_id._is_paid_by_instalments())
        )

    def _is_instalment_line(self):
        return self._is_billed_over_time() and self.order_id._is_paid_by_instalments()

    def _get_instalment_total(self):
        """Price of the whole line, with taxes as far as they are in the price."""
        self.ensure_one()
        price = self.price_unit * (1 - self.discount / 100)
        return self.currency_id.round(self.product_uom_qty * price)

    def _get_first_instalment(self):
        """Price of the line in the first instalment."""
        return split_amount(
            self._get_instalment_total(),
            self.order_id.instalment_count,
            self.currency_id.rounding,
        )[0]

    def _prepare_billing_line(self):
        """Values of the task line that bills this line."""
        self.ensure_one()
        values = {
            "sale_line_id": self.id,
            "sequence": self.sequence,
            "name": self.name,
            "collapse_prices": self.collapse_prices,
            "collapse_composition": self.collapse_composition,
        }
        if self.display_type:
            return {**values, "display_type": self.display_type}
        values |= {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "tax_is_final": True,
            "analytic_distribution": self.analytic_distribution,
        }
        if not self._is_instalment_line():
            return values | {
                "quantity": self.product_uom_qty,
                "price_unit": self.price_unit,
                "discount": self.discount,
            }
        return values | {
            "name": self._get_instalment_text(),
            "quantity": 1.0,
            "price_unit": self._get_first_instalment(),
            "discount": 0.0,
        }

    def _get_instalment_text(self):
        """The line's text in the customer's language; the task fills in the number."""
        order = self.order_id
        lang = order.partner_invoice_id.lang or self.env.lang
        return self.with_context(lang=lang).env._(
            "%(line)s (instalment {number} of %(count)s)",
            line=self.name,
            count=order.instalment_count,
        )

    # === WHAT CORE COUNTS === #

    def _prepare_qty_invoiced(self):
        """Of instalments, the quantity that corresponds to what was invoiced."""
        quantities = super()._prepare_qty_invoiced()
        for line in self.filtered(lambda x: x._is_instalment_line()):
            quantities[line] = line._get_instalment_quantity(
                lambda move: move.state != "cancel"
            )
        return quantities

    def _compute_qty_invoiced_posted(self):
        result = super()._compute_qty_invoiced_posted()
        for line in self.filtered(lambda x: x._is_instalment_line()):
            line.qty_invoiced_posted = line._get_instalment_quantity(
                lambda move: move.state == "posted"
            )
        return result

    def _get_instalment_quantity(self, counts):
        """Part of the ordered quantity that these invoices come to.

        :param counts: tells of a document whether it counts
        """
        invoiced = number = 0.0
        for line in self._get_invoice_lines().filtered(lambda x: counts(x.move_id)):
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            price = line.quantity * line.price_unit * (1 - line.discount / 100)
            invoiced += sign * price
            number += sign * line.quantity
        total = self._get_instalment_total()
        if not total:  # a line without price: count the instalments
            return self.product_uom_qty * number / self.order_id.instalment_count
        return self.product_uom_qty * self.currency_id.round(invoiced) / total

    def _compute_qty_to_invoice(self):
        result = super()._compute_qty_to_invoice()
        self.filtered(lambda x: x._is_billed_over_time()).qty_to_invoice = 0.0
        return result

    def _compute_invoice_status(self):
        """A confirmed order without its first instalment waits for somebody."""
        result = super()._compute_invoice_status()
        lines = self.filtered(lambda x: x.state == "sale" and x._is_instalment_line())
        if lines:
            begun = lines.order_id._get_billing_tasks().sale_order_id
            lines = lines.filtered(lambda x: x.order_id not in begun)
            lines.invoice_status = "to invoice"
        return result

    def _compute_untaxed_amount_to_invoice(self):
        result = super()._compute_untaxed_amount_to_invoice()
        lines = self.filtered(lambda x: x.state == "sale" and x._is_billed_over_time())
        for line, is_open in lines._get_open_instalments().items():
            rest = line.price_subtotal - line.untaxed_amount_invoiced
            line.untaxed_amount_to_invoice = rest if is_open else 0.0
        return result

    def _compute_amount_to_invoice(self):
        result = super()._compute_amount_to_invoice()
        lines = self.filtered(lambda x: x._is_billed_over_time())
        for line, is_open in lines._get_open_instalments().items():
            rest = line.price_total - line.amount_invoiced
            line.amount_to_invoice = rest if is_open else 0.0
        return result

    def _get_open_instalments(self):
        """Whether a rest of each line will still be asked for: ``{line: bool}``.

        Periodic lines have no rest, and a task that ended asks for nothing any more.
        """
        if not self:
            return {}
        tasks = self.order_id._get_billing_tasks()
        over = tasks.filtered(lambda task: task.state == "done").sale_order_id
        return {
            line: line._is_instalment_line() and line.order_id not in over
            for line in self
        }

from odoo import Command, api, models

from ..instalments import split_amount
from .recurring_planner import ISSUED


class RecurringDocumentOrderInvoice(models.AbstractModel):
    """Invoices that bill an order over time: periodic lines, or instalments.

    Their lines are made by core from the lines of the order, so that the order counts
    them as invoiced. Tasks without an order are not touched.
    """

    _name = "recurring.document.order.invoice"
    _inherit = "recurring.document"
    _description = "Invoice of an order, issued by a recurring task"

    @api.model
    def _prepare_row_lines(self, row, prices, names, texts):
        result = super()._prepare_row_lines(row, prices, names, texts)
        if not row.task_id.sale_order_id:
            return result
        shares = self._get_instalments(row)
        lines = row.task_id.line_ids.with_context(lang=row.recipient_id.lang_used)
        return [
            self._prepare_order_line(line, values["name"], shares.get(line))
            if line.sale_line_id
            else values
            for line, values in zip(lines, result, strict=True)
        ]

    @api.model
    def _prepare_order_line(self, line, name, share=None):
        """Values of an invoice line, as core makes it from the line of the order.

        :param str name: its text
        :param float share: price of the instalment, if it is one
        """
        sale_line = line.sale_line_id
        if sale_line.product_id:
            name = self.env["account.move.line"]._get_journal_items_full_name(
                name, sale_line.product_id.display_name
            )
        chosen = {"sequence": line.sequence, "name": name}
        if not line.display_type and sale_line.product_id.type != "combo":
            # of core's own values, the data on taxes are made for one invoice of all
            chosen |= {"quantity": sale_line.product_uom_qty, "extra_tax_data": False}
            if share is not None:
                chosen |= {"quantity": 1.0, "price_unit": share, "discount": 0.0}
        prepared = sale_line._prepare_invoice_line(**chosen)
        return {**prepared, "sale_line_ids": [Command.set(sale_line.ids)]}

    @api.model
    def _get_instalments(self, row):
        """Price of each line in the instalment of ``row``: ``{line: price}``.

        What is not billed yet is split evenly into the instalments that are left, so
        that they always add up, also when the order was changed meanwhile. Credit
        notes do not count: what was credited is not asked for again by itself.
        """
        task = row.task_id
        if not task.sale_order_id._is_paid_by_instalments():
            return {}
        others = self._get_other_rows(row)
        billed = others.filtered("move_id")
        # documents of the same batch that do not exist yet and come before this one
        ahead = len(others.filtered(lambda r: r.scheduled_date < row.scheduled_date))
        ahead -= len(billed.filtered(lambda r: r.scheduled_date < row.scheduled_date))
        left = max(task.max_documents - len(billed), ahead + 1)
        amounts = self._get_billed_amounts(billed.move_id)
        return {
            line: split_amount(
                line.sale_line_id._get_instalment_total()
                - amounts.get(line.sale_line_id, 0.0),
                left,
                task.currency_id.rounding,
            )[ahead]
            for line in task.line_ids
            if line.sale_line_id and not line.display_type
        }

    @api.model
    def _get_other_rows(self, row):
        return self.env["recurring.occurrence"].search(
            [
                ("recipient_id", "=", row.recipient_id.id),
                ("state", "in", ISSUED),
                ("id", "!=", row.id),
            ]
        )

    @api.model
    def _get_billed_amounts(self, invoices):
        """Prices of these invoices by line of the order, as on the order."""
        amounts = {}
        for line in invoices.invoice_line_ids:
            price = line.quantity * line.price_unit * (1 - line.discount / 100)
            for sale_line in line.sale_line_ids:
                amounts[sale_line] = amounts.get(sale_line, 0.0) + price
        return amounts

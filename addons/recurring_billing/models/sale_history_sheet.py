import io

import xlsxwriter

from odoo import api, models

INVOICE_FIELDS = (
    "name",
    "invoice_date",
    "invoice_date_due",
    "currency_id",
    "amount_total",
    "amount_residual",
    "used_balance",
)


class SaleHistorySheet(models.AbstractModel):
    """The sales history as an Excel file: operations, invoices, credit notes, totals.

    Texts are written as texts: a document called "=1+1" is no formula.
    """

    _name = "sale.history.sheet"
    _description = "Sales history in Excel"

    @api.model
    def _render(self, customers):
        """The file.

        :param list customers: as ``sale.history.selection`` prepares them
        """
        buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        }
        with xlsxwriter.Workbook(buffer, options) as book:
            for title, header, lines in self._get_tables(customers):
                self._write_table(book, title, header, lines)
        return buffer.getvalue()

    @api.model
    def _get_tables(self, customers):
        """Name, header and lines of each sheet."""
        yield self.env._("Sales History"), *self._get_operations(customers)
        for title, key in (
            (self.env._("Invoices"), "invoices"),
            (self.env._("Credit Notes"), "credit_notes"),
        ):
            yield title, *self._get_moves(customers, key)
        yield self.env._("Totals"), *self._get_totals(customers)

    @api.model
    def _get_operations(self, customers):
        History = self.env["sale.history"]
        columns = History._get_columns()
        names = ("date", "partner_id", "currency_id", "amount_total", "residual")
        labels = {
            name: value["string"]
            for name, value in History.fields_get(
                (*names, "other_residual"), ["string"]
            ).items()
        }
        first, last = names[:2], (*names[2:], "other_residual")
        header = [labels[name] for name in first]
        header += [*columns.values(), *(labels[name] for name in last)]
        lines = [
            [self._get_cell(row, name) for name in (*first, *columns, *last)]
            for customer in customers
            for row in customer["rows"]
        ]
        return header, lines

    @api.model
    def _get_moves(self, customers, key):
        labels = self.env["account.move"].fields_get(INVOICE_FIELDS, ["string"])
        partner = self.env["sale.history"].fields_get(["partner_id"], ["string"])
        header = [partner["partner_id"]["string"]]
        header += [labels[name]["string"] for name in INVOICE_FIELDS]
        lines = [
            [
                customer["partner"].display_name,
                *(self._get_cell(move, name) for name in INVOICE_FIELDS),
            ]
            for customer in customers
            for move in customer[key]
        ]
        return header, lines

    @api.model
    def _get_totals(self, customers):
        header = [self.env._("Customer"), self.env._("What"), self.env._("Shown")]
        lines = []
        for customer in customers:
            name = customer["partner"].display_name
            lines += [[name, label, number] for label, number in customer["counters"]]
            lines.append(
                [name, self.env._("Due of the operations shown"), customer["due"]]
            )
            lines.append(
                [name, self.env._("Outstanding balance"), customer["outstanding"]]
            )
        return header, lines

    @api.model
    def _get_cell(self, record, name):
        field, value = record._fields[name], record[name]
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "monetary":
            return record.currency_id.round(value)
        return value or ""

    @api.model
    def _write_table(self, book, title, header, lines):
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        for number, line in enumerate(lines, start=1):
            sheet.write_row(number, 0, line)

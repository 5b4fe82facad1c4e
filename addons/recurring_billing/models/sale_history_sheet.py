import io

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
    """The sales history in Excel: operations, invoices, credit notes, totals."""

    _name = "sale.history.sheet"
    _description = "Sales history in Excel"

    @api.model
    def _render(self, customers):
        """The file.

        :param list customers: as ``sale.history.selection`` prepares them
        """
        buffer = io.BytesIO()
        self.env["sheet.writer"]._write_book(buffer, self._get_tables(customers))
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

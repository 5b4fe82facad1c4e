import io

from odoo import models
from odoo.tools import split_every

#: Documents whose records are in memory at once.
READ_STEP = 500
DOCUMENT_FIELDS = (
    "date",
    "kind",
    "document_type",
    "partner_id",
    "task_id",
    "state",
    "currency_id",
    "amount_untaxed",
    "amount_tax",
    "amount_total",
    "email_to",
    "email_cc",
    "message",
    "mail_warning",
)
LINE_FIELDS = (
    "product_id",
    "name",
    "quantity",
    "price_unit",
    "discount",
    "taxes",
    "price_subtotal",
)


class RecurringSimulationSheetMixin(models.AbstractModel):
    """A simulation in Excel: what would happen, and the lines of each document."""

    _name = "recurring.simulation.sheet.mixin"
    _description = "Simulation in Excel"

    def action_download(self):
        """The Excel file, fetched by the browser."""
        self._check_rights()
        self.ensure_one()
        url = f"/recurring_billing/simulation/{self.id}"
        return self.env["file.archive"]._get_download_action(url)

    def _get_sheet(self):
        """Name and content of the file, for its own user."""
        self.ensure_one()
        self._check_rights()
        buffer = io.BytesIO()
        self.env["sheet.writer"]._write_book(buffer, self._get_tables())
        return self.env._("Simulation %s", self.name) + ".xlsx", buffer.getvalue()

    def _get_tables(self):
        """Name, header and lines of each sheet."""
        Document = self.env["recurring.simulation.document"]
        Line = self.env["recurring.simulation.line"]
        first = ("date", "partner_id")
        yield (
            self.env._("Documents"),
            self._get_header(Document, DOCUMENT_FIELDS),
            (
                self._get_cells(row, DOCUMENT_FIELDS)
                for row in self._iterate_documents()
            ),
        )
        yield (
            self.env._("Lines"),
            self._get_header(Document, first) + self._get_header(Line, LINE_FIELDS),
            (
                self._get_cells(row, first) + self._get_cells(line, LINE_FIELDS)
                for row in self._iterate_documents()
                for line in row.line_ids
            ),
        )

    def _iterate_documents(self):
        ids = self.env["recurring.simulation.document"].search(
            [("simulation_id", "=", self.id)]
        )
        for part in split_every(READ_STEP, ids.ids):
            yield from ids.browse(part)
            self.env.invalidate_all()  # memory stays flat

    def _get_header(self, model, names):
        labels = model.fields_get(names, ["string"])
        return [labels[name]["string"] for name in names]

    def _get_cells(self, record, names):
        return [self._get_cell(record, name) for name in names]

    def _get_cell(self, record, name):
        field, value = record._fields[name], record[name]
        if field.relational:
            return value.display_name or ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "monetary":
            return record.currency_id.round(value)
        return value if value is not False else ""

import base64
import csv
import io
import zipfile
from contextlib import contextmanager

from odoo import api, models
from odoo.fields import NO_ACCESS
from odoo.tools import split_every

#: Records read at a time.
BATCH = 1000
#: A spreadsheet takes text that begins so for a formula, and runs it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UninstallExport(models.AbstractModel):
    """Writes what goes with an app into a ZIP: tables as CSV, and files.

    Columns are named as core's import names them: ``.id`` is the number of a record,
    ``partner_id/.id`` that of its contact and ``partner_id`` the contact's name.
    """

    _name = "uninstall.export"
    _description = "Export of what goes with an app"

    @api.model
    def _write(self, stream, names):
        """
        :param stream: a file that is open for bytes
        :param names: technical names of the apps that go
        """
        self = self.sudo().with_context(active_test=False)
        Loss = self.env["uninstall.loss"]
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for model in Loss._get_models(names).mapped("model"):
                records = self.env[model].browse(Loss._get_ids(model))
                self._write_records(archive, records)
            for model, fields in Loss._get_fields(names).items():
                if fields := list(Loss._count_values(model, fields)):
                    records = self.env[model].browse(Loss._get_ids(model, fields))
                    self._write_records(archive, records, fields)
            for records in Loss._get_hanging(names):
                self._write_records(archive, records)

    # === TABLES === #

    @api.model
    def _write_records(self, archive, records, fields=None):
        """A table of these records, with what they keep in these fields, or in all."""
        Loss = self.env["uninstall.loss"]
        if fields is None:
            every = records._fields.values()
            fields = [field for field in every if Loss._holds_values(field)]
        # keys and passwords: nobody may read them
        fields = [f for f in fields if f.groups != NO_ACCESS and f.name != "id"]
        with self._open_table(archive, f"{records._name}.csv") as table:
            table.writerow(self._get_header(fields))
            for numbers in split_every(BATCH, records.ids):
                for row in self._read_rows(records.browse(numbers), fields):
                    table.writerow(row)
                self.env.invalidate_all()
        for field in fields:
            if field.type == "binary":
                self._write_files(archive, records, field)
        if records._name == "ir.attachment":
            self._write_files(archive, records, records._fields["datas"])

    @api.model
    @contextmanager
    def _open_table(self, archive, name):
        # Excel needs the mark at the beginning to take it for UTF-8.
        with (
            archive.open(name, "w", force_zip64=True) as raw,
            io.TextIOWrapper(raw, "utf-8-sig", newline="") as text,
        ):
            yield csv.writer(text)

    @api.model
    def _get_header(self, fields):
        header = [".id", "display_name"]
        for field in fields:
            header += [f"{field.name}/.id"] if field.relational else []
            header.append(field.name)
        return header

    @api.model
    def _read_rows(self, records, fields):
        """Rows of cells; what they are related to is named in one go for all."""
        names = [field.name for field in fields]
        titles = {
            field: self._get_titles(records, field)
            for field in fields
            if field.relational
        }
        # of a file only its size: it is written beside the table
        for values in records.with_context(bin_size=True).read(
            ["display_name", *names], load=None
        ):
            row = [values["id"], self._get_safe(values["display_name"])]
            for field in fields:
                value = values[field.name]
                if field.relational:
                    row += self._get_link_cells(value, titles[field])
                elif field.type == "binary":
                    row.append(value and self._get_file_name(field, values["id"]))
                else:
                    row.append(self._get_cell(field, value))
            yield row

    @api.model
    def _get_titles(self, records, field):
        """Names of the records that these point at, by number."""
        related = records.mapped(field.name).exists()
        return {record.id: record.display_name or "" for record in related}

    @api.model
    def _get_link_cells(self, value, titles):
        numbers = value if isinstance(value, list | tuple) else filter(None, [value])
        numbers = list(numbers)
        names = ", ".join(titles.get(number, "") for number in numbers)
        return [", ".join(map(str, numbers)), self._get_safe(names)]

    @api.model
    def _get_cell(self, field, value):
        if value is False and field.type != "boolean":
            return ""
        return self._get_safe(value)

    @api.model
    def _get_safe(self, value):
        """Text that a spreadsheet shows and does not run."""
        if isinstance(value, str) and value.startswith(FORMULA):
            return f"'{value}"
        return value

    # === FILES === #

    @api.model
    def _get_file_name(self, field, number):
        return f"files/{field.model_name}/{number}.{field.name}"

    @api.model
    def _write_files(self, archive, records, field):
        """The files that the records keep in a field, one at a time."""
        for record in records:
            content = record.with_prefetch()[field.name]
            if content:
                name = self._get_file_name(field, record.id)
                archive.writestr(name, base64.b64decode(content))
            record.invalidate_recordset()

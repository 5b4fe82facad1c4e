import xlsxwriter

from odoo import api, models


class SheetWriter(models.AbstractModel):
    """Tables as an Excel file, row by row: only the row at hand is in memory.

    Texts are written as texts: a document called "=1+1" is no formula.
    """

    _name = "sheet.writer"
    _description = "Writer of Excel files"

    @api.model
    def _write_book(self, stream, tables):
        """Write an Excel file.

        :param stream: a binary file, open for writing
        :param tables: name, header and lines of each sheet; lines may be a generator
        """
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        }
        with xlsxwriter.Workbook(stream, options) as book:
            for title, header, lines in tables:
                self._write_table(book, title, header, lines)

    @api.model
    def _write_table(self, book, title, header, lines):
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        for number, line in enumerate(lines, start=1):
            sheet.write_row(number, 0, line)

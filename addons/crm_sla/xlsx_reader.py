"""Cells of an Excel file, row by row, and what each of them is: number, text, formula.

Only what is needed to read a list, within limits that hold time and memory down. The
format decides what is a date; formulas are named, never worked out. No Odoo.

Not openpyxl: without defusedxml it accepts document types, it unfolds merged areas and
links cell by cell (one tag is enough for 17 billion cells), and a bad number ends in a
Python error without the name of the cell.
"""

import posixpath
import re
from dataclasses import dataclass

from .sheet_error import SheetError
from .xlsx_archive import XlsxArchive, get_attribute

MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_CELLS = 300_000
#: Characters of a cell: Excel's own limit.
LONGEST_TEXT = 32_767
#: Characters of all cells; one long text may be used by many of them.
LONGEST_TEXTS = 20_000_000

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Texts, colours, conditions in a format; what is left of a date has d, m, y, h or s.
_FORMAT_NOISE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


@dataclass(frozen=True, slots=True)
class Cell:
    """``kind``: number, text, date, formula, error or boolean. ``value``: a float for
    numbers and dates, else the text as it stands in the file.
    """

    row: int
    column: int
    kind: str
    value: float | str

    @property
    def name(self) -> str:
        return get_cell_name(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    is_hidden: bool


def get_cell_name(row: int, column: int) -> str:
    """ "B7": row and column are counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def get_column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class XlsxReader:
    """An Excel file, open for reading.

    :raises SheetError: it cannot or must not be read
    """

    def __init__(self, content: bytes):
        self._archive = XlsxArchive(content)
        self._parts = {}
        self.merged = []
        self.sheets = self._read_sheets()
        self._texts = self._read_texts()
        self._date_styles = self._read_date_styles()
        self._cells_left = MOST_CELLS
        self._characters_left = LONGEST_TEXTS

    # === THE BOOK === #

    def _read_relations(self, part):
        """Targets by id, and by kind, of what a part refers to."""
        folder, name = posixpath.split(part)
        by_id, by_kind = {}, {}
        rels = posixpath.join(folder, "_rels", f"{name}.rels")

        def start(tag, attributes):
            if tag != "Relationship" or attributes.get("TargetMode") == "External":
                return
            target = attributes.get("Target", "")
            if not target.startswith("/"):
                target = posixpath.normpath(posixpath.join("/", folder, target))
            by_id[attributes.get("Id")] = target
            kind = attributes.get("Type", "").rpartition("/")[2]
            by_kind.setdefault(kind, target)

        if self._archive.has(rels):
            self._archive.parse_whole(rels, start=start)
        return by_id, by_kind

    def _check_content_types(self):
        def start(_tag, attributes):
            if "macroenabled" in attributes.get("ContentType", "").lower():
                raise SheetError("macros")

        self._archive.parse_whole("[Content_Types].xml", start=start)

    def _read_sheets(self):
        self._check_content_types()
        _by_id, by_kind = self._read_relations("")
        book = by_kind.get("officeDocument", "")
        if not self._archive.has(book) or not book.endswith(".xml"):
            raise SheetError("no_excel")
        by_id, self._parts = self._read_relations(book)
        sheets = []

        def start(tag, attributes):
            if tag != "sheet":
                return
            part = by_id.get(get_attribute(attributes, "id"), "")
            if self._archive.has(part):
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(Sheet(attributes.get("name", ""), part, hidden))

        self._archive.parse_whole(book, start=start)
        if not sheets:
            raise SheetError("no_sheet")
        return sheets

    def _read_texts(self):
        """Texts that cells share."""
        part = self._parts.get("sharedStrings")
        parser = _TextsParser()
        if part and self._archive.has(part):
            self._archive.parse_whole(
                part, start=parser.start, end=parser.end, text=parser.text
            )
        return parser.texts

    def _read_date_styles(self):
        """Numbers of the styles that show a number as a date or time."""
        part = self._parts.get("styles")
        formats, styles, state = {}, [], {"inside": False}

        def start(tag, attributes):
            if tag == "numFmt":
                formats[attributes.get("numFmtId")] = attributes.get("formatCode", "")
            elif tag == "cellXfs":
                state["inside"] = True
            elif tag == "xf" and state["inside"]:
                styles.append(attributes.get("numFmtId", "0"))

        def end(tag):
            if tag == "cellXfs":
                state["inside"] = False

        if part and self._archive.has(part):
            self._archive.parse_whole(part, start=start, end=end)
        return {
            str(number)
            for number, style in enumerate(styles)
            if _is_date_format(style, formats.get(style))
        }

    # === A SHEET === #

    def read_rows(self, sheet: Sheet):
        """Rows that hold something: number of the row, and its cells.

        ``merged`` has the merged areas once all rows are read: name ("A2:A3") and
        number of the last row of each.

        :raises SheetError: too many rows, columns, cells; damaged
        """
        parser = _SheetParser(self)
        for _piece in self._archive.parse(
            sheet.part, start=parser.start, end=parser.end, text=parser.text
        ):
            yield from parser.take_rows()
        self.merged = parser.merged

    # What a parser of a sheet asks for

    def get_text(self, number):
        try:
            return self._texts[int(number)]
        except (ValueError, IndexError):
            return None

    def is_date(self, style):
        return style in self._date_styles

    def count_cell(self, length):
        self._cells_left -= 1
        self._characters_left -= length
        if self._cells_left < 0:
            raise SheetError("many_cells", limit=MOST_CELLS)
        if self._characters_left < 0:
            raise SheetError("bomb")


class _TextsParser:
    """Texts that cells share; not how they are pronounced."""

    def __init__(self):
        self.texts = []
        self._pieces = []
        self._is_wanted = self._is_phonetic = False

    def start(self, tag, _attributes):
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._is_phonetic = True
        elif tag == "t":
            self._is_wanted = not self._is_phonetic

    def end(self, tag):
        if tag == "si":
            self.texts.append(_unescape("".join(self._pieces)))
        elif tag == "rPh":
            self._is_phonetic = False
        elif tag == "t":
            self._is_wanted = False

    def text(self, data):
        if self._is_wanted:
            self._pieces.append(data)


class _SheetParser:
    """Puts cells together from what the XML parser meets."""

    def __init__(self, reader):
        self.merged = []
        self._reader = reader
        self._ready, self._cells = [], []
        self._row = self._column = 0
        self._attributes, self._pieces = {}, []
        self._is_formula = self._is_wanted = self._is_phonetic = False

    def take_rows(self):
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag, attributes):
        if tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "t"):
            self._is_wanted = not self._is_formula and not self._is_phonetic
        elif tag == "f":
            self._is_formula = self._is_wanted = True
            self._pieces = ["="]
        elif tag == "rPh":
            self._is_phonetic = True
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "mergeCell":
            self._add_merged(attributes.get("ref", ""))

    def end(self, tag):
        if tag in ("v", "t", "f"):
            self._is_wanted = False
        elif tag == "rPh":
            self._is_phonetic = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row" and self._cells:
            self._ready.append((self._row, self._cells))

    def text(self, data):
        if self._is_wanted:
            self._pieces.append(data)

    def _add_merged(self, name):
        last = _REFERENCE.fullmatch(name.rpartition(":")[2])
        if not last or len(self.merged) >= MOST_ROWS:
            raise SheetError("damaged_row", row=self._row)
        self.merged.append((name, int(last[2])))

    def _start_row(self, attributes):
        number = attributes.get("r") or str(self._row + 1)
        if not number.isdecimal() or len(number) > 9 or int(number) <= self._row:
            raise SheetError("damaged_row", row=self._row + 1)
        self._row, self._column, self._cells = int(number), 0, []
        if self._row > MOST_ROWS:
            raise SheetError("many_rows", limit=MOST_ROWS, row=self._row)

    def _start_cell(self, attributes):
        column = self._column + 1
        if reference := attributes.get("r"):
            match = _REFERENCE.fullmatch(reference)
            if not match or int(match[2]) != self._row:
                raise SheetError("damaged_row", row=self._row)
            column = get_column(match[1])
        if column <= self._column:
            raise SheetError("damaged_row", row=self._row)
        if column > MOST_COLUMNS:
            name = get_cell_name(self._row, column)
            raise SheetError("many_columns", limit=MOST_COLUMNS, cell=name)
        self._column = column
        self._attributes, self._pieces = attributes, []
        self._is_formula = self._is_wanted = False

    def _end_cell(self):
        text = "".join(self._pieces)
        kind = self._attributes.get("t", "n")
        if kind == "s" and not self._is_formula:
            text = self._reader.get_text(text)
            if text is None:
                raise SheetError("damaged_row", row=self._row)
        elif kind in ("inlineStr", "str"):
            text = _unescape(text)
        self._reader.count_cell(len(text))
        if len(text) > LONGEST_TEXT:
            name = get_cell_name(self._row, self._column)
            raise SheetError("long_text", cell=name, limit=LONGEST_TEXT)
        if text:
            self._cells.append(
                Cell(self._row, self._column, *self._get_value(kind, text))
            )

    def _get_value(self, kind, text):
        if self._is_formula:
            return "formula", text
        if kind in ("s", "str", "inlineStr"):
            return "text", text
        if kind == "b":
            return "boolean", "TRUE" if text == "1" else "FALSE"
        if kind == "d":
            return "date", text
        if kind == "n" and len(text) < 400 and _NUMBER.fullmatch(text):
            is_date = self._reader.is_date(self._attributes.get("s", "0"))
            return "date" if is_date else "number", float(text)
        return "error", text


def _unescape(text):
    """Characters that XML cannot hold are written as "_x0007_".

    Half a character (a surrogate) becomes "\ufffd": no database would take it.
    """
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: _get_character(int(match[1], 16)), text)


def _get_character(number):
    return "\ufffd" if 0xD800 <= number < 0xE000 else chr(number)


def _is_date_format(number, code):
    if code is None:
        return number.isdecimal() and int(number) in _DATE_FORMATS
    plain = _FORMAT_NOISE.sub("", code.partition(";")[0]).lower()
    return plain != "general" and any(letter in plain for letter in "dmyhs")

"""The list of a portfolio in an Excel file: which column is what, and what a row says.

Columns are known by their headings, in any order, in the words of today and of before.
No Odoo: texts for people are made by whoever calls.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from .sheet_error import CellError, SheetError
from .xlsx_reader import Cell, XlsxReader, get_cell_name

#: Headings by what a column holds, in plain letters. The first of each is a name that
#: the program itself uses in English; its translations come from the caller.
HEADINGS = {
    "key": ("portfolio key", "clave de cartera"),
    "customer": ("customer", "cliente", "client", "nombre del cliente"),
    "reference": (
        "tax id or reference",
        "nif o referencia",
        "nif",
        "cif",
        "tax id",
        "vat",
        "reference",
        "referencia",
        "partita iva",
        "cui",
    ),
    "billing_initial": ("initial billing", "billing inicial", "valor inicial"),
    "value_recommended": (
        "recommended value",
        "valor recomendado",
        "valor objetivo",
    ),
    "billing_final": ("final billing", "billing final", "valor final"),
    "billing_difference": (
        "billing difference",
        "billing diferencia",
        "diferencia valor",
        "diferencia de valor",
    ),
    "agent": (
        "custom agent (e-mail)",
        "custom agent",
        "agente personalizado",
        "agente personalizzato",
        "agent personalizat",
    ),
    "errors": ("errors", "errores", "errori", "erori"),
}
AMOUNTS = ("billing_initial", "value_recommended", "billing_final")
#: What tells who the customer is.
NAMES = ("key", "customer", "reference")
#: Headings stand in one of the first rows; a title may stand above.
HEADING_ROWS = 20
#: No amount reaches this, in any currency.
LIMIT = 10**12


@dataclass(slots=True)
class Row:
    number: int
    cells: dict[str, Cell]
    #: Every cell of the row, for the copy that goes back.
    all_cells: list[Cell]


@dataclass(slots=True)
class PortfolioSheet:
    """The list as it stands in the file."""

    name: str
    heading_row: int
    #: What each known column holds.
    columns: dict[int, str]
    #: Cells of each row down to the headings.
    above: list[list[Cell]]
    rows: list[Row] = field(default_factory=list)

    def get_column(self, role: str) -> int | None:
        return next((col for col, held in self.columns.items() if held == role), None)

    def get_cell_name(self, row: Row, role: str) -> str:
        return get_cell_name(row.number, self.get_column(role) or 1)


def read_portfolio_sheet(content: bytes, labels=None) -> PortfolioSheet:
    """Read the one visible sheet that has headings of a portfolio.

    :param labels: further headings: what the column holds, by heading
    :raises SheetError: no such sheet, or several; or the file cannot be read
    """
    reader = XlsxReader(content)
    roles = _get_roles(labels or {})
    found = []
    for sheet in reader.sheets:
        if not sheet.is_hidden and (above := _find_headings(reader, sheet, roles)):
            found.append((sheet, above))
    if not found:
        raise SheetError("no_headings")
    if len(found) > 1:
        names = [sheet.name for sheet, _above in found]
        raise SheetError("several_lists", sheets=", ".join(names))
    sheet, above = found[0]
    headings = above[-1]
    columns = _get_columns(headings, roles)
    result = PortfolioSheet(sheet.name, headings[0].row, columns, above)
    _read_list(reader, sheet, result)
    return result


def _get_roles(labels):
    roles = {_plain(text): role for role, texts in HEADINGS.items() for text in texts}
    roles.update((_plain(text), role) for text, role in labels.items())
    return roles


def _find_headings(reader, sheet, roles):
    """Rows down to the one with at least two known headings; or nothing."""
    above = []
    for number, cells in reader.read_rows(sheet):
        if number > HEADING_ROWS:
            return None
        above.append(cells)
        known = {_get_role(cell, roles) for cell in cells} - {None}
        if len(known) > 1:
            return above
    return None


def _get_role(cell, roles):
    return roles.get(_plain(cell.value)) if cell.kind == "text" else None


def _get_columns(cells, roles):
    columns = {}
    for cell in cells:
        if role := _get_role(cell, roles):
            if role in columns.values():
                raise SheetError("heading_twice", cell=cell.name, heading=cell.value)
            columns[cell.column] = role
    held = set(columns.values())
    if not held & set(NAMES):
        raise SheetError("no_customer_column")
    if not held & {*AMOUNTS, "agent"}:
        raise SheetError("no_value_column")
    return columns


def _read_list(reader, sheet, result):
    for number, cells in reader.read_rows(sheet):
        if number > result.heading_row:
            known = {
                result.columns[cell.column]: cell
                for cell in cells
                if cell.column in result.columns and not _is_blank(cell)
            }
            known_names = known.keys() - {"billing_difference", "errors"}
            if known_names:
                result.rows.append(Row(number, known, cells))
    for area, last in reader.merged:
        if last >= result.heading_row:
            raise SheetError("merged", area=area)
    if not result.rows:
        raise SheetError("no_rows")


# === TEXTS AND NUMBERS === #


def clean_text(text: str) -> str:
    """Without what cannot be seen: control characters, marks of direction."""
    seen = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or not unicodedata.category(char).startswith("C")
    )
    return " ".join(seen.split())


def _is_blank(cell):
    return cell.kind == "text" and not clean_text(cell.value)


def _plain(text):
    """For comparing headings: small letters, no accents."""
    letters = unicodedata.normalize("NFKD", clean_text(str(text)))
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return plain.casefold().strip(" :*?")


def get_text(cell: Cell) -> str:
    """What a cell says, as a text; a number without decimals as it would be typed.

    :raises CellError: formula, date or error
    """
    if cell.kind == "text":
        return clean_text(cell.value)
    if cell.kind == "number":
        whole = cell.value.is_integer() and abs(cell.value) < 10**15
        return str(int(cell.value)) if whole else repr(cell.value)
    raise CellError("formula" if cell.kind == "formula" else "no_text")


def get_amount(
    cell: Cell, marks=(".", ","), digits: int = 2, negative: bool = True
) -> float:
    """The amount that a cell holds, in whatever currency the list is.

    Numbers are rounded half up. A number that was typed as a text is read with the
    marks of the language; with more decimals than the currency has it is refused, since
    its mark may have been meant for thousands.

    :param marks: decimal mark and mark of thousands
    :param digits: decimal places of the currency
    :raises CellError: no number, or not one that is allowed here
    """
    if cell.kind == "number":
        number = Decimal(repr(cell.value))
        if not number.is_finite():
            raise CellError("too_large", limit=LIMIT)
    elif cell.kind == "text":
        number = _parse_number(clean_text(cell.value), marks)
        if -number.as_tuple().exponent > digits:
            raise CellError("many_decimals", digits=digits)
    else:
        codes = {"formula": "formula", "date": "date"}
        raise CellError(codes.get(cell.kind, "no_number"))
    if abs(number) >= LIMIT:
        raise CellError("too_large", limit=LIMIT)
    if number < 0 and not negative:
        raise CellError("negative")
    step = Decimal(1).scaleb(-digits)
    return float(number.quantize(step, rounding=ROUND_HALF_UP)) or 0.0


def _parse_number(text, marks):
    decimal_mark, thousands_mark = map(re.escape, marks)
    whole = "[0-9]+"
    if thousands_mark.strip():
        whole = f"(?:[0-9]{{1,3}}(?:{thousands_mark}[0-9]{{3}})+|[0-9]+)"
    text = text.replace(" ", "").replace("\u2212", "-")
    match = re.fullmatch(f"([+-]?)({whole})(?:{decimal_mark}([0-9]+))?", text)
    if not match or len(text) > 40:
        raise CellError("no_number")
    sign, before, after = match.groups()
    digits = re.sub("[^0-9]", "", before)
    return Decimal(f"{sign}{digits}.{after or 0}") if after else Decimal(sign + digits)

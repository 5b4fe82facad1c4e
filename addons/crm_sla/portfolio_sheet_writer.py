"""Excel files of a portfolio: the template, and the copy with errors that goes back.

Texts are written as texts: a customer called "=1+1" is no formula, and no cell of these
files is. Rows are written one by one, so only the one at hand is in memory. No Odoo.
"""

from contextlib import contextmanager

import xlsxwriter

from .portfolio_sheet_reader import LIMIT

#: Rows below the list in which customers can be added.
FREE_ROWS = 200
#: Comments beyond these would make the file slow to open; the column has all errors.
MOST_COMMENTS = 2_000
LONGEST_COMMENT = 1_000
#: What may be typed in a row that stands already, and in a free one.
INPUTS = ("billing_initial", "value_recommended", "billing_final", "agent")
FREE_INPUTS = ("customer", "reference", *INPUTS)
WIDTHS = {"customer": 36, "reference": 20, "agent": 32}
_ERROR_COLOUR = "#F8D7DA"


@contextmanager
def _open_book(stream):
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        yield book


def write_template(stream, titles, columns, rows, agents, texts, digits=2):
    """Write the template: list, list of agents (hidden), help.

    :param stream: a binary file, open for writing
    :param titles: of the sheets: ``list``, ``agents``, ``help``
    :param columns: heading of each column, by what it holds, in their order
    :param rows: list of values for each line; may be a generator
    :param agents: e-mail addresses that may be chosen
    :param texts: help, a line each; the first is its heading
    :param digits: decimal places of the currency
    """
    with _open_book(stream) as book:
        formats = _get_formats(book, digits)
        sheet = book.add_worksheet(titles["list"])
        _set_up_list(sheet, columns, formats)
        number = 0
        for number, values in enumerate(rows, start=1):
            for column, (role, value) in enumerate(zip(columns, values, strict=True)):
                style = formats[_get_kind(role), role in INPUTS]
                _write_value(sheet, number, column, value, style)
        last = number + FREE_ROWS
        for free in range(number + 1, last + 1):
            for column, role in enumerate(columns):
                if role in FREE_INPUTS:
                    style = formats[_get_kind(role), True]
                    sheet.write_blank(free, column, None, style)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        _add_validations(sheet, columns, last, titles, len(agents))
        _protect(sheet)
        _write_agents(book, titles["agents"], agents)
        _write_help(book, titles["help"], texts)


def _get_kind(role):
    return "sum" if role.startswith(("billing", "value")) else "text"


def _get_formats(book, digits):
    number = "#,##0" + ("." + "0" * digits if digits else "")
    grey = {"font_color": "#6C757D", "bg_color": "#F1F3F5"}
    return {
        ("text", True): book.add_format({"locked": False, "num_format": "@"}),
        ("text", False): book.add_format({"locked": True, **grey}),
        ("sum", True): book.add_format({"locked": False, "num_format": number}),
        ("sum", False): book.add_format({"locked": True, "num_format": number, **grey}),
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
    }


def _set_up_list(sheet, columns, formats):
    sheet.freeze_panes(1, 0)
    for column, (role, heading) in enumerate(columns.items()):
        hidden = {"hidden": True} if role == "key" else {}
        sheet.set_column(column, column, WIDTHS.get(role, 16), None, hidden)
        sheet.write_string(0, column, heading, formats["heading"])


def _write_value(sheet, row, column, value, style):
    if value in (None, "") or value is False:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _add_validations(sheet, columns, last, titles, agent_count):
    for column, role in enumerate(columns):
        if role in INPUTS and role != "agent":
            smallest = 0 if role == "value_recommended" else -LIMIT
            sheet.data_validation(
                1,
                column,
                last,
                column,
                {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": smallest,
                    "maximum": LIMIT,
                    "error_title": columns[role],
                    "error_message": titles["number_error"],
                },
            )
        elif role == "agent" and agent_count:
            sheet_name = titles["agents"].replace("'", "''")
            sheet.data_validation(
                1,
                column,
                last,
                column,
                {
                    "validate": "list",
                    "source": f"='{sheet_name}'!$A$1:$A${agent_count}",
                    "error_title": columns[role][:32],
                    "error_message": titles["agent_error"],
                },
            )


def _protect(sheet):
    """Against slips, not against people: there is no password."""
    sheet.protect(
        "",
        {
            "format_cells": True,
            "format_columns": True,
            "format_rows": True,
            "autofilter": True,
        },
    )


def _write_agents(book, title, agents):
    sheet = book.add_worksheet(title)
    for row, email in enumerate(agents):
        sheet.write_string(row, 0, email)
    sheet.protect()
    sheet.hide()


def _write_help(book, title, texts):
    sheet = book.add_worksheet(title)
    heading = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    for row, text in enumerate(texts):
        sheet.write_string(row, 0, text, wrapped if row else heading)
    sheet.protect()


# === THE COPY WITH ERRORS === #


def write_errors(stream, source, title, errors):
    """Write the list as it came, errors beside the rows, and comments on wrong cells.

    Each cell stays where it was, so that texts may name it. A former column of errors
    is emptied. Formulas come back as the texts they are.

    :param stream: a binary file, open for writing
    :param source: :class:`.portfolio_sheet_reader.PortfolioSheet`
    :param title: heading of the column of errors
    :param errors: texts by number of the row, then by what the column holds
    """
    place = _get_error_column(source)
    with _open_book(stream) as book:
        sheet = book.add_worksheet(source.name[:31])
        formats = _get_copy_formats(book)
        _set_up_copy(sheet, source, place)
        comments = MOST_COMMENTS
        for row in source.above:
            _copy_cells(sheet, row, {}, source, formats)
        sheet.write_string(source.heading_row - 1, place - 1, title, formats["heading"])
        for row in source.rows:
            wrong = errors.get(row.number, {})
            _copy_cells(sheet, row.all_cells, wrong, source, formats)
            if wrong:
                text = "; ".join(dict.fromkeys(wrong.values()))
                sheet.write_string(row.number - 1, place - 1, text, formats["errors"])
                comments -= _comment(sheet, row, wrong, source, comments)


def _get_error_column(source):
    """Beside all that was in the file; where the former one was, if that was last."""
    old = source.get_column("errors")
    used = {cell.column for row in source.rows for cell in row.all_cells}
    used |= {cell.column for row in source.above for cell in row}
    return max(used - {old}, default=0) + 1


def _get_copy_formats(book):
    wrong = {"bg_color": _ERROR_COLOUR}
    return {
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "errors": book.add_format({"text_wrap": True, "font_color": "#842029"}),
        ("date", True): book.add_format({"num_format": "yyyy-mm-dd", **wrong}),
        ("date", False): book.add_format({"num_format": "yyyy-mm-dd"}),
        ("other", True): book.add_format(wrong),
        ("other", False): None,
    }


def _set_up_copy(sheet, source, place):
    sheet.freeze_panes(source.heading_row, 0)
    sheet.set_column(0, place - 1, 16)
    for column, role in source.columns.items():
        hidden = {"hidden": True} if role == "key" else {}
        width = WIDTHS.get(role, 16)
        sheet.set_column(column - 1, column - 1, width, None, hidden)
    sheet.set_column(place - 1, place - 1, 60)


def _copy_cells(sheet, cells, wrong, source, formats):
    for cell in cells:
        role = source.columns.get(cell.column)
        if role == "errors":
            continue
        kind = "date" if cell.kind == "date" else "other"
        style = formats[kind, role in wrong]
        if cell.row == source.heading_row:
            style = formats["heading"]
        if isinstance(cell.value, float) and abs(cell.value) < 10**300:
            sheet.write_number(cell.row - 1, cell.column - 1, cell.value, style)
        else:
            sheet.write_string(cell.row - 1, cell.column - 1, str(cell.value), style)


def _comment(sheet, row, wrong, source, left):
    """Comments on the wrong cells of a row; returns how many were written."""
    written = 0
    for role, text in wrong.items():
        column = source.get_column(role)
        if column and written < left:
            sheet.write_comment(row.number - 1, column - 1, text[:LONGEST_COMMENT])
            written += 1
    return written

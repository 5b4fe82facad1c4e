"""Excel files that nobody should take over: damaged, dangerous, or simply wrong.

Each comes with what the message must say. Parts are written by hand, since no library
would make such files.
"""

import io
import zipfile

BOMB = b"<a/>" * 300_000
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
    "</Types>"
)
PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships">{rows}</Relationships>'
)
RELATION = '<Relationship Id="{id}" Type="' + OFFICE + '/{kind}" Target="{target}"/>'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="'
    'd\\-mmm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="170"/></cellXfs></styleSheet>'
)
HEADINGS = ("Customer", "Initial billing", "Final billing", "Custom agent")
GOOD = ("Alma Books", 5, 6, "seller@example.com")


def text(value, **attributes):
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<c t="inlineStr"{more}><is><t>{value}</t></is></c>'


def cell(value):
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    if value.startswith("<"):
        return value
    return text(value)


def sheet(*rows, before="", after=""):
    lines = "".join(
        row if isinstance(row, str) else f"<row>{''.join(map(cell, row))}</row>"
        for row in rows
    )
    start = f'{before}<worksheet xmlns="{MAIN}"><sheetData>'
    return f"{start}{lines}</sheetData>{after}</worksheet>"


def book(*sheets, kind=PLAIN, parts=None, compression=zipfile.ZIP_DEFLATED, **options):
    """A file with these sheets; ``parts`` are added or replace others; None drops."""
    names = [f"sheet{number}" for number in range(1, len(sheets) + 1)]
    tags = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="{name}"'
        f' state="{options.get(name, "visible")}"/>'
        for number, name in enumerate(names, start=1)
    )
    relations = [
        RELATION.format(id=name, kind="worksheet", target=f"worksheets/{name}.xml")
        for name in names
    ]
    relations.append(RELATION.format(id="s", kind="styles", target="styles.xml"))
    relations.append(RELATION.format(id="t", kind="sharedStrings", target="texts.xml"))
    office = RELATION.format(id="b", kind="officeDocument", target="xl/workbook.xml")
    content = {
        "[Content_Types].xml": TYPES.format(kind=kind),
        "_rels/.rels": RELATIONS.format(rows=office),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{tags}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": RELATIONS.format(rows="".join(relations)),
        "xl/styles.xml": STYLES,
        "xl/texts.xml": f'<sst xmlns="{MAIN}"><si><t>Alma Books</t></si></sst>',
        **{
            f"xl/worksheets/{name}.xml": part
            for name, part in zip(names, sheets, strict=True)
        },
        **(parts or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, part in content.items():
            if part is not None:
                archive.writestr(name, part)
    return stream.getvalue()


def lines(*rows, **options):
    """A file with the usual headings above these rows."""
    return book(sheet(HEADINGS, *rows, **options))


def _with_bomb(name):
    """Packed a thousandfold."""
    return book(sheet(HEADINGS, GOOD), parts={name: b"<a>" + BOMB * 10 + b"</a>"})


def _with_much():
    """Parts that are packed as any other, but too many of them."""
    part = b"".join(b"%d%s" % (n * 7919, b" " * 300) for n in range(30_000))
    return book(sheet(HEADINGS, GOOD), parts={f"x/{n}.xml": part for n in range(8)})


def _flip(content):
    """Damage in the packed data of the sheet: its check sum is wrong."""
    place = content.index(b"xl/worksheets/sheet1.xml") + 60
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def _encrypt_flag(content):
    """As a ZIP with a password says it in its directory."""
    place = content.index(b"PK\x01\x02") + 8
    return content[:place] + b"\x01\x00" + content[place + 2 :]


_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
_ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
_FOREIGN = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def get_containers():
    """Files that are refused as what they are."""
    good = book(sheet(HEADINGS, GOOD))
    return {
        "empty": (b"", "is empty"),
        "text": (b"Customer;Initial billing\nAlma Books;5", "no Excel file"),
        "html": (b"<html><table><tr><td>Customer</td></tr></table>", "no Excel file"),
        "picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), "no Excel file"),
        "old Excel": (_COMPOUND, "old Excel"),
        "password": (
            _COMPOUND + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        "zip with password": (_encrypt_flag(good), "protected by a password"),
        "cut off": (good[: len(good) // 2], "damaged"),
        "cut in the directory": (good[:-30], "damaged"),
        "wrong check sum": (_flip(good), "damaged"),
        "zip of nothing": (b"PK\x05\x06" + bytes(18), "no Excel file"),
        "other zip": (book(parts={"[Content_Types].xml": None}), "no Excel file"),
        "binary workbook": (
            book(sheet(HEADINGS), parts={"xl/workbook.xml": None}),
            "no Excel file",
        ),
        "no sheet": (book(), "no sheet"),
        "macros by kind": (book(sheet(HEADINGS, GOOD), kind=MACROS), "macros"),
        "macros by part": (
            book(sheet(HEADINGS, GOOD), parts={"xl/vbaProject.bin": b"x"}),
            "macros",
        ),
        "links": (
            book(sheet(HEADINGS, GOOD), parts={"xl/externalLinks/link1.xml": "<a/>"}),
            "refers to other files",
        ),
        "bomb in the sheet": (_with_bomb("xl/worksheets/sheet1.xml"), "unpacks"),
        "bomb elsewhere": (_with_bomb("xl/media/image1.xml"), "unpacks"),
        "too much in all": (_with_much(), "unpacks"),
        "many parts": (
            book(sheet(HEADINGS), parts={f"x/{n}.xml": "" for n in range(600)}),
            "unpacks",
        ),
        "entities": (lines(GOOD, before=_ENTITIES), "commands"),
        "foreign entity": (lines(GOOD, before=_FOREIGN), "commands"),
        "entity in the texts": (
            book(sheet(HEADINGS, GOOD), parts={"xl/texts.xml": _ENTITIES + "<sst/>"}),
            "commands",
        ),
        "entity in UTF-16": (
            book(
                sheet(HEADINGS, GOOD),
                parts={"xl/styles.xml": (_FOREIGN + "<a/>").encode("utf-16")},
            ),
            "commands",
        ),
        "no XML": (book("this is no XML"), "damaged"),
        "open tags": (book("<worksheet>" * 10_000), "damaged"),
        "control character": (book(sheet(HEADINGS, ("\x07", 1))), "damaged"),
    }


def get_lists():
    """Files that can be opened, but are no list that could be read."""
    return {
        "blank sheet": (book(sheet()), "headings of a portfolio"),
        "other list": (book(sheet(("Name", "Street"))), "headings of a portfolio"),
        "headings far below": (
            book(sheet(*[("x",)] * 30, HEADINGS, GOOD)),
            "headings of a portfolio",
        ),
        "hidden list": (
            book(sheet(HEADINGS, GOOD), sheet1="hidden"),
            "headings of a portfolio",
        ),
        "headings only": (lines(), "no customer below"),
        "no customer column": (
            book(sheet(HEADINGS[1:], GOOD[1:])),
            "no column that says who",
        ),
        "nothing to read": (
            book(sheet(("Customer", "Billing difference"), ("Alma Books", 5))),
            "no column to read",
        ),
        "heading twice": (
            book(sheet((*HEADINGS, "VALOR INICIAL"), (*GOOD, 7))),
            r"Cell E1: there is another column for “VALOR INICIAL”",
        ),
        "two lists": (
            book(sheet(HEADINGS, GOOD), sheet(HEADINGS, GOOD)),
            "sheet1, sheet2",
        ),
    }


def get_sheets():
    """Lists that are too large, or whose rows and cells are out of order."""
    number = "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(2, 50_010))
    return {
        "merged cells": (
            lines(GOOD, after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'),
            "Cells A2:A3 are merged",
        ),
        "merged without end": (
            lines(
                GOOD, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
            ),
            "are merged",
        ),
        "million rows": (
            lines('<row r="1048576"><c><v>1</v></c></row>'),
            "row 1048576",
        ),
        "many rows": (lines(number), "50000 rows can be read"),
        "far column": (
            lines('<row r="2"><c r="XFD2"><v>1</v></c></row>'),
            "Cell XFD2: 100 columns",
        ),
        "many cells": (
            lines(*[range(start, start + 700, 7) for start in range(3_100)]),
            "more than 300000 cells",
        ),
        "long text": (lines(("x" * 40_000, 1)), "Cell A2: the text is longer"),
        "rows backwards": (lines('<row r="9"/><row r="3"/>'), "Row 10 of the file"),
        "row twice": (lines('<row r="2"/><row r="2"/>'), "Row 3 of the file"),
        "cell of another row": (
            lines('<row r="2"><c r="A7"><v>1</v></c></row>'),
            "Row 2 of the file",
        ),
        "text that is not there": (
            lines('<row><c t="s"><v>99</v></c></row>'),
            "Row 2 of the file",
        ),
    }


def get_amounts():
    """Files with an amount that cannot be taken over."""
    formula = "<c><f>1+1</f><v>2</v></c>"
    return {
        "formula": (lines(("Alma Books", formula)), r"\(B2\): holds a formula"),
        "shared formula": (
            lines(("Alma Books", '<c><f t="shared" si="0"/><v>2</v></c>')),
            r"\(B2\): holds a formula",
        ),
        "date": (lines(("Alma Books", '<c s="1"><v>45000</v></c>')), r"\(B2\): .*date"),
        "own date format": (
            lines(("Alma Books", '<c s="2"><v>45000</v></c>')),
            r"\(B2\): .*date",
        ),
        "ISO date": (
            lines(("Alma Books", '<c t="d"><v>2027-01-01</v></c>')),
            r"\(B2\): .*date",
        ),
        "error": (
            lines(("Alma Books", '<c t="e"><v>#DIV/0!</v></c>')),
            r"\(B2\): is not an amount",
        ),
        "boolean": (
            lines(("Alma Books", '<c t="b"><v>1</v></c>')),
            r"\(B2\): is not an amount",
        ),
        "NaN": (
            lines(("Alma Books", "<c><v>NaN</v></c>")),
            r"\(B2\): is not an amount",
        ),
        "infinite": (
            lines(("Alma Books", "<c><v>1e999</v></c>")),
            r"\(B2\): is too la",
        ),
        "huge": (lines(("Alma Books", 10**12)), r"\(B2\): is too large"),
        "endless digits": (
            lines(("Alma Books", f"<c><v>{'9' * 100_000}</v></c>")),
            r"Cell B2|is not an amount",
        ),
        "comma of another language": (
            lines(("Alma Books", "1.234,56")),
            r"\(B2\): is not an amount",
        ),
        "thousands or decimals": (
            lines(("Alma Books", "1.234")),
            r"\(B2\): has more than 2 decimals",
        ),
    }


def get_names():
    """Files with a customer or agent who cannot be found."""
    formula = '<c t="str"><f>"a"&amp;"b"</f><v>ab</v></c>'
    return {
        "formula for a name": (lines((formula, 1)), r"\(A2\): holds a formula"),
        "formula for an agent": (
            lines((*GOOD[:3], formula)),
            r"\(D2\): holds a formula",
        ),
        "command for a name": (lines(("=cmd|' /C calc'!A0", 1)), "is no customer"),
        "half a character": (lines(("_xD83D_", 1)), "is no customer"),
        "NUL": (lines(("_x0000_", 1, 2, "_x0000_")), "says no customer"),
        "marks of direction": (
            lines(("\u202eskooB amlA", 1)),
            "“skooB amlA” is no cust",
        ),
        "SQL": (lines(("'; DROP TABLE res_partner; --", 1)), "is no customer"),
        "customer twice": (lines(GOOD, GOOD), r"\(A3\): the same customer as in row 2"),
        "hidden row": (
            lines(GOOD, f'<row hidden="1">{text("Nobody")}<c><v>1</v></c></row>'),
            r"\(A3\): “Nobody”",
        ),
        "agent of nowhere": (
            lines((*GOOD[:3], "nobody@example.com")),
            r"\(D2\): .*no active internal user",
        ),
        "portal user as agent": (
            lines((*GOOD[:3], "portal_customer@example.com")),
            r"\(D2\): .*no active internal user",
        ),
        "several agents": (
            lines((*GOOD[:3], "seller@example.com, planner@example.com")),
            r"\(D2\): .*no e-mail address",
        ),
    }


def get_good():
    """Unusual, but right: one line for the customer, 5 and 6, his agent."""
    shared = '<c t="s"><v>0</v></c>'
    return {
        "plain": lines(GOOD),
        "shared texts": lines((shared, *GOOD[1:])),
        "pieces of text": lines(
            (
                '<c t="inlineStr"><is><r><t>Alma </t></r><r><t>Books</t></r>'
                "<rPh><t>x</t></rPh></is></c>",
                *GOOD[1:],
            )
        ),
        "agent with his name": lines((*GOOD[:3], "Seller &lt;SELLER@example.com&gt;")),
        "agent with marks of direction": lines((*GOOD[:3], "\u200fseller@example.com")),
        "texts for numbers": lines(("Alma Books", "5.00", " 6 ", GOOD[3])),
        "title above": book(sheet(("Portfolio 2027",), (), HEADINGS, GOOD)),
        "rows and columns between": book(
            sheet(
                ("x", *HEADINGS),
                '<row r="40"><c r="B40" t="inlineStr"><is><t>Alma Books</t></is></c>'
                '<c r="C40"><v>5</v></c><c r="D40"><v>6</v></c>'
                '<c r="E40" t="inlineStr"><is><t>seller@example.com</t></is></c></row>',
            )
        ),
        "second sheet": book(sheet(("Notes",)), sheet(HEADINGS, GOOD)),
        "merged title": lines(GOOD, after="<mergeCells/>"),
        "formula in the difference": book(
            sheet(
                (*HEADINGS, "Billing difference"),
                (*GOOD, "<c><f>C2-B2</f><v>1</v></c>"),
            )
        ),
        "stored, not packed": book(
            sheet(HEADINGS, GOOD), compression=zipfile.ZIP_STORED
        ),
    }

"""The parts of an Excel file, unpacked and parsed without trusting any of them.

Nothing is unpacked before the ZIP's directory is within the limits, and nothing but the
parts that are asked for. Python's ``zipfile`` never unpacks more of a part than the
directory announces. A document type, the door to entities and foreign files, is refused
as soon as the parser meets it.
"""

import io
import zipfile
import zlib
from xml.parsers import expat

from .sheet_error import SheetError

#: Bytes of a file as it comes.
LARGEST_FILE = 10 * 2**20
#: Bytes of all parts, unpacked.
LARGEST_CONTENT = 64 * 2**20
#: Parts of a file. Excel writes about ten, and a few for each sheet.
MOST_PARTS = 500
#: How many times its packed size a part of more than 1 MiB may be.
LARGEST_RATIO = 200
#: Tags of a part.
MOST_TAGS = 4_000_000
PIECE = 2**16

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and encrypted files of any kind
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    expat.ExpatError,
    LookupError,
)


class XlsxArchive:
    """An Excel file whose directory has been checked.

    :raises SheetError: not an Excel file, or one that must not be unpacked
    """

    def __init__(self, content: bytes):
        self._check_beginning(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            parts = self._zip.infolist()
        except _DAMAGES as error:
            raise SheetError("damaged") from error
        self._check_directory(parts)
        self._names = {part.filename.lstrip("/").lower(): part for part in parts}
        if len(self._names) != len(parts):
            raise SheetError("damaged")
        self._check_kind()

    def _check_beginning(self, content):
        if not content:
            raise SheetError("empty_file")
        if len(content) > LARGEST_FILE:
            raise SheetError("large_file", limit=LARGEST_FILE // 2**20)
        if content.startswith(_COMPOUND):
            encrypted = "EncryptedPackage".encode("utf-16-le") in content
            raise SheetError("encrypted" if encrypted else "old_format")
        if not content.startswith(b"PK"):
            raise SheetError("no_excel")

    def _check_directory(self, parts):
        if len(parts) > MOST_PARTS:
            raise SheetError("many_parts", limit=MOST_PARTS)
        if sum(part.file_size for part in parts) > LARGEST_CONTENT:
            raise SheetError("bomb")
        for part in parts:
            if part.flag_bits & 1:
                raise SheetError("encrypted")
            if (
                part.file_size > 2**20
                and part.file_size > LARGEST_RATIO * part.compress_size
            ):
                raise SheetError("bomb")

    def _check_kind(self):
        if any(name.endswith("vbaproject.bin") for name in self._names):
            raise SheetError("macros")
        if any(name.startswith("xl/externallinks/") for name in self._names):
            raise SheetError("links")
        if not self.has("[content_types].xml"):
            raise SheetError("no_excel")

    def has(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._names

    def parse(self, name: str, start=None, end=None, text=None):
        """Parse a part a piece at a time; yield after each piece.

        Handlers get names of tags without their namespace; ``start`` gets the
        attributes too, also without theirs.

        :raises SheetError: not well-formed, or with a document type
        """
        parser = self._create_parser(start, end, text)
        try:
            with self._zip.open(self._names[name.lstrip("/").lower()]) as part:
                while piece := part.read(PIECE):
                    parser.Parse(piece, False)
                    yield
                parser.Parse(b"", True)
        except _DAMAGES as error:
            raise SheetError("damaged_part", part=name) from error
        yield

    def parse_whole(self, name: str, **handlers):
        for _piece in self.parse(name, **handlers):
            pass

    def _create_parser(self, start, end, text):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        tags = 0

        def refuse_document_type(*_args):
            raise SheetError("document_type")

        def start_tag(name, attributes):
            nonlocal tags
            tags += 1
            if tags > MOST_TAGS:
                raise SheetError("bomb")
            if start:
                start(name.rpartition(" ")[2], attributes)

        def end_tag(name):
            end(name.rpartition(" ")[2])

        parser.StartDoctypeDeclHandler = refuse_document_type
        parser.StartElementHandler = start_tag
        if end:
            parser.EndElementHandler = end_tag
        if text:
            parser.CharacterDataHandler = text
        return parser


def get_attribute(attributes, name):
    """Value of an attribute in whatever namespace; None without it."""
    for key, value in attributes.items():
        if key.rpartition(" ")[2] == name:
            return value
    return None

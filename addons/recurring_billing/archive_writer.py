"""A ZIP file written piece by piece: only the piece at hand is in memory."""

import time
import zipfile
from contextlib import contextmanager
from pathlib import PurePath

#: Compressed already: trying again costs time and saves nothing.
PACKED = {".pdf", ".xlsx", ".zip", ".jpg", ".jpeg", ".png"}


class ArchiveWriter:
    """Writes files into a ZIP; equal names are numbered.

    :param stream: a binary file, open for writing
    """

    def __init__(self, stream):
        self._zip = zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED)
        self._names = set()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._zip.close()

    def add(self, name, content, folder=""):
        """Put in a content that is in memory.

        :param str name: of the file; separators in it become ``_``
        :param content: text or bytes
        :return: the name that the file has in the ZIP
        """
        name = self._get_free_name(name, folder)
        self._zip.writestr(name, content, compress_type=self._get_method(name))
        return name

    def add_file(self, name, path, folder=""):
        """Put in a file of the disk, a piece at a time; see :meth:`add`."""
        with open(path, "rb") as source, self.open(name, folder) as (name, target):
            while piece := source.read(1 << 16):
                target.write(piece)
        return name

    @contextmanager
    def open(self, name, folder=""):
        """A file of the ZIP to be written: its name and the stream."""
        name = self._get_free_name(name, folder)
        info = zipfile.ZipInfo(name, time.localtime()[:6])
        info.compress_type = self._get_method(name)
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=True) as target:
            yield name, target

    def _get_free_name(self, name, folder):
        path = PurePath(name.replace("/", "_").replace("\\", "_"))
        prefix = f"{folder.replace('/', '_').strip('.')}/" if folder else ""
        number, free = 1, f"{prefix}{path.name}"
        while free in self._names:
            number += 1
            free = f"{prefix}{path.stem} ({number}){path.suffix}"
        self._names.add(free)
        return free

    def _get_method(self, name):
        packed = PurePath(name).suffix.lower() in PACKED
        return zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED

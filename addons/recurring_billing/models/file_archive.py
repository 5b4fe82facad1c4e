import hashlib
import io
import os
import shutil
import tempfile

from odoo import api, models
from odoo.tools import SQL

from ..archive_writer import ArchiveWriter

#: Bytes that are in memory at once while a file is copied.
PIECE = 1 << 20
#: The largest size that a column of Odoo holds.
LARGEST = 2**31 - 1


class FileArchive(models.AbstractModel):
    """Many files in one ZIP, with a note about what could not be put into it."""

    _name = "file.archive"
    _description = "ZIP of documents"

    @api.model
    def _get_download_action(self, url):
        """Fetch a file in the background, see ``static/src/download_action.js``."""
        return {
            "type": "ir.actions.client",
            "tag": "recurring_billing.download",
            "params": {"url": url},
        }

    @api.model
    def _pack(self, files, problems=()):
        """Name, content type and content of the ZIP.

        :param list files: of ``{"filename", "content"}``; equal names are numbered
        :param problems: texts about what is missing
        """
        buffer = io.BytesIO()
        with ArchiveWriter(buffer) as archive:
            for file in files:
                archive.add(file["filename"], file["content"])
            if problems:
                name = self.env._("MISSING FILES") + ".txt"
                archive.add(name, "\n\n".join(problems))
        name = self.env._("invoices") + ".zip"
        return name, "application/zip", buffer.getvalue()

    # === ON DISK === #

    @api.model
    def _open_temporary(self):
        """A file without a name, gone as soon as it is closed or the process ends.

        It lies beside the stored files, for "/tmp" may be in memory.
        """
        folder = self.env["ir.attachment"]._filestore()
        os.makedirs(folder, exist_ok=True)
        return tempfile.TemporaryFile(dir=folder)

    @api.model
    def _store(self, stream, name, record):
        """Keep a file of any size, a piece at a time, as an attachment of a record.

        Core would hold it in memory as a whole. It still does where a database keeps
        its files in itself.

        :param stream: binary file, open for reading
        """
        Attachment = self.env["ir.attachment"].sudo()
        values = {
            "name": name,
            "res_model": record._name,
            "res_id": record.id,
            "mimetype": "application/zip",
        }
        stream.seek(0)
        if Attachment._storage() != "file":
            return Attachment.create({**values, "raw": stream.read()})
        attachment = Attachment.create(values)
        stored = self._copy_to_filestore(stream)
        attachment.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, checksum = %s,"
                " file_size = %s WHERE id = %s",
                *stored,
                attachment.id,
            )
        )
        attachment.invalidate_recordset()
        return attachment

    @api.model
    def _copy_to_filestore(self, stream):
        """Name in the filestore, checksum and size of the copy.

        The names are noted for core's garbage collection first: should the transaction
        fail or the process die, the copy is swept away.
        """
        Attachment = self.env["ir.attachment"]
        digest = hashlib.sha1(usedforsecurity=False)  # as core names its files
        size = 0
        while piece := stream.read(PIECE):
            digest.update(piece)
            size += len(piece)
        checksum = digest.hexdigest()
        name = f"{checksum[:2]}/{checksum}"
        Attachment._mark_for_gc(name)
        Attachment._mark_for_gc(f"{name}part")
        path = Attachment._full_path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        stream.seek(0)
        with open(f"{path}part", "wb") as target:
            shutil.copyfileobj(stream, target, PIECE)
        os.replace(f"{path}part", path)
        return name, checksum, min(size, LARGEST)

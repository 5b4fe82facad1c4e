import io
import zipfile
from collections import Counter
from pathlib import PurePath

from odoo import api, models


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
        with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_DEFLATED) as archive:
            for name, file in zip(self._get_names(files), files, strict=True):
                archive.writestr(name, file["content"])
            if problems:
                name = self.env._("MISSING FILES") + ".txt"
                archive.writestr(name, "\n\n".join(problems))
        name = self.env._("invoices") + ".zip"
        return name, "application/zip", buffer.getvalue()

    @api.model
    def _get_names(self, files):
        seen = Counter()
        names = []
        for file in files:
            path = PurePath(file["filename"].replace("/", "_").replace("\\", "_"))
            seen[path] += 1
            number = f" ({seen[path]})" if seen[path] > 1 else ""
            names.append(f"{path.stem}{number}{path.suffix}")
        return names

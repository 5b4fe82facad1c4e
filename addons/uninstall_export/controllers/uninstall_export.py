import tempfile

from werkzeug.wsgi import wrap_file

from odoo import fields, http
from odoo.http import content_disposition, request


class UninstallExportController(http.Controller):
    @http.route(
        "/uninstall_export/<int:wizard_id>", type="http", auth="user", methods=["GET"]
    )
    def download(self, wizard_id):
        """What an open dialog says that will be lost, for administrators only."""
        if not request.env.user.has_group("base.group_system"):
            raise request.not_found()
        wizard = request.env["base.module.uninstall"].browse(wizard_id).exists()
        if not wizard:
            raise request.not_found()
        # on the disk: it may be large; gone as soon as it is sent
        stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
        wizard._write_export(stream)
        size = stream.tell()
        stream.seek(0)
        name = "-".join(sorted(wizard.module_ids.mapped("name")))
        day = fields.Date.context_today(wizard)
        return request.make_response(
            wrap_file(request.httprequest.environ, stream),
            [
                ("Content-Type", "application/zip"),
                ("Content-Length", size),
                ("Content-Disposition", content_disposition(f"{name}-{day}.zip")),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

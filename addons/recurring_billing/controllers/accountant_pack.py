from odoo import http
from odoo.http import request


class AccountantPackController(http.Controller):
    """The ZIP of a pack, streamed from the disk.

    ``token`` of the first route: what the web client sends along; not needed.
    """

    @http.route(
        "/recurring_billing/accountant_pack/<int:pack_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
    )
    def download(self, pack_id, token=None):
        pack = request.env["accountant.pack"].browse(pack_id).exists()
        if not pack:
            raise request.not_found()
        return self._stream(pack._get_zip())

    @http.route(
        "/recurring_billing/accountant_pack/link/<string:link>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def download_by_link(self, link):
        """For the accountant, who has no login: the link is the key, for some days."""
        pack = request.env["accountant.pack"]._find_by_link(link)
        if not pack:
            return self._protect(
                request.render("recurring_billing.accountant_pack_no_link", status=404)
            )
        return self._protect(self._stream(pack._get_zip()))

    def _stream(self, file):
        stream = request.env["ir.binary"].sudo()._get_stream_from(file)
        return stream.get_response(as_attachment=True)

    def _protect(self, response):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

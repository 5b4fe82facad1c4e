from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def get_file_response(name, content_type, content):
    """A file for the browser to keep, whatever it would like to do with it."""
    return request.make_response(
        content,
        [
            ("Content-Type", content_type or "application/octet-stream"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )


class SaleHistoryController(http.Controller):
    """Files of the sales tab. Everything is read with the rights of the user.

    ``token``: what the web client sends along with a download; not needed.
    """

    @http.route(
        "/recurring_billing/invoices/<models('account.move'):invoices>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
    )
    def download_invoices(self, invoices, kind, token=None):
        if kind not in ("pdf", "xml", "all"):
            raise request.not_found()
        invoices.check_access("read")
        return get_file_response(*invoices._get_archive(kind))

    @http.route(
        "/recurring_billing/sale_history/<model('sale.history.selection'):selection>"
        "/<string:kind>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
    )
    def download_history(self, selection, kind, token=None):
        selection.check_access("read")
        if kind == "zip":
            return get_file_response(*selection._get_moves()._get_archive("all"))
        if kind == "xlsx":
            customers = selection._get_customers()
            content = request.env["sale.history.sheet"]._render(customers)
            name = request.env._("Sales history") + ".xlsx"
            return get_file_response(name, XLSX, content)
        raise request.not_found()

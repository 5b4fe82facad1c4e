from odoo import http

from .sale_history import XLSX, get_file_response


class SimulationController(http.Controller):
    """A simulation in Excel, for whoever made it.

    ``token``: what the web client sends along with a download; not needed.
    """

    @http.route(
        "/recurring_billing/simulation/<model('recurring.simulation'):simulation>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
    )
    def download(self, simulation, token=None):
        name, content = simulation._get_sheet()
        return get_file_response(name, XLSX, content)

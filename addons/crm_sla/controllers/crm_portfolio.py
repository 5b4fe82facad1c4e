from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CrmPortfolioController(http.Controller):
    @http.route(
        "/crm_sla/portfolio/<int:portfolio_id>/template",
        type="http",
        auth="user",
        methods=["GET", "POST"],  # the web client fetches files with POST
    )
    def download_template(self, portfolio_id):
        """The template, read with the rights of the user."""
        portfolio = request.env["crm.portfolio"].browse(portfolio_id).exists()
        if not portfolio:
            raise request.not_found()
        portfolio._check_portfolio_rights()
        content = portfolio._render_template()
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(f"{portfolio.name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

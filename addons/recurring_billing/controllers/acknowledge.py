from odoo import http
from odoo.http import request


class Acknowledge(http.Controller):
    """The page behind "I have received this document".

    Opening it confirms nothing: mail programs and virus scanners open every link.
    """

    @http.route(
        "/recurring/acknowledge/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        sitemap=False,
    )
    def acknowledge(self, token, name=None, **kwargs):
        delivery = request.env["document.delivery"]._find_by_token(token)
        if not delivery:
            return self._respond("recurring_billing.acknowledge_not_found", {}, 404)
        lang = delivery.partner_id.lang
        if lang:
            request.update_context(lang=lang)
            delivery = delivery.with_context(lang=lang)
        people = delivery._get_people().mapped("name")
        if request.httprequest.method == "POST":
            # Only names that stand in the mail: nobody writes a text into our chatter.
            delivery._acknowledge(name if name in people else (people or [""])[0])
        return self._respond(
            "recurring_billing.acknowledge_page",
            {"delivery": delivery, "people": [name for name in people if name]},
        )

    def _respond(self, template, values, status=200):
        response = request.render(template, values, status=status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

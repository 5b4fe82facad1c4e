import secrets

from odoo.http import request, route
from odoo.tools.misc import hmac

from odoo.addons.portal.utils import get_portal_partner
from odoo.addons.sale.controllers.portal import CustomerPortal

from ..link_scanner import is_machine
from ..quotation_facts import QUOTATION_STATES

#: Where the session of a browser keeps the number under which it is known to us.
VISITOR = "quotation_visitor"


class QuotationTrackingPortal(CustomerPortal):
    """Write down what the customer does, once core has answered him."""

    @route()
    def portal_order_page(
        self, order_id, report_type=None, access_token=None, **kwargs
    ):
        response = super().portal_order_page(
            order_id, report_type=report_type, access_token=access_token, **kwargs
        )
        kind = {None: "opened", "pdf": "document"}.get(report_type)
        if kind and response.status_code == 200:
            self._track_opening(order_id, kind, access_token, kwargs)
        return response

    @route()
    def portal_quote_decline(self, order_id, access_token=None, **kwargs):
        order = request.env["sale.order"].sudo().browse(order_id).exists()
        was_open = order.state in QUOTATION_STATES
        response = super().portal_quote_decline(
            order_id, access_token=access_token, **kwargs
        )
        if was_open and order.state == "cancel":
            partner = self._get_opening_partner(order, access_token, kwargs)
            order._track(
                "declined",
                partner_id=partner.id,
                origin="link" if access_token else "portal",
            )
        return response

    def _track_opening(self, order_id, kind, access_token, parameters):
        """Write down that a person outside opened a quotation that is still open."""
        order = request.env["sale.order"].sudo().browse(order_id)
        if (
            not request.env.user.share
            or order.state not in QUOTATION_STATES
            or is_machine(request.httprequest.method, request.httprequest.headers)
            or request.env["ir.http"].is_a_bot()
        ):
            return
        partner = self._get_opening_partner(order, access_token, parameters)
        order.env["sale.quotation.event"]._note_opening(
            order,
            kind,
            self._get_visitor_key(order),
            partner_id=partner.id,
            origin="link" if access_token else "portal",
        )

    def _get_visitor_key(self, order):
        """The same for a browser and a quotation, and of no use for anything else."""
        visitor = request.session.get(VISITOR)
        if not visitor:
            visitor = request.session[VISITOR] = secrets.token_urlsafe(16)
        return hmac(order.env, "quotation visitor", (order.access_token, visitor))

    def _get_opening_partner(self, order, access_token, parameters):
        """Who is logged in, or to whom the link was sent as far as the link says so."""
        if not request.env.user._is_public():
            return request.env.user.partner_id
        pid = str(parameters.get("pid") or "")
        return get_portal_partner(
            order,
            parameters.get("hash"),
            pid if pid.isdecimal() else None,
            access_token,
        ).exists()

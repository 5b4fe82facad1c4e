import re

import werkzeug

from odoo import models
from odoo.exceptions import AccessError
from odoo.http import request

from .sale_quick_quotation import HANDED_OVER

SCREEN = "/odoo/online-quotation"
#: What the screen needs while a customer holds it; the rest of the house is closed.
OPEN = re.compile(
    rf"{SCREEN}(/|$)"
    r"|/web/(action/load|assets|bundle|webclient|static|sign|login|session/logout)(/|$)"
    r"|/web/(manifest\.webmanifest|service-worker\.js|binary/company_logo)"
    r"|/web/image/product\.product/"
    r"|/report/barcode/"
    r"|/mail/data$|/websocket|/bus/"
)


class IrHttp(models.AbstractModel):
    """A browser that was handed to a customer reaches his quotation only."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        order_id = request.session.get(HANDED_OVER)
        if order_id and not cls._is_open_to_customer(order_id):
            if rule.endpoint.routing["type"] == "http":
                werkzeug.exceptions.abort(request.redirect(f"{SCREEN}/{order_id}"))
            raise AccessError(
                request.env._("The screen is handed over: take it back first.")
            )
        return result

    @classmethod
    def _is_open_to_customer(cls, order_id):
        path = request.httprequest.path
        if path.startswith("/web/dataset/call_kw"):
            # Not by the address: the model that is called stands in the parameters.
            params = request.get_json_data().get("params") or {}
            return params.get("model") == "sale.quick.quotation"
        return bool(OPEN.match(path)) or path.startswith(f"/my/orders/{order_id}/")

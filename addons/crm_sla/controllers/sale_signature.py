from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request, route

from odoo.addons.sale.controllers.portal import CustomerPortal

from ..signature_strokes import clean_strokes
from ..signing_facts import SigningFacts

MAX_USER_AGENT = 500


class SaleSignature(CustomerPortal):
    """What is added to core's door of the signature: the document that is signed is
    shown before and kept, and what is known about the signature is written down.
    """

    @route(
        "/my/orders/<int:order_id>/signing",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def show_signing_document(self, order_id, access_token=None):
        """The document as it would be signed now, made if need be."""
        order = self._get_order_to_sign(order_id, access_token)
        if not order:
            return {"error": request.env._("This quotation cannot be signed.")}
        try:
            document = order._get_signing_document()
        except UserError as error:
            return {"error": str(error)}
        return {
            "sha256": document.sha256,
            "short": document._get_short_hash(),
            "url": order.get_portal_url(suffix=f"/signing/{document.sha256}"),
            "isPressureKept": bool(order.company_id.is_signature_pressure_kept),
        }

    @route(
        "/my/orders/<int:order_id>/signing/<string:sha256>",
        type="http",
        auth="public",
        website=True,
    )
    def download_signing_document(self, order_id, sha256, access_token=None):
        """The very bytes that have this hash."""
        order = self._get_order_to_sign(order_id, access_token)
        document = order and order.env["sale.signature.document"].search(
            [("order_id", "=", order.id), ("sha256", "=", sha256)], limit=1
        )
        if not document:
            return request.redirect("/my")
        return request.make_response(
            document._get_raw(),
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{order.name}.pdf")),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @route()
    def portal_quote_accept(
        self,
        order_id,
        access_token=None,
        name=None,
        signature=None,
        document=None,
        strokes=None,
        is_device=False,
    ):
        """
        :param document: SHA-256 of the document that was shown
        :param strokes: how it was drawn, see ``signature_strokes``
        :param is_device: on the salesperson's device, in his session
        """
        access_token = access_token or request.httprequest.args.get("access_token")
        order = self._get_order_to_sign(order_id, access_token)
        if order and signature:  # otherwise core says what is wrong
            try:
                facts = self._collect_facts(order, document, strokes, is_device)
            except UserError as error:
                return {"error": str(error)}
            if not facts.document:
                return self._refuse_changed(order)
            request.update_context(signing=facts)
        return super().portal_quote_accept(
            order_id, access_token=access_token, name=name, signature=signature
        )

    def _get_order_to_sign(self, order_id, access_token):
        access_token = access_token or request.httprequest.args.get("access_token")
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return None
        return order if order._has_to_be_signed() else None

    def _collect_facts(self, order, document, strokes, is_device):
        try:
            strokes = clean_strokes(
                strokes, keep_pressure=order.company_id.is_signature_pressure_kept
            )
        except ValueError as error:
            raise UserError(
                request.env._("The signature could not be read. Please draw it again.")
            ) from error
        user = request.env.user
        is_seller = user.has_group("sales_team.group_sale_salesman") and order.with_env(
            request.env
        ).has_access("read")
        agent = request.httprequest.user_agent.string or ""
        return SigningFacts(
            document=order._get_signing_document(document),
            is_document_shown=bool(document),
            method="device" if is_device and is_seller else "link",
            user_id=False if user._is_public() else user.id,
            ip_address=request.httprequest.remote_addr,
            user_agent=agent[:MAX_USER_AGENT],
            strokes=strokes,
        )

    def _refuse_changed(self, order):
        """Nothing is signed; the page is loaded again and says why."""
        return {
            "force_refresh": True,
            "is_changed": True,
            "redirect_url": order.get_portal_url(query_string="&message=changed"),
        }

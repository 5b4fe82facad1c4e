from odoo.http import request, route

from odoo.addons.payment.controllers.portal import PaymentPortal


class PaymentChargePortal(PaymentPortal):
    """A customer agrees, beside his saved cards, that his invoices are charged."""

    @route()
    def payment_method(self, **kwargs):
        response = super().payment_method(**kwargs)
        # env.user is in sudo; customers can read neither consents nor providers
        user = request.env.user
        consents = request.env["payment.charge.consent"].sudo()
        tokens = self._get_own_tokens().filtered("company_id.charge_from_date")
        current = consents._get_current(
            tokens.company_id, user.partner_id.commercial_partner_id
        )
        response.qcontext.update(
            charge_offers=[
                {
                    "token": token,
                    "text": consents._get_text(token),
                    "is_agreed": token in current.token_id,
                }
                for token in tokens
            ],
        )
        return response

    @route(
        "/my/automatic_payment/<int:token_id>",
        type="http",
        methods=["POST"],
        auth="user",
        website=True,
    )
    def automatic_payment(self, token_id, agree=None, **kwargs):
        """The answer of the customer: one of his own cards, or nothing happens."""
        token = self._get_own_tokens().filtered(lambda token: token.id == token_id)
        consents = request.env["payment.charge.consent"]
        if token and agree == "yes" and token.company_id.charge_from_date:
            consents._give(token)
        elif token and agree == "no":
            consents._get_current(
                token.company_id, token.partner_id.commercial_partner_id
            ).filtered(lambda consent: consent.token_id == token)._revoke()
        return request.redirect("/my/payment_method")

    def _get_own_tokens(self):
        """Cards of the person, in sudo; one that only reserves money is none."""
        tokens = (
            request.env["payment.token"]
            .sudo()
            .search([("partner_id", "=", request.env.user.partner_id.id)])
        )
        return tokens.filtered(lambda token: not token.provider_id.capture_manually)

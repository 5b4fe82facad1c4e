from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PaymentChargeConsent(models.Model):
    """A customer agrees that his invoices are charged to a card on their due date.

    Rows are evidence: what he read, when, and who wrote it down. They are never
    deleted; a withdrawn one keeps its dates.
    """

    _name = "payment.charge.consent"
    _description = "Consent to Charge a Card"
    _order = "date_given desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    token_id = fields.Many2one(
        "payment.token",
        string="Card",
        required=True,
        readonly=True,
        ondelete="restrict",
        groups="account.group_account_invoice",
    )
    card_name = fields.Char(string="Charged To", readonly=True)
    date_given = fields.Datetime(string="Given On", required=True, readonly=True)
    given_by_id = fields.Many2one("res.users", readonly=True)
    text = fields.Text(string="What Was Agreed", required=True, readonly=True)
    date_revoked = fields.Datetime(string="Withdrawn On", readonly=True)
    revoked_by_id = fields.Many2one("res.users", string="Withdrawn By", readonly=True)

    _one_at_a_time = models.UniqueIndex(
        "(partner_id, company_id) WHERE date_revoked IS NULL",
        "This customer has agreed already. Withdraw the former consent first.",
    )

    @api.model
    def _get_text(self, token):
        """The sentence that the customer agrees to, in his language."""
        return self.env._(
            "I agree that %(company)s charges my invoices to %(card)s on their due "
            "date. I can withdraw this here at any time.",
            company=token.company_id.name,
            card=token.display_name,
        )

    @api.model
    def _give(self, token):
        """Write down that the customer agrees; a former consent ends.

        :param token: in sudo; the caller has checked that it is the customer's own
        :raises UserError: when its provider only reserves money
        """
        if token.provider_id.capture_manually:
            raise UserError(
                self.env._("%s only reserves money.", token.provider_id.name)
            )
        partner = token.partner_id.commercial_partner_id
        former = self._get_current(token.company_id, partner)
        former._revoke()
        former.flush_recordset()  # before the new one: the index allows one at a time
        return self.sudo().create(
            {
                "partner_id": partner.id,
                "company_id": token.company_id.id,
                "token_id": token.id,
                "card_name": token.display_name,
                "date_given": fields.Datetime.now(),
                "given_by_id": self.env.uid,
                "text": self._get_text(token),
            }
        )

    @api.model
    def _get_current(self, companies, partners=None):
        """Consents that hold, in sudo.

        :param partners: of these customers (commercial entities); None: of all
        """
        domain = Domain("company_id", "in", companies.ids)
        domain &= Domain("date_revoked", "=", False)
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        return self.sudo().search(domain)

    def _revoke(self):
        held = self.filtered(lambda consent: not consent.date_revoked)
        held.sudo().write(
            {
                "date_revoked": fields.Datetime.now(),
                "revoked_by_id": self.env.uid,
            }
        )

    def action_revoke(self):
        """A clerk withdraws it for the customer.

        :raises AccessError: without the right to bill
        """
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")
        self._revoke()

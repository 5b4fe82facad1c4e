from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargePortal(ChargeCommon, HttpCase):
    """A customer agrees, and withdraws, beside his saved cards."""

    people = ("portal",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._create_token(cls.portal.partner_id)
        cls.portal.password = "portal-password"

    def setUp(self):
        super().setUp()
        self.authenticate(self.portal.login, "portal-password")

    def _answer(self, token, agree):
        self.url_open(
            f"/my/automatic_payment/{token.id}",
            {"agree": agree, "csrf_token": http.Request.csrf_token(self)},
        )
        return self.env["payment.charge.consent"]._get_current(
            self.company, token.partner_id.commercial_partner_id
        )

    def test_he_reads_what_he_agrees_to(self):
        page = self.url_open("/my/payment_method").text
        self.assertIn("charges my invoices to", page)
        self.assertIn("I Agree", page)

    def test_it_is_not_offered_while_it_is_off(self):
        self.company.charge_from_date = False
        self.assertNotIn("I Agree", self.url_open("/my/payment_method").text)
        self.assertFalse(self._answer(self.own, "yes"))

    def test_he_agrees(self):
        consent = self._answer(self.own, "yes")
        self.assertEqual(consent.token_id, self.own)
        self.assertEqual(consent.given_by_id, self.portal)
        self.assertIn(self.company.name, consent.text)
        self.assertIn("Withdraw", self.url_open("/my/payment_method").text)

    def test_he_withdraws(self):
        consent = self._answer(self.own, "yes")
        self.assertFalse(self._answer(self.own, "no"))
        self.assertEqual(consent.revoked_by_id, self.portal)

    def test_another_card_replaces_the_former(self):
        former = self._answer(self.own, "yes")
        other = self._create_token(self.portal.partner_id)
        self.assertEqual(self._answer(other, "yes").token_id, other)
        self.assertTrue(former.date_revoked)

    def test_the_card_of_somebody_else_is_none_of_his(self):
        self.consent._revoke()
        self.assertFalse(self._answer(self.token, "yes"))

    def test_nobody_agrees_without_the_form(self):
        with mute_logger("odoo.http"):
            self.url_open(
                f"/my/automatic_payment/{self.own.id}",
                {"agree": "yes", "csrf_token": "x"},
            )
        self.assertFalse(
            self.env["payment.charge.consent"].search([("token_id", "=", self.own.id)])
        )

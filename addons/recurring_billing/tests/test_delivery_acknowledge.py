from odoo import Command, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryAcknowledge(DeliveryCommon, HttpCase):
    """The page behind "I have received this document"."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._create_task(ask_acknowledgement=True)
        cls.row = cls._issue(cls.task)
        cls.url = f"/recurring/acknowledge/{cls.row.access_token}"

    def _post(self, url=None, **data):
        self.authenticate(None, None)
        token = http.Request.csrf_token(self)
        return self.url_open(url or self.url, data={"csrf_token": token, **data})

    def test_opening_confirms_nothing(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.row.document_name, page.text)
        self.assertIn("Azure Interior", page.text)
        self.assertIn(self.company.name, page.text)
        self.assertIn("viewport", page.text)
        self.assertEqual(self.url_open(self.url, method="HEAD").status_code, 200)
        self.row.invalidate_recordset()
        self.assertFalse(self.row.acknowledged_date)

    def test_button_confirms_once(self):
        page = self._post()
        self.assertIn("Thank you", page.text)
        self.row.invalidate_recordset()
        moment = self.row.acknowledged_date
        self.assertTrue(moment)
        self.assertEqual(self.row.acknowledged_by, "Azure Interior")
        self._post()
        self.row.invalidate_recordset()
        self.assertEqual(self.row.acknowledged_date, moment)
        notes = self.row._get_document().message_ids.filtered(
            lambda m: "confirmed the receipt" in (m.body or "")
        )
        self.assertEqual(len(notes), 1)

    @mute_logger("odoo.http")
    def test_button_needs_the_page(self):
        answer = self.url_open(self.url, data={"csrf_token": "wrong"})
        self.assertEqual(answer.status_code, 400)
        self.row.invalidate_recordset()
        self.assertFalse(self.row.acknowledged_date)

    def test_wrong_link(self):
        for token in ("x", self.row.access_token[:-1], f"{self.row.access_token}x"):
            page = self.url_open(f"/recurring/acknowledge/{token}")
            self.assertEqual(page.status_code, 404)
            self.assertIn("not valid", page.text)
            self.assertNotIn(self.row.document_name, page.text)

    def test_page_is_not_kept_and_tells_nobody_its_address(self):
        headers = self.url_open(self.url).headers
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn("no-store", headers["Cache-Control"])

    def test_who_of_several_confirms(self):
        row = self._issue(self.task, contact_ids=[Command.link(self.contact.id)])
        url = f"/recurring/acknowledge/{row.access_token}"
        self.assertIn("You are", self.url_open(url).text)
        self._post(url, name="Brandon Freeman")
        row.invalidate_recordset()
        self.assertEqual(row.acknowledged_by, "Brandon Freeman")

    def test_nobody_writes_his_own_text(self):
        self._post(name="<b>Mallory</b>")
        self.row.invalidate_recordset()
        self.assertEqual(self.row.acknowledged_by, "Azure Interior")

    def test_page_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.assertIn('lang="fr-FR"', self.url_open(self.url).text)

    def test_mail_holds_the_link_only_where_it_was_asked_for(self):
        self._queue(self.row)
        self.assertIn(self.url, self.row.mail_mail_id.body_html)
        plain = self._issue()
        self._queue(plain)
        self.assertFalse(plain.access_token)
        self.assertNotIn("/recurring/acknowledge", plain.mail_mail_id.body_html)

"""Evidence of a signature, by link and on the salesperson's device, over HTTP."""

import base64
import hashlib

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .quote_common import STROKES, QuoteCommon, draw_signature


class SigningCase(QuoteCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.order = self._create_quotation()

    def _show(self, order=None):
        """The document as the page names it before it is signed."""
        order = order or self.order
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/signing", {"access_token": order.access_token}
        )

    def _accept(self, **params):
        answer = self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/accept",
            {
                "access_token": self.order.access_token,
                "name": "Ann Customer",
                "signature": draw_signature(),
                **params,
            },
        )
        self.env.invalidate_all()
        return answer

    def _sign(self, **params):
        self._accept(document=self._show()["sha256"], strokes=STROKES, **params)
        return self.order.signature_evidence_ids

    def _hash(self, content):
        return hashlib.sha256(base64.b64decode(content)).hexdigest()


@tagged("post_install", "-at_install")
class TestSignatureByLink(SigningCase):
    def test_evidence_is_written_with_the_signature(self):
        evidence = self._sign()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(len(evidence), 1)
        self.assertEqual(
            (evidence.signer, evidence.method, evidence.date, evidence.partner_id),
            ("Ann Customer", "link", self.order.signed_on, self.customer),
        )
        self.assertFalse(evidence.user_id)
        self.assertEqual(evidence.ip_address, "127.0.0.1")
        self.assertTrue(evidence.user_agent)
        self.assertEqual((evidence.stroke_count, evidence.point_count), (2, 4))
        self.assertEqual(evidence.duration, 2)

    def test_the_document_kept_is_the_one_that_was_shown(self):
        shown = self._show()
        page = self.url_open(shown["url"])
        self.assertEqual(hashlib.sha256(page.content).hexdigest(), shown["sha256"])
        self.assertTrue(shown["sha256"].startswith(shown["short"].replace(" ", "")))
        evidence = self._sign()
        self.assertTrue(evidence.is_document_shown)
        self.assertEqual(base64.b64decode(evidence.document), page.content)
        self.assertEqual(evidence.document_sha256, shown["sha256"])
        self.assertEqual(self._hash(evidence.signature), evidence.signature_sha256)
        self.assertEqual(evidence.signature, self.order.signature)
        self.assertTrue(evidence.is_intact)

    def test_the_same_document_is_made_once(self):
        self.assertEqual(self._show(), self._show())

    def test_a_quotation_that_changed_is_not_signed(self):
        for change in (
            {"order_line": [Command.update(self.order.order_line.id, {"discount": 5})]},
            {"order_line": [Command.update(self.order.order_line.id, {"name": "Ink"})]},
            {"order_line": [Command.create({"product_id": self.paper.id})]},
            {"note": "Other terms"},
            {"payment_term_id": self.env.ref("account.account_payment_term_30days").id},
        ):
            with self.subTest(change=list(change)):
                shown = self._show()
                self.order.write(change)
                self.env.flush_all()
                answer = self._accept(document=shown["sha256"], strokes=STROKES)
                self.assertTrue(answer["is_changed"])
                self.assertIn("message=changed", answer["redirect_url"])
                self.assertFalse(self.order.signature)
                self.assertEqual(self.order.state, "draft")
                self.assertFalse(self.order.signature_evidence_ids)
                self.assertNotEqual(self._show()["sha256"], shown["sha256"])
        self.assertIn(
            "This quotation has changed", self.url_open(answer["redirect_url"]).text
        )
        self.assertTrue(self._sign())

    def test_signing_without_naming_the_document_keeps_it_all_the_same(self):
        self._accept()
        evidence = self.order.signature_evidence_ids
        self.assertFalse(evidence.is_document_shown)
        self.assertEqual(self._hash(evidence.document), evidence.document_sha256)
        self.assertEqual(evidence.stroke_count, 0)

    def test_a_drawing_that_is_none_is_refused(self):
        for strokes in ("x", [[["a", 1, 2]]], [[[1, 1, 1]] * 20_001]):
            answer = self._accept(strokes=strokes)
            self.assertIn("draw it again", answer["error"])
            self.assertFalse(self.order.signature)

    def test_a_broken_picture_leaves_no_evidence(self):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._accept(signature="no picture")
        self.env.invalidate_all()
        self.assertFalse(self.order.signature_evidence_ids)

    def test_pressure_is_kept_only_if_the_company_chose_it(self):
        self.assertFalse(self._show()["isPressureKept"])
        evidence = self._sign()
        self.assertFalse(evidence.is_pressure_kept)
        self.assertEqual(evidence.strokes[0][0], [0, 0, 0])
        self.company.is_signature_pressure_kept = True
        self.order = self._create_quotation()
        self.assertTrue(self._show()["isPressureKept"])
        evidence = self._sign()
        self.assertTrue(evidence.is_pressure_kept)
        self.assertEqual(evidence.strokes[0][0], [0, 0, 0, 0.5])

    def test_what_is_signed_is_not_signed_again(self):
        self._sign()
        self.assertIn("error", self._accept())
        self.assertIn("error", self._show())
        self.assertEqual(len(self.order.signature_evidence_ids), 1)

    def test_a_wrong_key_shows_and_signs_nothing(self):
        shown = self._show()
        wrong = shown["url"].replace(self.order.access_token, "wrong")
        self.assertNotEqual(self.url_open(wrong).content, b"")
        self.assertNotIn(self.order.name, self.url_open(wrong).text)
        self.order.access_token = "other"
        self.env.flush_all()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/signing", {"access_token": "wrong"}
        )
        self.assertEqual(list(answer), ["error"])
        self.assertIn("error", self._accept(access_token="wrong"))
        self.assertFalse(self.order.signature)

    def test_a_visitor_does_not_pass_for_our_device(self):
        self.assertEqual(self._sign(is_device=True).method, "link")

    def test_mail_and_chatter_carry_the_page_with_the_evidence(self):
        evidence = self._sign()
        messages = self.order.message_ids.filtered("attachment_ids")
        self.assertEqual(len(messages), 2, "the confirmation, and core's copy")
        for attachment in messages.attachment_ids:
            page = attachment.raw.decode()
            self.assertIn("Signature Evidence", page)
            self.assertIn(evidence.document_sha256[:32], page)
        self.assertIn(self.customer, messages.notified_partner_ids)


@tagged("post_install", "-at_install")
class TestSignatureOnDevice(SigningCase):
    def test_the_salesperson_who_hands_over_is_noted(self):
        self.authenticate("seller", "sellerxx")
        evidence = self._sign(is_device=True)
        self.assertEqual(evidence.method, "device")
        self.assertEqual(evidence.user_id, self.seller)
        self.assertEqual(self.order.state, "sale")

    def test_other_employees_do_not_pass_for_salespeople(self):
        self.authenticate("technician", "technician")
        evidence = self._sign(is_device=True)
        self.assertEqual((evidence.method, evidence.user_id), ("link", self.technician))


@tagged("post_install", "-at_install")
class TestEvidenceStays(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._create_user(
            "other_seller", "sales_team.group_sale_salesman"
        )

    def setUp(self):
        super().setUp()
        self.order = self._create_quotation()
        self.evidence = self._sign_on_server(self.order)

    def test_nobody_changes_it(self):
        for user in (self.env.user, self.seller, self.sales_manager):
            evidence = self.evidence.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(UserError):
                evidence.write({"signer": "Somebody else"})
        with self.assertRaises(UserError):
            self.evidence.sudo().write({"signer": "Somebody else"})

    def test_nobody_deletes_it_nor_the_order(self):
        self.assertEqual(self.order.state, "draft")
        with self.assertRaises(UserError):
            self.evidence.sudo().unlink()
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            self.order.unlink()

    def test_nobody_makes_one_up(self):
        values = self.evidence.copy_data()[0]
        with self.assertRaises(AccessError):
            self.env["sale.signature.evidence"].with_user(self.sales_manager).create(
                values
            )

    def test_a_context_from_outside_makes_none(self):
        order = self._create_quotation().with_user(self.seller)
        order.with_context(signing={"method": "device"}).write(
            {"signature": draw_signature()}
        )
        self.assertFalse(order.signature_evidence_ids)

    def test_a_changed_file_is_noticed(self):
        self.assertTrue(self.evidence.is_intact)
        self.env["ir.attachment"].search(
            [
                ("res_model", "=", self.evidence._name),
                ("res_id", "=", self.evidence.id),
                ("res_field", "=", "document"),
            ]
        ).raw = b"another document"
        self.env.invalidate_all()
        self.assertFalse(self.evidence.is_intact)

    def test_only_salespeople_who_see_the_order_read_it(self):
        self.assertTrue(self.evidence.with_user(self.seller).signer)
        self.assertTrue(self.evidence.with_user(self.sales_manager).signer)
        self.portal.partner_id = self.customer  # even his own
        for user in (self.portal, self.colleague, self.technician):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.evidence.with_user(user).read(["signer"])
        with self.assertRaises(AccessError):
            self.order.with_user(self.portal).action_open_signature_evidence()

    def test_a_second_signature_gets_its_own(self):
        self.order.action_cancel()
        self.order.action_draft()
        self.env.flush_all()
        self.assertFalse(self.order._get_signature_evidence())
        evidence = self._sign_on_server(self.order, width=200)
        self.assertEqual(len(evidence), 2)
        newest = max(evidence, key=lambda one: one.id)
        self.assertEqual(self.order._get_signature_evidence(), newest)
        self.assertEqual(newest.signature, self.order.signature)

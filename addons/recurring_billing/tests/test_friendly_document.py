"""The friendly layout: everything of the usual one, and what makes it friendly."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .friendly_common import INVOICE, ORDER, PROFORMA, FriendlyCommon

USUAL_INVOICE = "account.report_invoice_with_payments"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


@tagged("post_install", "-at_install")
class TestFriendlyDocument(FriendlyCommon):
    # === NOTHING IS MISSING === #

    def test_an_invoice_has_all_that_the_usual_one_has(self):
        invoice = self._create_invoice()
        usual, friendly = (self._print(r, invoice) for r in (USUAL_INVOICE, INVOICE))
        for text in (
            "PO-4711",
            "DAP",
            "Valencia",
            "Dock 3",
            "Reverse",
            "C-77",
            "VAT 10",
        ):
            self.assertIn(text, usual)
        self.assertNothingMissing(usual, friendly)

    def test_an_invoice_with_an_early_discount(self):
        term = self._create_payment_term(
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
            line_ids=[Command.create({"nb_days": 30, "value_amount": 100})],
        )
        invoice = self._create_invoice(invoice_payment_term_id=term.id)
        usual = self._print(USUAL_INVOICE, invoice)
        self.assertIn("early_payment_discount", usual)
        self.assertNothingMissing(usual, self._print(INVOICE, invoice))

    def test_an_invoice_in_another_currency_shows_taxes_in_the_companys(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "rate": 2.0,
                "name": "2027-01-01",
                "company_id": self.company.id,
            }
        )
        invoice = self._create_invoice(currency_id=dollar.id)
        usual, friendly = (self._print(r, invoice) for r in (USUAL_INVOICE, INVOICE))
        self.assertIn("$", friendly)
        self.assertNothingMissing(usual, friendly)

    def test_a_credit_note_a_draft_and_a_paid_invoice(self):
        paid = self._create_invoice()
        self._settle(paid, paid.amount_total)
        documents = {
            "credit note": self._create_invoice(move_type="out_refund"),
            "draft": self._create_invoice(),
            "paid": paid,
        }
        documents["draft"].button_draft()
        for name, invoice in documents.items():
            with self.subTest(document=name):
                self.assertNothingMissing(
                    self._print(USUAL_INVOICE, invoice), self._print(INVOICE, invoice)
                )

    def test_orders_have_all_that_the_usual_ones_have(self):
        order = self._create_order()
        for usual, friendly in (
            ("sale.report_saleorder", ORDER),
            ("sale.report_saleorder_pro_forma", PROFORMA),
        ):
            with self.subTest(report=friendly):
                self.assertNothingMissing(
                    self._print(usual, order), self._print(friendly, order)
                )
        order.action_confirm()
        self.assertNothingMissing(
            self._print("sale.report_saleorder", order), self._print(ORDER, order)
        )

    def test_cores_qr_codes_are_printed(self):
        self.company.write({"qr_code": True, "link_qr_code": True})
        invoice = self._create_invoice()
        Move = self.registry["account.move"]
        with (
            patch.object(Move, "_generate_qr_code", lambda *a, **k: PIXEL),
            patch.object(Move, "_generate_portal_payment_qr", lambda *a: PIXEL),
            patch.object(Move, "_get_portal_payment_link", lambda *a: "https://pay"),
        ):
            page = self._print(INVOICE, invoice)
        self.assertIn('id="qrcode"', page)
        self.assertIn('id="payment_link_qrcode"', page)
        self.assertEqual(page.count(PIXEL), 2)

    def test_a_localisation_that_prints_more_prints_it_here(self):
        self.env["ir.ui.view"].create(
            {
                "name": "Local law",
                "type": "qweb",
                "inherit_id": self.env.ref("web.external_layout_bold").id,
                "arch": """<xpath expr="//ul[@name='company_address_list']"
                    position="inside"><li>Court of Sibiu 123</li></xpath>""",
            }
        )
        page = self._print(INVOICE, self._create_invoice())
        self.assertIn("Court of Sibiu 123", page)

    # === TAX IDS === #

    def test_the_companys_tax_id_is_on_every_document(self):
        page = self._print(INVOICE, self._create_invoice())
        self.assertEqual(self._get_text(page).count("ESB12345674"), 1)

    def test_a_tax_id_in_the_companys_own_footer_is_not_repeated(self):
        self.company.report_footer = "<p>VAT: ES B-12345674</p>"
        text = self._get_text(self._print(INVOICE, self._create_invoice()))
        self.assertIn("ES B-12345674", text)
        self.assertNotIn("ESB12345674", text)

    def test_the_tax_id_of_another_country_takes_its_place(self):
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Romania",
                "foreign_vat": "RO1234567897",
                "country_id": self.env.ref("base.ro").id,
            }
        )
        order = self._create_order(fiscal_position_id=position.id)
        text = self._get_text(self._print(ORDER, order))
        self.assertIn("RO1234567897", text)
        self.assertNotIn("ESB12345674", text)

    # === WHAT MAKES IT FRIENDLY === #

    def test_each_kind_of_document_has_its_greeting(self):
        order = self._create_order()
        credit_note = self._create_invoice(move_type="out_refund")
        for kind, report, document in (
            ("invoice", INVOICE, self._create_invoice()),
            ("credit_note", INVOICE, credit_note),
            ("quotation", ORDER, order),
            ("proforma", PROFORMA, order),
        ):
            greeting = self._get_kind(kind).greeting
            with self.subTest(kind=kind):
                self.assertTrue(greeting)
                self.assertIn(greeting, self._get_text(self._print(report, document)))
        order.action_confirm()
        greeting = self._get_kind("order").greeting
        self.assertIn(greeting, self._get_text(self._print(ORDER, order)))

    def _get_kind(self, code):
        return self.env["recurring.document.kind"]._get_by_code(code)

    def test_the_usual_layout_does_not_greet(self):
        page = self._print(USUAL_INVOICE, self._create_invoice())
        self.assertNotIn(self._get_kind("invoice").greeting, page)
        self.assertNotIn("o_friendly", page)

    def test_names_in_the_greeting_are_filled_in_and_nothing_else(self):
        kind = self._get_kind("invoice")
        kind.greeting = "{customer}, {company} sends {number}. {0.env} <b>"
        invoice = self._create_invoice()
        page = self._print(INVOICE, invoice)
        self.assertIn(
            f"Alma Books, Recurring Co sends {invoice.name}. {{0.env}} <b>",
            self._get_text(page),
        )

    def test_the_language_is_the_customers(self):
        for lang, amount in (
            ("ro_RO", "de euro și"),
            ("it_IT", "euro e"),
            ("es_ES", "euros con"),
        ):
            self.env["res.lang"]._activate_lang(lang)
            self.customer.lang = lang
            self._get_kind("invoice").with_context(lang=lang).greeting = f"Ciao {lang}"
            text = self._get_text(self._print(INVOICE, self._create_invoice()))
            with self.subTest(lang=lang):
                self.assertIn(f"Ciao {lang}", text)
                self.assertIn(amount, text)

    def test_the_total_stands_in_words_once(self):
        self.company.display_invoice_amount_total_words = True
        invoice = self._create_invoice(
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.product.id,
                        "price_unit": 100,
                        "tax_ids": [Command.set(self.tax.ids)],
                    }
                )
            ]
        )
        text = self._get_text(self._print(INVOICE, invoice)).lower()
        self.assertEqual(text.count("hundred and twenty-one euros"), 1)
        self.assertNotIn("total amount in words", text)
        usual = self._get_text(self._print(USUAL_INVOICE, invoice)).lower()
        self.assertIn("total amount in words", usual)

    def test_the_hour_is_printed_where_there_is_one(self):
        self.assertIn("09:30", self._print(INVOICE, self._create_invoice()))
        self.assertIn("09:30", self._print(ORDER, self._create_order()))
        midnight = self._create_invoice(document_hour="00:00")
        self.assertIn("00:00", self._print(INVOICE, midnight))
        without = self._create_invoice(document_hour=False)
        self.assertNotIn('name="document_hour"', self._print(INVOICE, without))

    def test_figures_say_what_to_pay_and_until_when(self):
        invoice = self._create_invoice()
        labels = [label for label, _text in invoice._get_friendly_figures()]
        self.assertEqual(labels, ["To Pay", "Until"])
        self._settle(invoice, 1.0)
        labels = [label for label, _text in invoice._get_friendly_figures()]
        self.assertEqual(labels, ["To Pay", "Until", "Total"])

    def test_a_credit_note_asks_for_nothing(self):
        credit_note = self._create_invoice(move_type="out_refund")
        figures = credit_note._get_friendly_figures()
        self.assertEqual([label for label, _text in figures], ["In Your Favour"])
        self.assertFalse(credit_note._get_friendly_link())

    def test_the_colours_are_the_companys_and_legible(self):
        self.company.write({"primary_color": "#FFEE00", "secondary_color": "bad;}"})
        page = self._print(INVOICE, self._create_invoice())
        self.assertIn("background-color: #ffee00; color: #000000", page)
        self.assertNotIn("bad;}", page.split("</style>")[0])

    def test_headings_are_repeated_unless_a_row_outgrows_a_page(self):
        order = self._create_order()
        repeated = "table-header-group"
        self.assertIn(repeated, self._print(ORDER, order))
        order.order_line[1].name = "A line\n" * 40
        self.assertNotIn(repeated, self._print(ORDER, order))
        order.order_line[1].name = "A long text without a break. " * 100
        self.assertNotIn(repeated, self._print(ORDER, order))


@tagged("post_install", "-at_install")
class TestFriendlyLink(FriendlyCommon):
    """What can be done online is one click or scan away."""

    def test_an_invoice_can_be_paid_where_a_provider_is_on(self):
        self.assertNotIn("Pay online", self._print(INVOICE, self._create_invoice()))
        self._accept_online_payment()
        self.company.invalidate_recordset()
        invoice = self._create_invoice()
        page = self._print(INVOICE, invoice)
        self.assertIn("Pay online", page)
        self.assertIn(f"/my/invoices/{invoice.id}?access_token=", page)
        self.assertIn('class="o_friendly_qr"', page)

    def test_cores_own_code_is_not_doubled(self):
        self._accept_online_payment()
        self.company.link_qr_code = True
        invoice = self._create_invoice()
        self.assertTrue(invoice._get_friendly_link()["has_qr_code"])
        Move = self.registry["account.move"]
        with patch.object(Move, "_generate_portal_payment_qr", lambda *a: PIXEL):
            page = self._print(INVOICE, invoice)
        self.assertIn(PIXEL, page)
        self.assertNotIn('class="o_friendly_qr"', page)

    def test_what_is_paid_offers_no_payment(self):
        self._accept_online_payment()
        invoice = self._create_invoice()
        self.assertTrue(invoice._get_friendly_link())
        self._settle(invoice, invoice.amount_total)
        self.assertFalse(invoice._get_friendly_link())
        labels = [label for label, _text in invoice._get_friendly_figures()]
        self.assertEqual(labels, ["Total", "Paid"])

    def test_another_companys_provider_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._accept_online_payment()
        self.env["payment.provider"].search(
            [("company_id", "=", self.company.id)]
        ).company_id = other
        self.assertFalse(self.company.has_online_payment)

    def test_a_quotation_is_accepted_online(self):
        order = self._create_order(require_signature=True, require_payment=False)
        self.assertEqual(order._get_friendly_link()["label"], "Accept online")
        order.action_confirm()
        self.assertFalse(order._get_friendly_link())

    def test_a_proforma_is_paid_online(self):
        order = self._create_order().with_context(proforma=True)
        self.assertFalse(order._get_friendly_link())
        self._accept_online_payment()
        self.assertEqual(order._get_friendly_link()["label"], "Pay online")

    def test_a_proforma_has_its_number_and_the_day_until_when(self):
        order = self._create_order()
        order._issue_proforma()
        text = self._get_text(self._print(PROFORMA, order))
        self.assertIn(order.proforma_number, text)
        figures = order.with_context(proforma=True)._get_friendly_figures()
        self.assertEqual([label for label, _text in figures], ["To Pay", "Until"])

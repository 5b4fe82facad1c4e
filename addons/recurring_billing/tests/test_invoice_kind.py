"""Which kind an invoice has: by facts first, by choice where they leave it open."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .invoice_kind_common import InvoiceKindCommon


@tagged("post_install", "-at_install")
class TestInvoiceKind(InvoiceKindCommon):
    def assertKind(self, move, kind):
        """The kind as read, as searched and as grouped by."""
        self.assertEqual(move.invoice_kind, kind)
        found = move.search([("id", "=", move.id), ("invoice_kind", "=", kind)])
        self.assertEqual(found, move)
        groups = move._read_group([("id", "=", move.id)], ["invoice_kind"], ["__count"])
        self.assertEqual(groups, [(kind, 1)])

    def test_an_invoice_is_ordinary(self):
        invoice = self._create_invoice()
        self.assertKind(invoice, "ordinary")
        self.assertFalse(invoice.chosen_kind)

    def test_a_credit_note_is_corrective(self):
        self.assertKind(self._reverse(self._post_invoice()), "corrective")

    def test_an_invoice_that_names_another_is_corrective(self):
        original = self._post_invoice()
        invoice = self._create_invoice(corrected_move_id=original.id)
        self.assertKind(invoice, "corrective")

    def test_a_kind_is_chosen(self):
        invoice = self._create_invoice()
        for kind in ("simplified", "recapitulative", "ordinary"):
            invoice.invoice_kind = kind
            self.assertKind(invoice, kind)

    def test_a_credit_note_is_nothing_else(self):
        note = self._reverse(self._post_invoice())
        with self.assertRaisesRegex(UserError, "credit note"):
            note.invoice_kind = "simplified"

    def test_bills_receipts_and_entries_have_none(self):
        bill = self._create_invoice(move_type="in_invoice")
        receipt = self._create_invoice(move_type="out_receipt")
        entry = self.env["account.move"].create({"move_type": "entry"})
        for move in bill | receipt | entry:
            self.assertKind(move, False)

    def test_what_is_not_of_a_kind_is_found(self):
        ordinary, simplified = self._create_invoice(), self._create_invoice()
        simplified.invoice_kind = "simplified"
        both = ordinary | simplified
        found = both.search(
            [("id", "in", both.ids), ("invoice_kind", "!=", "simplified")]
        )
        self.assertEqual(found, ordinary)
        self.assertEqual(
            both.filtered_domain([("invoice_kind", "in", ["simplified"])]), simplified
        )

    def test_the_client_may_group_by_it(self):
        fields = self.env["account.move"].fields_get(["invoice_kind"], ["groupable"])
        self.assertTrue(fields["invoice_kind"]["groupable"])

    def test_a_posted_document_keeps_its_kind(self):
        invoice = self._post_invoice()
        for values in (
            {"invoice_kind": "simplified"},
            {"chosen_kind": "simplified"},
            {"corrective_reason": "Typing error"},
            {"recapitulative_month": "2027-03-01"},
        ):
            with self.subTest(**values), self.assertRaisesRegex(UserError, "posted"):
                invoice.write(values)

    def test_writing_what_stands_already_is_no_change(self):
        invoice = self._create_invoice(recapitulative_month="2027-03-01")
        invoice.action_post()
        invoice.write({"recapitulative_month": "2027-03-01", "chosen_kind": False})
        self.assertEqual(invoice.state, "posted")

    def test_a_copy_has_no_kind_of_its_own(self):
        original = self._post_invoice()
        invoice = self._create_invoice(
            corrected_move_id=original.id,
            corrective_reason="Typing error",
            chosen_kind="corrective",
        )
        copy = invoice.copy()
        self.assertKind(copy, "ordinary")
        self.assertFalse(copy.corrective_reason)

    def test_only_an_invoice_of_the_company_is_corrected(self):
        other = self._create_billing_company(name="Other Co")
        invoice = self._create_invoice()
        foreign = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": other.id,
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [Command.create({"name": "Work"})],
                }
            )
        )
        with self.assertRaises(UserError):
            invoice.sudo().corrected_move_id = foreign


@tagged("post_install", "-at_install")
class TestCorrections(InvoiceKindCommon):
    people = ("portal",)

    def test_the_dialogue_for_credit_notes_asks_for_the_reason(self):
        invoice = self._post_invoice()
        note = self._reverse(
            invoice, corrective_reason_code="discount", reason="Christmas"
        )
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual(
            note._get_reason_text(), "Discount granted afterwards: Christmas"
        )

    def test_without_a_reason_a_credit_note_is_as_core_makes_it(self):
        note = self._reverse(self._post_invoice(), reason="Christmas")
        self.assertFalse(note.corrective_reason)
        self.assertIn("Christmas", note.ref)
        self.assertFalse(note._get_kind_details())

    def test_where_kinds_are_checked_the_words_are_the_reason(self):
        self.company.check_invoice_kinds = True
        note = self._reverse(self._post_invoice(), reason="Christmas")
        self.assertEqual(note._get_reason_text(), "Christmas")

    def test_too_little_is_corrected_by_an_invoice_that_names_the_first(self):
        invoice = self._post_invoice()
        action = invoice.action_correct_upwards()
        if "default_corrected_move_id" not in action["context"]:
            self.skipTest("core's debit notes are installed")
        defaults = {
            name.removeprefix("default_"): value
            for name, value in action["context"].items()
        }
        correction = self._create_invoice(**defaults)
        self.assertEqual(correction.invoice_kind, "corrective")
        self.assertEqual(correction._get_corrected_move(), invoice)
        self.assertEqual(correction.partner_id, self.customer)

    def test_customers_correct_nothing_of_what_they_may_read(self):
        invoice = self._post_invoice()
        self.portal.partner_id.parent_id = self.customer
        own = invoice.with_user(self.portal)
        self.assertTrue(own.has_access("read"))
        with self.assertRaises(AccessError):
            own.action_correct_upwards()

    def test_a_draft_is_not_corrected(self):
        with self.assertRaisesRegex(UserError, "nothing to correct"):
            self._create_invoice().action_correct_upwards()


@tagged("post_install", "-at_install")
class TestKindPrinted(InvoiceKindCommon):
    def _print(self, move):
        html = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", move.ids
        )[0]
        return " ".join(html.decode().split())

    def test_the_kind_is_the_title_where_it_was_chosen(self):
        invoice = self._create_invoice(chosen_kind="simplified")
        invoice.action_post()
        text = self._print(invoice)
        self.assertIn("Simplified Invoice", text)
        self.assertIn("Date of Operation", text)

    def test_nothing_changes_before_somebody_asks_for_kinds(self):
        note = self._reverse(self._post_invoice())
        note.action_post()
        for move in (note.reversed_entry_id, note):
            self.assertNotIn("invoice_kind_details", self._print(move))
            self.assertFalse(move._get_kind_title())

    def test_a_correction_names_number_date_and_reason(self):
        invoice = self._post_invoice()
        note = self._reverse(invoice, corrective_reason_code="returned")
        text = self._print(note)
        self.assertIn(f"{invoice.name} of 03/15/2027", text)
        self.assertIn("Goods or packaging returned", text)

    def test_a_correction_upwards_has_its_title(self):
        original = self._post_invoice()
        invoice = self._create_invoice(
            corrected_move_id=original.id,
            chosen_kind="corrective",
            corrective_reason="One hour was forgotten",
        )
        invoice.action_post()
        text = self._print(invoice)
        self.assertIn("Corrective Invoice", text)
        self.assertIn(f"{original.name} of 03/15/2027", text)
        self.assertIn("One hour was forgotten", text)

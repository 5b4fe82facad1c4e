"""What stands in an accountant's pack: files, list, totals, numbers, changes."""

import os
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .accountant_pack_common import AccountantPackCommon


@tagged("post_install", "-at_install")
class TestPackContents(AccountantPackCommon):
    def test_last_month_is_proposed(self):
        pack = self._create_pack()
        self.assertEqual(str(pack.date_from), "2027-02-01")
        self.assertEqual(str(pack.date_to), "2027-02-28")
        self.assertEqual(pack.display_name, "Accountant's Pack February 2027")

    def test_own_dates_are_kept(self):
        dates = {"date_from": "2027-01-15", "date_to": "2027-02-15"}
        pack = self._create_pack(period="custom", **dates)
        self.assertEqual(str(pack.date_from), "2027-01-15")
        self.assertEqual(str(pack.date_to), "2027-02-15")

    def test_every_document_of_the_period_is_in_it_and_no_other(self):
        first = self._create_invoice("2027-02-01")
        last = self._create_invoice("2027-02-28")
        note = self._create_invoice(move_type="out_refund")
        receipt = self._create_invoice(move_type="out_receipt")
        self._create_invoice("2027-01-31")
        self._create_invoice("2027-03-01")
        pack = self._make()
        documents = (first | last | note | receipt).mapped("name")
        self.assertCountEqual(
            [row[1] for row in self._get_lines(pack, "Documents")], documents
        )
        self.assertCountEqual(self.printed, documents)
        pdfs = [name for name in self._get_names(pack) if name.endswith(".pdf")]
        self.assertCountEqual(
            pdfs, [f"INV/{name.replace('/', '_')}.pdf" for name in documents]
        )
        self.assertEqual((pack.document_count, pack.file_count), (4, 4))

    def test_the_legal_files_go_in_as_they_were_sent(self):
        invoice = self._create_invoice()
        pdf = self._store_file(invoice)
        xml = self.env["ir.attachment"].create({"name": "e.xml", "raw": b"<Invoice/>"})
        with patch.object(
            type(self.env["account.move.send"]),
            "_get_invoice_extra_attachments",
            lambda sender, move: pdf | xml,
        ):
            pack = self._make()
        archive = self._open(pack)
        name = f"INV/{invoice.name.replace('/', '_')}.pdf"
        self.assertEqual(archive.read(name), b"%PDF as sent")
        self.assertEqual(archive.read("INV/e.xml"), b"<Invoice/>")
        self.assertFalse(self.printed)

    def test_vendor_bills_are_in_it_by_choice_with_the_vendors_file(self):
        expense = self.env["account.account"].create(
            {"name": "Costs", "code": "600000", "account_type": "expense"}
        )
        journal = self.env["account.journal"].create(
            {
                "type": "purchase",
                "code": "BILL",
                "name": "Bills",
                "default_account_id": expense.id,
            }
        )
        bill = self._create_invoice(
            move_type="in_invoice",
            journal_id=journal.id,
            date="2027-02-10",
            tax=self.env["account.tax"],
        )
        file = {"name": "theirs.pdf", "raw": b"%PDF x", "res_model": bill._name}
        self.env["ir.attachment"].create({**file, "res_id": bill.id})
        self.assertNotIn(bill.name, str(self._get_lines(self._make(), "Documents")))
        pack = self._make(with_bills=True)
        self.assertIn("BILL/theirs.pdf", self._get_names(pack))
        (row,) = self._get_lines(pack, "Documents")
        self.assertEqual((row[1], row[12]), (bill.name, -100))

    def test_texts_are_never_formulas(self):
        self.customer.name = "=1+1"
        self._create_invoice(ref="@SUM(A1)")
        pack = self._make()
        for sheet in self._get_book(pack):
            for row in sheet.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f", cell.value)
        (row,) = self._get_lines(pack, "Documents")
        self.assertEqual((row[6], row[8]), ("=1+1", "@SUM(A1)"))

    def test_other_companies_are_not_in_it(self):
        own = self._create_invoice()
        other = self._create_billing_company(name="Other Co")
        env = self._get_company_env(other)
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2027-02-10",
                "invoice_line_ids": [
                    Command.create({"name": "Work", "price_unit": 7, "tax_ids": False})
                ],
            }
        )
        move.action_post()
        pack = self._make()
        self.assertEqual(pack.sudo().document_ids.move_id, own)
        self.assertEqual(len(self._get_lines(pack, "Documents")), 1)


@tagged("post_install", "-at_install")
class TestPackTotals(AccountantPackCommon):
    """Control totals against SQL over the journal items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls._enable_currency("USD")
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.dollar.id,
                "company_id": cls.company.id,
                "name": "2027-01-01",
                "rate": 1.25,
            }
        )
        low = cls._create_tax(name="VAT 4", amount=4)
        none = cls._create_tax(name="Free", amount=0)
        group = cls._create_tax(
            name="Both",
            amount_type="group",
            children_tax_ids=[Command.set((low | none).ids)],
        )
        for price, tax in ((33.33, cls.tax), (10.01, low), (5, none), (77.7, group)):
            cls._create_invoice(price=price, tax=tax)
        cls._create_invoice(price=19.99, move_type="out_refund")
        cls._create_invoice(price=100, currency_id=cls.dollar.id)
        cls._create_invoice("2027-03-02", price=1000)

    def _sum(self, columns, where="TRUE", joins=""):
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {columns} FROM account_move_line l"
            f" JOIN account_move m ON m.id = l.move_id {joins}"
            " WHERE m.company_id = %s AND m.state = 'posted' AND m.date"
            f" BETWEEN '2027-02-01' AND '2027-02-28' AND {where}",
            [self.company.id],
        )
        return [float(value or 0) for value in self.env.cr.fetchone()]

    def test_totals_are_those_of_the_journal_items(self):
        lines = self._get_lines(self._make(), "Totals")
        receivable = "l.account_id IN (SELECT id FROM account_account WHERE"
        receivable += " account_type = 'asset_receivable')"
        (total,) = self._sum("SUM(l.balance)", receivable)
        (taxes,) = self._sum("-SUM(l.balance)", "l.tax_repartition_line_id IS NOT NULL")
        self.assertAlmostEqual(sum(row[7] for row in lines), total, 2)
        self.assertAlmostEqual(sum(row[8] for row in lines), total, 2)
        self.assertAlmostEqual(sum(row[6] for row in lines), taxes, 2)
        self.assertAlmostEqual(sum(row[5] for row in lines), total - taxes, 2)
        self.assertEqual({row[9] for row in lines}, {0})
        self.assertEqual(sum(row[3] for row in lines), 6)
        self.assertEqual({row[2] for row in lines}, {"EUR", "USD"})
        (dollars,) = [row for row in lines if row[2] == "USD"]
        self.assertEqual(dollars[4], 121)
        self.assertEqual(dollars[7], 96.8)

    def test_a_total_that_differs_from_the_journal_items_shows(self):
        invoice = self._create_invoice(price=50)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET amount_total_signed = amount_total_signed + 1"
            " WHERE id = %s",
            [invoice.id],
        )
        lines = self._get_lines(self._make(), "Totals")
        self.assertEqual(sum(row[9] for row in lines), 1)

    def test_taxes_have_base_and_amount_of_the_journal_items(self):
        lines = self._get_lines(self._make(), "Taxes")
        by_tax = {}
        for _journal, tax, _currency, _base, _tax, base, amount in lines:
            known = by_tax.get(tax, (0, 0))
            by_tax[tax] = (known[0] + base, known[1] + amount)
        self.assertNotIn("Both", by_tax)
        for name in ("VAT 21", "VAT 4", "Free"):
            tax = self.env["account.tax"].search(
                [("name", "=", name), ("company_id", "=", self.company.id)]
            )
            holders = self.env["account.tax"].search(
                ["|", ("id", "=", tax.id), ("children_tax_ids", "in", tax.ids)]
            )
            ids = ",".join(map(str, holders.ids))
            (amount,) = self._sum("-SUM(l.balance)", f"l.tax_line_id = {tax.id}")
            (base,) = self._sum(
                "-SUM(l.balance)",
                f"r.account_tax_id IN ({ids})",
                "JOIN account_move_line_account_tax_rel r"
                " ON r.account_move_line_id = l.id",
            )
            with self.subTest(name):
                self.assertAlmostEqual(by_tax[name][0], base, 2)
                self.assertAlmostEqual(by_tax[name][1], amount, 2)

    def test_accounts_balance(self):
        lines = self._get_lines(self._make(), "Accounts")
        debit, credit = self._sum("SUM(l.debit), SUM(l.credit)")
        self.assertAlmostEqual(sum(row[3] for row in lines), debit, 2)
        self.assertAlmostEqual(sum(row[4] for row in lines), credit, 2)
        self.assertAlmostEqual(sum(row[5] for row in lines), 0, 2)
        self.assertIn("700000", [row[1] for row in lines])


@tagged("post_install", "-at_install")
class TestPackNumbers(AccountantPackCommon):
    """The gap check, and whatever is known of a missing number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_invoice("2027-02-01")

    def _renumber(self, invoice, number):
        prefix = self.first.sequence_prefix
        invoice.name = f"{prefix}{number:05}"

    def _get_numbers(self, pack):
        return [(row[1], row[2]) for row in self._get_lines(pack, "Numbers")]

    def test_a_complete_series_has_no_gap(self):
        self._create_invoice()
        pack = self._make()
        self.assertEqual(self._get_numbers(pack), [])
        self.assertEqual(pack.gap_count, 0)
        self.assertIn("No number is missing.", pack.note)

    def test_missing_numbers_are_listed(self):
        self._renumber(self._create_invoice(), 5)
        pack = self._make()
        prefix = self.first.sequence_prefix
        ((label, reason),) = self._get_numbers(pack)
        self.assertEqual(label, f"{prefix}00002 – {prefix}00004")
        self.assertIn("deleted, or never given", reason)
        self.assertEqual(pack.gap_count, 3)

    def test_a_gap_right_before_the_period_is_found_too(self):
        self._renumber(self._create_invoice("2027-03-02"), 4)
        pack = self._make(period="this_month")
        self.assertEqual(pack.gap_count, 2)

    def test_a_cancelled_invoice_explains_its_number(self):
        cancelled = self._create_invoice()
        self._create_invoice()
        cancelled.button_draft()
        cancelled.button_cancel()
        pack = self._make()
        self.assertEqual(self._get_numbers(pack), [(cancelled.name, "Cancelled.")])
        self.assertEqual(pack.gap_count, 0)

    def test_a_number_dated_in_another_period_is_not_missing(self):
        self._create_invoice("2027-03-05")
        self._create_invoice("2027-02-25")
        self.assertEqual(self._make().gap_count, 0)

    def test_a_deleted_invoice_is_known_from_a_former_pack(self):
        deleted = self._create_invoice()
        self._create_invoice()
        name = deleted.name
        self._make()
        deleted.button_draft()
        deleted.with_context(force_delete=True).unlink()
        ((label, reason),) = self._get_numbers(self._make())
        self.assertEqual(label, name)
        self.assertIn("since the pack made on 03/15/2027", reason)
        self.assertIn("Alma Books", reason)

    def test_a_series_that_begins_late_is_remarked_but_nothing_is_missing(self):
        invoice = self._create_invoice(post=False)
        invoice.name = "NEW/2027/00041"
        invoice.action_post()
        pack = self._make()
        self.assertEqual(
            self._get_numbers(pack),
            [("NEW/2027/00041", "The series begins with this number.")],
        )
        self.assertEqual(pack.gap_count, 0)


@tagged("post_install", "-at_install")
class TestPackRemarks(AccountantPackCommon):
    """What is missing is named, in the file, in the note and on the screen."""

    def _get_missing(self, pack):
        return dict(self._get_lines(pack, "Missing"))

    def test_a_document_that_cannot_be_printed_harms_no_other(self):
        good, bad = self._create_invoice(), self._create_invoice()
        (good | bad).is_move_sent = True
        self.unprintable = bad
        pack = self._make()
        self.assertEqual(self.printed, [good.name])
        self.assertEqual(self._get_missing(pack), {bad.name: "the engine broke"})
        self.assertEqual(pack.missing_count, 1)
        self.assertIn(f"{bad.name}: the engine broke", pack.note)
        text = self._open(pack).read("READ ME.txt").decode()
        self.assertEqual(text, pack.note)

    def test_drafts_of_the_period_are_named(self):
        draft = self._create_invoice(post=False)
        self._create_invoice("2027-03-10", post=False)
        missing = self._get_missing(self._make())
        self.assertEqual(list(missing), [f"Draft (id {draft.id})"])
        self.assertIn("Alma Books", missing[f"Draft (id {draft.id})"])

    def test_invoices_that_nobody_got_are_named(self):
        never, sent, refused, other = (self._create_invoice() for _n in range(4))
        other.is_move_sent = True
        delivery = self.env["document.delivery"].sudo()
        for move, state in ((sent, "sent"), (refused, "refused")):
            row = delivery._create_for_document(move, self.customer)
            row.write({"state": state, "reason": state == "refused" and "no such user"})
        refused.is_move_sent = True  # so says Odoo; the mail server knows better
        self.assertEqual(
            self._get_missing(self._make()),
            {
                never.name: "Never sent to the customer.",
                refused.name: "Not sent to the customer: Refused. no such user",
            },
        )

    def test_a_missing_e_invoice_is_named(self):
        invoice = self._create_invoice()
        invoice.is_move_sent = True
        with patch.object(
            type(self.env["account.move.send"]),
            "_get_default_invoice_edi_format",
            lambda sender, move, **kwargs: "facturx",
        ):
            missing = self._get_missing(self._make())
        self.assertIn("There is no e-invoice", missing[invoice.name])

    def test_a_stored_file_that_is_gone_is_named(self):
        invoice = self._create_invoice()
        invoice.is_move_sent = True
        file = self._store_file(invoice, b"%PDF that is lost")
        os.unlink(file._full_path(file.store_fname))
        self.assertIn("cannot be read", self._make().note)

    def test_the_note_says_once_what_holds_for_many(self):
        invoices = [self._create_invoice() for _n in range(12)]
        for invoice in invoices:
            self._store_file(invoice)
        names = [invoice.name for invoice in invoices]
        pack = self._make()
        line = f"- {', '.join(names[:10])}, … (12): Never sent to the customer."
        self.assertIn(line, pack.note.splitlines())
        self.assertEqual(pack.missing_count, 12)
        self.assertEqual(len(self._get_missing(pack)), 12)

    def test_nothing_missing_is_said_in_so_many_words(self):
        self._create_invoice().is_move_sent = True
        pack = self._make()
        self.assertIn("Nothing is missing.", pack.note)
        self.assertEqual(pack.missing_count, 0)


@tagged("post_install", "-at_install")
class TestPackChanges(AccountantPackCommon):
    """A second pack of the same period tells what has changed since the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls._create_invoice(price=1)
        cls.touched = cls._create_invoice(price=2)

    def _get_changes(self, pack):
        return {row[0]: row[1:] for row in self._get_lines(pack, "Changes")}

    def test_the_first_pack_has_nothing_to_compare_with(self):
        pack = self._make()
        self.assertFalse(pack.previous_id)
        self.assertNotIn("Changes", self._get_book(pack).sheetnames)

    def test_nothing_changed(self):
        first = self._make()
        second = self._make()
        self.assertEqual(second.previous_id, first)
        self.assertEqual(self._get_changes(second), {})
        self.assertIn("Nothing has changed.", second.note)

    def test_payments_and_sending_are_no_changes_of_the_document(self):
        self._make()
        self.touched.is_move_sent = True
        self._open_bank(self.company)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.touched.ids
        ).create({"journal_id": self._get_journal("bank").id})._create_payments()
        self.assertEqual(self._get_changes(self._make()), {})

    def test_new_changed_and_gone_documents(self):
        gone, cancelled, moved = (self._create_invoice() for _n in range(3))
        names = (gone | cancelled | moved).mapped("name")
        self._make()
        self.touched.button_draft()
        self.touched.invoice_line_ids.price_unit = 3
        self.touched.action_post()
        new = self._create_invoice()
        for move in (gone, cancelled, moved):
            move.button_draft()
        gone.with_context(force_delete=True).unlink()
        cancelled.button_cancel()
        moved.write({"invoice_date": "2027-03-03", "date": "2027-03-03"})
        moved.action_post()
        pack = self._make()
        changes = self._get_changes(pack)
        self.assertEqual(set(changes), {self.touched.name, new.name, *names})
        self.assertEqual(
            changes[self.touched.name], ("Changed: another total.", 2.42, 3.63, "EUR")
        )
        self.assertEqual(changes[new.name][0], "New: not in the pack before.")
        self.assertEqual(
            [changes[name][0] for name in names],
            ["Gone: deleted.", "Gone: cancelled.", "Gone: its date is now 03/03/2027."],
        )
        self.assertEqual(pack.change_count, 5)

    def test_another_text_is_a_change_although_the_total_is_the_same(self):
        self._make()
        self.touched.button_draft()
        self.touched.invoice_line_ids.name = "Other work"
        self.touched.action_post()
        changes = self._get_changes(self._make())
        self.assertEqual(changes[self.touched.name][0], "Changed: other contents.")

    def test_make_again_makes_a_pack_of_the_same_period(self):
        first = self._make()
        self.clock.move_to("2027-04-20 10:00:00")
        action = first.action_make_again()
        second = self.env["accountant.pack"].browse(action["res_id"])
        self.assertEqual(second.date_from, first.date_from)
        self.assertEqual((second.state, second.previous_id), ("done", first))

"""Files of the Sales tab: PDF, XML, ZIP, Excel, the printed history."""

import io
import zipfile
from unittest.mock import patch

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .sale_history_common import SaleHistoryCommon


@tagged("post_install", "-at_install")
class TestSaleDocuments(SaleHistoryCommon):
    def _select(self, partner=None):
        self.env.flush_all()
        partner = (partner or self.customer).with_user(self.clerk)
        return partner._get_sale_history_selection()

    def test_a_row_downloads_its_invoices_and_credit_notes(self):
        invoice = self._bill_order(self._create_order())
        note = self._reverse(invoice)
        action = self._get_history().action_download_pdf()
        ids = set(action["params"]["url"].split("/")[3].split(","))
        self.assertEqual(ids, {str(invoice.id), str(note.id)})

    def test_a_row_without_invoice_says_so(self):
        self._create_order()
        with self.assertRaisesRegex(UserError, "no invoice here yet"):
            self._get_history().action_download_pdf()

    def test_the_stored_e_invoice_comes_before_a_fresh_one(self):
        invoice = self._create_invoice()
        stored = [{"filename": "legal.xml", "filetype": "xml", "content": b"<legal/>"}]
        with patch.object(
            type(invoice), "_get_invoice_legal_documents_all", return_value=stored
        ):
            self.assertEqual(invoice._get_files("xml"), (stored, []))

    def test_why_there_is_no_e_invoice_is_said_with_the_way_out(self):
        self._create_invoice(post=False)
        with self.assertRaisesRegex(UserError, "not posted"):
            self._get_history().action_download_xml()

    def test_a_customer_without_format_is_named(self):
        invoice = self._create_invoice()
        with patch.object(
            type(invoice), "_get_invoice_legal_documents", return_value=None
        ):
            files, problems = invoice._get_files("xml")
        self.assertFalse(files)
        self.assertIn("Alma Books", problems[0])

    def test_equal_names_are_numbered_in_the_archive(self):
        file = {"filename": "a/b.xml", "content": b"1"}
        _name, _kind, content = self.env["file.archive"]._pack([file, file], ["Gone"])
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertEqual(
                archive.namelist(), ["a_b.xml", "a_b (2).xml", "MISSING FILES.txt"]
            )
            self.assertEqual(archive.read("MISSING FILES.txt"), b"Gone")

    def test_send_again_takes_the_newest_document_of_the_row(self):
        self.clerk.group_ids += self.env.ref("recurring_billing.group_billing")
        order = self._create_order()
        dialog = self._open_send_again()
        self.assertEqual((dialog.res_model, dialog.res_ids), ("sale.order", order.ids))
        invoice = self._bill_order(order)
        dialog = self._open_send_again()
        self.assertEqual(
            (dialog.res_model, dialog.res_ids), ("account.move", invoice.ids)
        )

    def _open_send_again(self):
        action = self._get_history().action_send_again()
        return self.env["document.send.again"].browse(action["res_id"])

    def test_send_again_of_a_draft_says_why_not(self):
        self.clerk.group_ids += self.env.ref("recurring_billing.group_billing")
        self._create_invoice(post=False)
        with self.assertRaisesRegex(UserError, "draft"):
            self._get_history().action_send_again()

    # === EXCEL === #

    def _read_excel(self):
        content = self.env["sale.history.sheet"]._render(
            self._select()._get_customers()
        )
        return openpyxl.load_workbook(io.BytesIO(content))

    def test_excel_holds_rows_sections_and_totals(self):
        order = self._create_order()
        invoice = self._bill_order(order)
        book = self._read_excel()
        self.assertEqual(
            book.sheetnames, ["Sales History", "Invoices", "Credit Notes", "Totals"]
        )
        line = [cell.value for cell in book["Sales History"][2]]
        self.assertIn(order.name, line)
        self.assertIn(121.0, line)
        self.assertEqual(book["Invoices"]["B2"].value, invoice.name)
        totals = {row[1].value: row[2].value for row in book["Totals"].iter_rows()}
        self.assertEqual((totals["Orders"], totals["Invoices"]), (1, 1))

    def test_a_text_that_looks_like_a_formula_stays_a_text(self):
        self.customer.name = "=1+1"
        self._create_order()
        cell = self._read_excel()["Sales History"]["B2"]
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))

    # === PAPER === #

    def _print_html(self, selection):
        report = self.env["ir.actions.report"].with_user(self.clerk)
        content, _kind = report._render_qweb_html(
            "recurring_billing.report_sale_history", selection.ids
        )
        return content.decode()

    def test_paper_holds_rows_sections_counters_and_balances(self):
        order = self._create_order()
        invoice = self._bill_order(order)
        html = self._print_html(self._select())
        for text in (order.name, invoice.name, "Orders", "121.00", "Used Balance"):
            self.assertIn(text, html)

    def test_the_filter_of_the_list_is_the_filter_of_the_paper(self):
        shown, hidden = self._create_order(), self._create_order(confirm=False)
        self.env.flush_all()
        domain = [
            ("partner_id", "=", self.customer.id),
            ("order_id.state", "=", "sale"),
        ]
        History = self.env["sale.history"].with_user(self.clerk)
        selection = History.with_context(active_domain=domain)._get_selection()
        html = self._print_html(selection)
        self.assertIn(shown.name, html)
        self.assertNotIn(hidden.name, html)

    def test_ticked_rows_alone_are_printed(self):
        shown, hidden = self._create_order(), self._create_order()
        self.env.flush_all()
        History = self.env["sale.history"].with_user(self.clerk)
        selection = History.with_context(
            active_ids=[shown.id * 2],
            active_domain=[("partner_id", "=", self.customer.id)],
        )._get_selection()
        self.assertEqual(selection._get_rows().order_id.ids, shown.ids)
        self.assertNotIn(hidden.id, selection._get_rows().order_id.ids)

    def test_nothing_to_print_is_said(self):
        with self.assertRaisesRegex(UserError, "nothing here to print"):
            self._select().action_print()


@tagged("post_install", "-at_install")
class TestSaleDownloads(SaleHistoryCommon, HttpCase):
    """The addresses behind the buttons, as a browser asks for them."""

    def _get(self, action, login="clerk"):
        self.authenticate(f"recurring_{login}", f"recurring_{login}")
        return self.url_open(action["params"]["url"])

    def test_a_pdf_arrives(self):
        self._create_invoice()
        self.env.flush_all()
        with patch.object(
            type(self.env["account.move"]),
            "_print_previews",
            lambda moves: dict.fromkeys(moves.ids, b"%PDF-1.4 x"),
        ):
            response = self._get(self._get_history().action_download_pdf())
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertTrue(response.content.startswith(b"%PDF"))

    def test_an_excel_file_arrives(self):
        self._create_order()
        partner = self.customer.with_user(self.clerk)
        response = self._get(partner.action_export_sale_history())
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        self.assertIn("Sales History", book.sheetnames)

    def test_invoices_of_others_stay_closed(self):
        invoice = self._create_invoice()
        self._create_user("stranger", "base.group_user")
        action = invoice._get_download_action("pdf")
        with self.assertLogs("odoo.http", "WARNING"):
            response = self._get(action, "stranger")
        self.assertEqual(response.status_code, 403)

    def test_the_selection_of_somebody_else_stays_closed(self):
        self._create_order()
        partner = self.customer.with_user(self.clerk)
        action = partner.action_export_sale_history()
        self._create_user("other", self.GROUPS["clerk"])
        with self.assertLogs("odoo.http", "WARNING"):
            response = self._get(action, "other")
        self.assertEqual(response.status_code, 403)

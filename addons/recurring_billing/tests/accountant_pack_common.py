"""Fixtures for the tests of the accountant's pack; holds no tests."""

import io
import zipfile
from unittest.mock import patch

import openpyxl

from odoo import Command

from .common import RecurringCommon


class AccountantPackCommon(RecurringCommon):
    """Invoices of February 2027; the pack is made on 15 March 2027.

    PDFs are not rendered: ``printed`` lists what would have been.
    """

    def setUp(self):
        super().setUp()
        self.printed = []
        self.unprintable = self.env["account.move"]

        def print_documents(printer, report, documents):
            if documents & self.unprintable:
                raise ValueError("the engine broke")
            self.printed += documents.mapped("name")
            return {
                move.id: (f"{move.name}.pdf", f"%PDF {move.name}".encode())
                for move in documents
            }

        printer = type(self.env["document.printer"])
        self.startPatcher(patch.object(printer, "_print", print_documents))

    # === DOCUMENTS === #

    @classmethod
    def _create_invoice(cls, day="2027-02-10", price=100.0, post=True, **values):
        tax = values.pop("tax", cls.tax)
        line = {
            "name": "Work",
            "product_id": cls.product.id,
            "price_unit": price,
            "tax_ids": [Command.set(tax.ids)],
        }
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": day,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _store_file(cls, invoice, content=b"%PDF as sent", name=None):
        """The legal PDF that sending would have left."""
        file = cls.env["ir.attachment"].create(
            {
                "name": name or f"{invoice.name.replace('/', '_')}.pdf",
                "raw": content,
                "res_model": invoice._name,
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset(["invoice_pdf_report_id"])
        return file

    # === PACKS === #

    def _create_pack(self, **values):
        return self.env["accountant.pack"].with_user(self.biller).create(values)

    def _make(self, **values):
        """A finished pack of February."""
        pack = self._create_pack(**values)
        pack.action_make()
        self.assertEqual(pack.state, "done", pack.error)
        return pack

    def _run_pack_cron(self, moment=None):
        if moment:
            self.clock.move_to(moment)
        cron = self.env.ref("recurring_billing.ir_cron_accountant_pack")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()

    def _open(self, pack):
        return zipfile.ZipFile(io.BytesIO(pack.sudo().zip_id.raw))

    def _get_names(self, pack):
        return self._open(pack).namelist()

    def _get_book(self, pack):
        content = self._open(pack).read("Invoices.xlsx")
        return openpyxl.load_workbook(io.BytesIO(content))

    def _get_lines(self, pack, title):
        """Lines of a sheet without its header; nothing is an empty text."""
        rows = self._get_book(pack)[title].iter_rows(min_row=2, values_only=True)
        return [tuple("" if cell is None else cell for cell in row) for row in rows]

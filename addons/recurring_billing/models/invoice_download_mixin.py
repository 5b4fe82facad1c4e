import mimetypes

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import split_every


class InvoiceDownloadMixin(models.AbstractModel):
    """Files of invoices: the legal ones where they exist, else what can be made now."""

    _name = "invoice.download.mixin"
    _description = "Files of an invoice"

    def _sort_newest_first(self):
        return self.sorted(
            lambda move: (move.invoice_date or move.date, move.id), reverse=True
        )

    # === FILES === #

    def _get_files(self, kind):
        """Files for a download.

        :param str kind: ``pdf``, ``xml`` or ``all``
        :return: list of ``{"filename", "content"}``, and list of texts that say for
            which invoices there is none, and why
        """
        self.check_access("read")
        files, problems = [], []
        if kind in ("pdf", "all"):
            files += self._get_pdf_files()
        if kind in ("xml", "all"):
            for move in self:
                found, problem = move._get_xml_files()
                files += found
                problems += [problem] if problem else []
        return files, problems

    def _get_pdf_files(self):
        """The PDF that was sent; where none was, one as core previews it."""
        fresh = self.filtered(lambda move: not move.invoice_pdf_report_id)
        printed = fresh._print_previews()
        files = []
        for move in self:
            if move in fresh:
                name = move._get_invoice_proforma_pdf_report_filename()
                files.append({"filename": name, "content": printed[move.id]})
            else:
                files.append(move._get_invoice_legal_documents("pdf"))
        return files

    def _print_previews(self):
        """PDFs by id, many in one call of the engine; nothing is stored."""
        reports, name = self.env["ir.actions.report"], "account.account_invoices"
        printed = {}
        for ids in split_every(
            self.env["document.printer"]._get_batch_size(), self.ids
        ):
            content, kind = reports._pre_render_qweb_pdf(
                name, ids, data={"proforma": True}
            )
            printed |= reports._get_splitted_report(name, content, kind)
        return printed

    def _get_xml_files(self):
        """E-invoices of one invoice, and why there is none."""
        self.ensure_one()
        stored = [
            file
            for file in self._get_invoice_legal_documents_all() or []
            if file["filename"].lower().endswith(".xml")
        ]
        if stored:
            return stored, None
        if self.state != "posted":
            return [], self.env._(
                "%s is not posted: an e-invoice is made of posted invoices only.",
                self.display_name,
            )
        for filetype in self._get_xml_filetypes():
            file = self._get_invoice_legal_documents(filetype, allow_fallback=True)
            if file and not file.get("errors"):
                return [file], None
            if file:
                errors = "\n".join(f"- {error}" for error in file["errors"])
                return [], f"{self.display_name}\n{errors}"
        return [], self.env._(
            "%(invoice)s has no e-invoice: choose a format on the page of "
            "%(customer)s, tab Invoicing.",
            invoice=self.display_name,
            customer=self.commercial_partner_id.display_name,
        )

    def _get_xml_filetypes(self):
        """Kinds of e-invoice that core knows, in the order in which they are tried."""
        return ("fatturapa", "ubl")

    # === DOWNLOAD === #

    def _get_download_action(self, kind):
        """Download the files of these invoices, one as it is, several as a ZIP.

        :raises UserError: when there is nothing to download, with the reasons
        """
        if not self:
            raise UserError(self.env._("There is no invoice here yet."))
        if kind == "xml":
            files, problems = self._get_files(kind)
            if not files:
                raise UserError("\n\n".join(problems))
        ids = ",".join(map(str, self.ids))
        url = f"/recurring_billing/invoices/{ids}/{kind}"
        return self.env["file.archive"]._get_download_action(url)

    def _get_archive(self, kind):
        """Name, content type and content of what a download delivers."""
        files, problems = self._get_files(kind)
        if len(files) == 1 and not problems:
            name = files[0]["filename"]
            return name, mimetypes.guess_type(name)[0], files[0]["content"]
        return self.env["file.archive"]._pack(files, problems)

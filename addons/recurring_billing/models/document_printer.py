from odoo import api, models
from odoo.tools import split_every
from odoo.tools.safe_eval import safe_eval, time

from odoo.addons.base.models.ir_actions_report import _wkhtml

#: Documents of one call: most of a call's time is the start of the engine, and a
#: document that cannot be printed costs the others of its call a second try.
PRINT_BATCH = 50


class DocumentPrinter(models.AbstractModel):
    """Prints documents, many in one call of the PDF engine where the engine can."""

    _name = "document.printer"
    _description = "Printer of documents"

    @api.model
    def _get_batch_size(self):
        """Documents that the engine takes at once.

        Odoo asks the program once, at its first use: wkhtmltopdf with patched Qt takes
        many, the one that Debian builds takes one.
        """
        return PRINT_BATCH if _wkhtml().is_patched_qt else 1

    @api.model
    def _print(self, report, documents):
        """Print in the language of the context.

        :return: file name and content by id of the document
        """
        result = {}
        for ids in split_every(self._get_batch_size(), documents.ids):
            result |= self._print_batch(report, documents.browse(ids))
        return result

    @api.model
    def _print_batch(self, report, documents):
        reports = self.env["ir.actions.report"].sudo()
        contents = {}
        # a report that keeps its file must go through the door that saves it
        if len(documents) > 1 and not report.attachment:
            streams, kind = reports._pre_render_qweb_pdf(
                report.report_name, documents.ids
            )
            if kind == "pdf" and set(streams) == set(documents.ids):
                contents = {
                    res_id: (data["stream"].getvalue(), kind)
                    for res_id, data in streams.items()
                }
        for document in documents.filtered(lambda d: d.id not in contents):
            contents[document.id] = reports._render_qweb_pdf(
                report.report_name, document.ids
            )
        return {
            document.id: self._get_file(report, document, *contents[document.id])
            for document in documents
        }

    @api.model
    def _get_file(self, report, document, content, kind):
        name = document.display_name
        if report.print_report_name:
            # written by administrators, as everywhere in Odoo
            name = safe_eval(
                report.print_report_name, {"object": document, "time": time}
            )
        suffix = f".{'pdf' if kind == 'html' else kind}"  # tests render HTML
        return name if name.endswith(suffix) else name + suffix, content

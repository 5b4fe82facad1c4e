"""Every PDF is a blank page, so that small proofs do not wait for the PDF engine.

No protection is taken away; the full proofs print as usual.
"""

import io

from odoo.tools.pdf import PdfFileWriter

from odoo.addons.base.models.ir_actions_report import IrActionsReport


def _prepare_blank_streams(self, report_ref, data, res_ids=None):
    streams = {}
    for res_id in res_ids:
        writer = PdfFileWriter()
        writer.add_blank_page(width=595, height=842)
        stream = io.BytesIO()
        writer.write(stream)
        streams[res_id] = {"stream": stream, "attachment": None}
    return streams


IrActionsReport._render_qweb_pdf_prepare_streams = _prepare_blank_streams

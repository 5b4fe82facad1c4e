import base64
import hashlib

from odoo import api, fields, models

REPORT = "sale.action_report_saleorder"


class SaleSignatureDocument(models.TransientModel):  # pylint: disable=C8113
    """The PDF that a customer is shown before he signs.

    A PDF made twice differs in its bytes, so the one that was shown is kept until it is
    signed. It is made anew when the quotation says something else, and forgotten after
    three days.
    """

    _name = "sale.signature.document"
    _description = "Document Shown before Signing"

    _transient_max_hours = 72

    order_id = fields.Many2one(
        "sale.order", required=True, ondelete="cascade", index=True
    )
    wording = fields.Char(
        required=True, help="Hash of everything that the document says."
    )
    content = fields.Binary(attachment=True)
    sha256 = fields.Char(required=True)

    @api.model
    def _get_for(self, order, sha256=None):
        """Return the document of ``order`` as it is now, made if need be.

        :param sha256: hash of the one that was shown. Nothing is returned if it says
            something else than the quotation does by now.
        """
        Document = self.sudo()
        wording = self._get_wording(order)
        domain = [("order_id", "=", order.id), ("wording", "=", wording)]
        if sha256:
            domain.append(("sha256", "=", sha256))
        document = Document.search(domain, order="id desc", limit=1)
        if document or sha256:
            return document
        content = self._get_report(order)._render_qweb_pdf(REPORT, order.ids)[0]
        return Document.create(
            {
                "order_id": order.id,
                "wording": wording,
                "content": base64.b64encode(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )

    @api.model
    def _get_wording(self, order):
        """Whatever stands in the document counts, also what other add-ons print: so it
        is the page that is compared, and not a list of fields.
        """
        page = self._get_report(order)._render_qweb_html(REPORT, order.ids)[0]
        return hashlib.sha256(page).hexdigest()

    @api.model
    def _get_report(self, order):
        """The same page whoever asks for it: as a visitor sees it, at one place."""
        visitor = self.env.ref("base.public_user")
        return (
            self.env["ir.actions.report"]
            .with_user(visitor)
            .with_context(
                allowed_company_ids=order.company_id.ids,
                lang=order._get_lang(),
                tz=order.company_id.partner_id.tz or "UTC",
            )
            .sudo()
        )

    def _get_short_hash(self):
        """The first 16 of 64 digits, to be read and compared by people."""
        self.ensure_one()
        return " ".join(self.sha256[start : start + 4] for start in range(0, 16, 4))

    def _get_raw(self):
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).content)

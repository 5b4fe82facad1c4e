import hashlib

from odoo import api, fields, models
from odoo.tools import format_date

from ..erp_cancellation import build_cancellation


class PostsaleErpDocument(models.AbstractModel):
    """What is sent: core's export of an order, or the message that takes it back."""

    _name = "postsale.erp.document"
    _description = "Message to the ERP"

    @api.model
    def _export_orders(self, orders):
        """The UBL 2.1 order of each order: ``{order: bytes}``.

        The same order gives the same bytes, whoever asks for them: in the language of
        its company, with the rights of the engine.
        """
        bodies = {}
        for company, members in orders.sudo().grouped("company_id").items():
            exporter = self._localise(self.env["sale.edi.xml.ubl_bis3"].sudo(), company)
            localised = self._localise(members, company)
            for order, local in zip(members, localised, strict=True):
                bodies[order] = exporter._export_order(local)
        return bodies

    @api.model
    def _localise(self, records, company):
        return records.with_context(
            lang=company.partner_id.lang or "en_US",
            allowed_company_ids=company.ids,
            tz="UTC",
        ).with_company(company)

    @api.model
    def _get_digest(self, body):
        return hashlib.sha256(body).hexdigest()

    @api.model
    def _make_cancellation(self, row, version):
        """The cancellation of what a transmission has handed over.

        :param row: the transmission
        :param int version: of the cancellation
        :rtype: bytes
        """
        company = row.company_id
        today = fields.Date.context_today(
            row.with_context(tz=company.partner_id.tz or "UTC")
        )
        texts = self._localise(row, company).env
        note = texts._(
            "Order %(order)s was cancelled on %(day)s.",
            order=row.order_id.name,
            day=format_date(texts, today),
        )
        return build_cancellation(row.attachment_id.raw, version, today, note)

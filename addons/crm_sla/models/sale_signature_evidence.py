import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..signature_strokes import count_points, get_duration


class SaleSignatureEvidence(models.Model):
    """How and by whom a quotation was signed, with the document as it was then.

    Written in the transaction that signs, never changed afterwards, by nobody. It helps
    to prove who agreed to what; it does not make of a drawn name a qualified signature.
    """

    _name = "sale.signature.evidence"
    _description = "Signature Evidence"
    _order = "date desc, id desc"
    _rec_name = "signer"

    order_id = fields.Many2one(
        "sale.order", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="restrict"
    )
    # === WHO, WHEN, HOW === #
    signer = fields.Char(required=True)
    date = fields.Datetime(string="Signed On", required=True)
    method = fields.Selection(
        [("device", "On Our Device"), ("link", "By Link")], required=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Logged In",
        ondelete="restrict",
        help="Whose session it was: on our device, who handed it over. Nothing: the "
        "customer opened the link and was not logged in.",
    )
    ip_address = fields.Char(string="IP Address")
    user_agent = fields.Char(string="Browser")
    # === WHAT === #
    document = fields.Binary(string="Document Signed", attachment=True)
    document_name = fields.Char(compute="_compute_document_name")
    document_sha256 = fields.Char(string="Document SHA-256", required=True)
    is_document_shown = fields.Boolean(
        string="Document Shown",
        help="The page named this very document before it was signed. Otherwise it is "
        "the document as it was at the moment of signing.",
    )
    is_intact = fields.Boolean(
        string="Unchanged",
        compute="_compute_is_intact",
        help="Document and signature still have the hashes noted when it was signed.",
    )
    # === THE SIGNATURE === #
    signature = fields.Binary(attachment=True)
    signature_sha256 = fields.Char(string="Signature SHA-256", required=True)
    strokes = fields.Json(
        string="Drawing",
        help="How it was drawn: lists of [x, y, milliseconds, pressure if kept].",
    )
    stroke_count = fields.Integer(string="Strokes")
    point_count = fields.Integer(string="Points")
    duration = fields.Float(
        string="Seconds Drawn", help="From the first point to the last one."
    )
    is_pressure_kept = fields.Boolean(string="Pressure Recorded")

    _one_per_signature = models.Constraint(
        "UNIQUE (order_id, date, signature_sha256)",
        "This signature has its evidence already.",
    )

    def _compute_document_name(self):
        for evidence in self:
            evidence.document_name = f"{evidence.order_id.name}.pdf"

    def _compute_is_intact(self):
        for evidence in self.with_context(bin_size=False):
            evidence.is_intact = evidence.document_sha256 == evidence._hash(
                evidence.document
            ) and evidence.signature_sha256 == evidence._hash(evidence.signature)

    # === WRITTEN ONCE === #

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("The evidence of a signature cannot be changed, by nobody.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("The evidence of a signature cannot be deleted, by nobody.")
        )

    @api.model
    def _record(self, order, signing):
        """Write down what is known about the signature that ``order`` has just got.

        :param signing: ``SigningFacts`` that the door of the signature collected
        """
        strokes = signing.strokes
        order = order.with_context(bin_size=False)
        return self.create(
            {
                "order_id": order.id,
                "partner_id": order.partner_id.id,
                "signer": order.signed_by or order.partner_id.display_name,
                "date": order.signed_on,
                "method": signing.method,
                "user_id": signing.user_id,
                "ip_address": signing.ip_address,
                "user_agent": signing.user_agent,
                "document": signing.document.content,
                "document_sha256": signing.document.sha256,
                "is_document_shown": signing.is_document_shown,
                "signature": order.signature,
                "signature_sha256": self._hash(order.signature),
                "strokes": strokes or False,
                "stroke_count": len(strokes),
                "point_count": count_points(strokes),
                "duration": get_duration(strokes),
                "is_pressure_kept": any(len(stroke[0]) == 4 for stroke in strokes),
            }
        )

    @api.model
    def _hash(self, content):
        """SHA-256, in hexadecimal, of what a binary field holds."""
        return hashlib.sha256(base64.b64decode(content or b"")).hexdigest()

    # === PRINTED === #

    def _get_printed_dates(self):
        """Texts: the moment in the salesperson's time zone, and in UTC."""
        self.ensure_one()
        order = self.order_id
        zone = order.user_id.tz or order.company_id.partner_id.tz or "UTC"
        moments = {
            tz: format_datetime(self.env, self.date, tz=tz, dt_format="medium")
            for tz in (zone, "UTC")  # once, if it is UTC anyway
        }
        return [f"{moment} ({tz})" for tz, moment in moments.items()]

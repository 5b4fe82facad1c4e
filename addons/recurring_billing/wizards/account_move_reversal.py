from odoo import api, fields, models

from ..models.invoice_kind_mixin import REASONS

#: What the localisations ask for the same reasons. TicketBAI and Veri*Factu name the
#: paragraphs of art. 80 of Ley 37/1992 (R1: 1, 2 and 6 and errors of law; R2: 3; R3: 4;
#: R4: everything else), Facturae has codes of its own.
SPANISH_REASONS = {
    "data": "R4",
    "tax": "R1",
    "returned": "R1",
    "discount": "R1",
    "price": "R1",
    "cancelled": "R1",
    "insolvency": "R2",
    "uncollectible": "R3",
    "other": "R4",
}
FACTURAE_REASONS = {
    "tax": "11",
    "returned": "82",
    "discount": "83",
    "price": "16",
    "insolvency": "85",
}


class AccountMoveReversal(models.TransientModel):
    """Core's dialogue for credit notes asks for the legal reason as well."""

    _inherit = "account.move.reversal"

    corrective_reason_code = fields.Selection(
        selection=REASONS, string="Reason of Correction"
    )

    @api.onchange("corrective_reason_code")
    def _onchange_corrective_reason_code(self):
        """Propose what the localisations ask for the same reason."""
        for name, value in self._get_localisation_reasons().items():
            if name in self._fields:
                self[name] = value

    def _get_localisation_reasons(self):
        self.ensure_one()
        code = self.corrective_reason_code
        if not code:
            return {}
        invoices = self.move_ids._origin
        simplified = bool(invoices) and all(m._is_simplified() for m in invoices)
        spanish = "R5" if simplified else SPANISH_REASONS[code]
        reasons = {
            "l10n_es_tbai_refund_reason": spanish,
            "l10n_es_edi_verifactu_refund_reason": spanish,
        }
        if code in FACTURAE_REASONS:
            reasons["l10n_es_edi_facturae_reason_code"] = FACTURAE_REASONS[code]
        return reasons

    def _prepare_default_reversal(self, move):
        """The reason stands on the credit note, where somebody asked for reasons."""
        values = super()._prepare_default_reversal(move)
        asked = self.corrective_reason_code or move.company_id.check_invoice_kinds
        if move.invoice_kind and asked:
            values |= {
                "corrective_reason_code": self.corrective_reason_code,
                "corrective_reason": self.reason,
            }
        return values

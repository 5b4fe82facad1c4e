from odoo import api, fields, models
from odoo.tools import format_date


class PaymentChargeInvoiceMixin(models.AbstractModel):
    """The invoice says when, and to what, it will be charged."""

    _name = "payment.charge.invoice.mixin"
    _description = "Invoice that may be charged to a card"

    charge_note = fields.Char(
        string="Automatic Payment", compute="_compute_charge_note", compute_sudo=True
    )

    @api.depends("payment_state", "state", "amount_residual")
    @api.depends_context("lang")
    def _compute_charge_note(self):
        self.charge_note = False
        owed = self.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.payment_state in ("not_paid", "partial")
                and move.company_id.charge_from_date
            )
        )
        for company, moves in owed.grouped("company_id").items():
            consents = self.env["payment.charge.consent"]._get_current(
                company, moves.commercial_partner_id
            )
            by_partner = consents.grouped("partner_id")
            for move in moves:
                due = move._get_next_due()
                consent = by_partner.get(move.commercial_partner_id)
                if consent and due and due >= company.charge_from_date:
                    move.charge_note = self.env._(
                        "%(card)s is charged on %(date)s, as agreed.",
                        card=consent.card_name,
                        date=format_date(self.env, due),
                    )

    def _get_next_due(self):
        """The earliest due date of what is open."""
        lines = self.line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        )
        return min(
            lines.filtered("date_maturity").mapped("date_maturity"), default=None
        )

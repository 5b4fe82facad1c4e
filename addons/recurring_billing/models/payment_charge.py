from odoo import api, fields, models
from odoo.exceptions import UserError


class PaymentCharge(models.Model):
    """The ledger: one row for each attempt to charge an invoice to a card.

    A row is committed *before* the provider is asked. Whoever dies in between leaves a
    row that says so, and nobody asks the provider again before a person has looked.
    """

    _name = "payment.charge"
    _inherit = "payment.ledger.mixin"
    _description = "Charge of a Card"
    _order = "date desc, id desc"
    _rec_name = "move_id"

    _guards = ("payment_charge_once_a_day", "payment_charge_one_at_a_time")
    _allowed_states = {
        "sent": ("claimed", "unknown"),
        "unknown": ("claimed",),
        "void": ("claimed", "unknown"),
    }

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    consent_id = fields.Many2one(
        "payment.charge.consent", required=True, readonly=True, ondelete="restrict"
    )
    card_name = fields.Char(related="consent_id.card_name")
    transaction_id = fields.Many2one(
        "payment.transaction",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="account.group_account_invoice",
    )
    date = fields.Date(required=True, readonly=True)
    date_due = fields.Date(string="Due Date", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("claimed", "Under way"),
            ("sent", "Asked"),
            ("held", "Not asked"),
            ("unknown", "Not known whether it was charged"),
            ("void", "Called back"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    outcome = fields.Selection(
        selection=[
            ("claimed", "Under way"),
            ("pending", "Waiting for the provider"),
            ("done", "Charged"),
            ("refused", "Refused"),
            ("held", "Not asked"),
            ("unknown", "Not known whether it was charged"),
            ("void", "Called back"),
        ],
        compute="_compute_outcome",
        compute_sudo=True,
        help="What the provider answered, as it is now.",
    )

    _once_a_day = models.UniqueIndex(
        "(move_id, date) WHERE state != 'void'",
        "This invoice has had its attempt today.",
    )
    _one_at_a_time = models.UniqueIndex(
        "(move_id) WHERE state IN ('claimed', 'unknown')",
        "Another charge of this invoice is under way.",
    )

    @api.depends("state", "transaction_id.state")
    def _compute_outcome(self):
        answers = {"done": "done", "error": "refused", "cancel": "refused"}
        for charge in self:
            charge.outcome = (
                answers.get(charge.transaction_id.state, "pending")
                if charge.state == "sent"
                else charge.state
            )

    @api.model
    def _get_missing_guards_message(self, names):
        return self.env._(
            "Charging is stopped: the database lacks %s, which keeps cards from being "
            "charged twice. Update the app; if that does not help, ask your "
            "administrator to read the server's log.",
            names,
        )

    @api.model
    def _get_unsettled(self, moves):
        """Invoices whose card may be charged at this moment, or may have been."""
        return (
            self.sudo()
            .search(
                [("move_id", "in", moves.ids), ("state", "in", ("claimed", "unknown"))]
            )
            .move_id.sudo(False)
        )

    # === WHEN NOBODY KNOWS === #

    def action_was_charged(self):
        """A person has seen the money at the provider: book it."""
        self._check_may_settle()
        for charge in self._update_state("sent").sudo():
            charge.transaction_id._set_done()
            charge.transaction_id._post_process()

    def action_was_not_charged(self):
        """A person has looked at the provider: nothing was taken. It may go on."""
        self._check_may_settle()
        text = self.env._("%s looked: nothing was charged.", self.env.user.name)
        for charge in self._update_state("void", text).sudo():
            charge.transaction_id._set_canceled(text)

    def _check_may_settle(self):
        """:raises AccessError: without the right to bill
        :raises UserError: when the outcome of one is known"""
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")
        for charge in self:
            if charge.state != "unknown":
                raise UserError(
                    self.env._("%s: it is known what happened.", charge.move_id.name)
                )

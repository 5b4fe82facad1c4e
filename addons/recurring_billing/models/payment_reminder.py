from odoo import api, fields, models


class PaymentReminder(models.Model):
    """The ledger: one row for each invoice and level of reminder.

    The database refuses a second row of an invoice and level, unless the first one is
    void: a reminder that never left.
    """

    _name = "payment.reminder"
    _inherit = "payment.ledger.mixin"
    _description = "Payment Reminder"
    _order = "date desc, id desc"
    _rec_name = "move_id"

    _guards = ("payment_reminder_once",)
    _allowed_states = {
        "queued": ("failed", "unknown"),
        "sent": ("queued", "failed", "unknown"),
        "failed": ("queued", "unknown", "sent"),
        "unknown": ("queued", "failed"),
        "void": ("queued", "failed"),
    }

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    level_id = fields.Many2one(
        "payment.reminder.level", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("queued", "Waiting"),
            ("sent", "Sent"),
            ("notified", "User notified"),
            ("unknown", "Not known whether it arrived"),
            ("failed", "Not delivered"),
            ("void", "Not sent"),
        ],
        required=True,
        readonly=True,
        default="queued",
    )
    reason = fields.Char(readonly=True)
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
    letter_id = fields.Many2one(
        "payment.reminder.letter",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the level sends no e-mail.",
    )
    date_due = fields.Date(string="Due Date", readonly=True)
    amount_residual = fields.Monetary(
        string="Still Open", readonly=True, help="Overdue when the reminder was made."
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)

    _once = models.UniqueIndex(
        "(move_id, level_id) WHERE state != 'void'",
        "This invoice has already had a reminder of this level.",
    )

    @api.model
    def _get_missing_guards_message(self, names):
        return self.env._(
            "Reminding is stopped: the database lacks %s, which keeps reminders from "
            "being sent twice. Update the app; if that does not help, ask your "
            "administrator to read the server's log.",
            names,
        )

    @api.model
    def _get_used(self, moves):
        """Rows of these invoices that count, oldest first, by invoice."""
        rows = self.sudo().search_fetch(
            [("move_id", "in", moves.ids), ("state", "!=", "void")],
            ["move_id", "level_id", "date", "state", "letter_id"],
            order="date, id",
        )
        return rows.grouped("move_id")

    def action_open_letter(self):
        self.ensure_one()
        target = self.letter_id or self.move_id
        return target._get_records_action(views=[(False, "form")])

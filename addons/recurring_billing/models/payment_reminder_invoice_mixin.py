from odoo import fields, models


class PaymentReminderInvoiceMixin(models.AbstractModel):
    """The invoice's side of payment reminders: opt-out, level reached, history."""

    _name = "payment.reminder.invoice.mixin"
    _description = "Invoice that may be reminded of"

    no_reminder = fields.Boolean(
        copy=False,
        tracking=True,
        help="The customer is never reminded of this invoice.",
    )
    reminder_level_id = fields.Many2one(
        "payment.reminder.level",
        string="Last Reminder",
        compute="_compute_reminder_level_id",
        search="_search_reminder_level_id",
        groups="recurring_billing.group_user",
        help="The last level that the invoice has reached.",
    )
    payment_reminder_count = fields.Integer(
        compute="_compute_reminder_level_id",
        groups="recurring_billing.group_user",
    )

    def _compute_reminder_level_id(self):
        used = self.env["payment.reminder"]._get_used(self._origin)
        for move in self:
            rows = used.get(move._origin, self.env["payment.reminder"])
            highest = rows.level_id.sorted("days_overdue")[-1:]
            move.reminder_level_id = highest.sudo(False)
            move.payment_reminder_count = len(rows)

    def _search_reminder_level_id(self, operator, value):
        """Reminded at all, or at one of these levels at last."""
        if operator != "in":
            return NotImplemented
        groups = self.env["payment.reminder"]._read_group(
            [("state", "!=", "void")], ["move_id"], ["level_id:recordset"]
        )
        ids = [
            move.id
            for move, levels in groups
            if levels.sorted("days_overdue")[-1:].id in value
        ]
        domain = fields.Domain("id", "in", ids)
        if False in value:
            domain |= fields.Domain("id", "not in", [move.id for move, _l in groups])
        return domain

    def action_view_payment_reminders(self):
        self.env["payment.reminder"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recurring_billing.payment_reminder_action"
        )
        action["domain"] = [("move_id", "in", self.ids)]
        action["context"] = {}
        return action

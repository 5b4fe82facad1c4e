from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PaymentReminderPartnerMixin(models.AbstractModel):
    """The customer's side of payment reminders: own ladder, opt-out, history."""

    _name = "payment.reminder.partner.mixin"
    _description = "Customer who may be reminded of payments"

    reminder_ladder_id = fields.Many2one(
        "payment.reminder.ladder",
        company_dependent=True,
        help="Empty: the company's own levels.",
        groups="recurring_billing.group_user",
    )
    no_reminder = fields.Boolean(
        company_dependent=True,
        help="This customer is never reminded of unpaid invoices.",
    )
    payment_reminder_count = fields.Integer(
        compute="_compute_payment_reminder_count",
        groups="recurring_billing.group_user",
    )

    def _compute_payment_reminder_count(self):
        groups = self.env["payment.reminder"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "!=", "void"),
            ],
            ["partner_id"],
            ["__count"],
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.payment_reminder_count = counts.get(
                partner.commercial_partner_id.id, 0
            )

    def action_view_payment_reminders(self):
        self.env["payment.reminder"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recurring_billing.payment_reminder_action"
        )
        action["domain"] = [("partner_id", "in", self.commercial_partner_id.ids)]
        action["context"] = {}
        return action

    def action_remind_now(self):
        """Remind these customers of what is due today, without waiting for the hour.

        :raises UserError: when none of them has anything to be reminded of, with the
            reasons
        """
        self._check_may_remind()
        company = self.env.company
        if not company.reminder_from_date:
            raise UserError(
                self.env._(
                    "Payment reminders are switched off for %s. Switch them on in "
                    "Configuration → Settings.",
                    company.name,
                )
            )
        partners = self.commercial_partner_id
        reminded = self.env["payment.reminder.engine"]._remind_now(company, partners)
        if not reminded:
            raise UserError(self._get_not_reminded_text(company, partners))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Reminded: %s.", ", ".join(reminded.mapped("display_name"))
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_may_remind(self):
        if not self.env.su and not self.env.user.has_group(
            "recurring_billing.group_billing"
        ):
            raise AccessError(
                self.env._("Only people who work with recurring billing may do this.")
            )
        self.check_access("read")  # company walls

    @api.model
    def _get_not_reminded_text(self, company, partners):
        plan = self.env["payment.reminder.planner"]._plan(
            company, company._get_reminder_day(), partners
        )
        lines = [f"{item.move.name}: {item.reason}" for item in plan.items[:20]]
        return "\n".join([self.env._("Nothing is to be reminded of now."), *lines])

from odoo import api, fields, models


class PaymentReminderPreview(models.TransientModel):
    """The dry list: who would be reminded today, and why (not).

    Made anew whenever it is opened, by the planner that reminds; nothing is sent.
    """

    _name = "payment.reminder.preview"
    _description = "Who Is Reminded Today"
    _order = "decision_order, days desc, id"
    _rec_name = "move_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days = fields.Integer(string="Days Overdue", readonly=True, aggregator="max")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_residual = fields.Monetary(string="Still Open", readonly=True)
    level_id = fields.Many2one("payment.reminder.level", readonly=True)
    decision = fields.Selection(
        selection=lambda self: self.env["payment.reminder.planner"]._get_decisions(),
        readonly=True,
    )
    decision_order = fields.Integer(readonly=True)
    reason = fields.Char(readonly=True)

    @api.model
    def action_open(self):
        """Work the list out for the companies chosen, and show it.

        :raises AccessError: for people who do not work with recurring billing
        """
        self.env["res.partner"]._check_may_remind()
        self._rebuild()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recurring_billing.payment_reminder_preview_action"
        )
        return action

    @api.model
    def _rebuild(self):
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        decisions = self.env["payment.reminder.planner"]._get_decisions()
        order = [name for name, _label in decisions]
        values = []
        for company in self.env.companies:
            plan = self.env["payment.reminder.planner"]._plan(
                company, company._get_reminder_day()
            )
            values += [self._prepare_row(company, item, order) for item in plan.items]
        return self.create(values)

    @api.model
    def _prepare_row(self, company, item, order):
        return {
            "partner_id": item.partner.id,
            "move_id": item.move.id,
            "company_id": company.id,
            "date_due": item.due,
            "days": item.days,
            "currency_id": item.currency.id,
            "amount_residual": item.residual,
            "level_id": item.level.id if item.level else False,
            "decision": item.decision,
            "decision_order": order.index(item.decision),
            "reason": item.reason,
        }

    def action_remind_now(self):
        """Remind the customers of these rows of what is due today."""
        self.env["res.partner"]._check_may_remind()
        self.check_access("read")
        result = True
        due = self.filtered(lambda row: row.decision == "remind") or self
        for company, rows in due.grouped("company_id").items():
            result = rows.partner_id.with_company(company).action_remind_now()
        self._rebuild()
        return result

    def action_open_invoice(self):
        self.ensure_one()
        return self.move_id._get_records_action(views=[(False, "form")])

    def action_open_customer(self):
        self.ensure_one()
        return self.partner_id._get_records_action(views=[(False, "form")])

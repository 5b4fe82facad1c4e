from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    recurring_recipient_ids = fields.One2many(
        comodel_name="recurring.task.recipient",
        inverse_name="partner_id",
        string="On Recurring Tasks",
        groups="recurring_billing.group_user",
    )
    recurring_task_count = fields.Integer(
        compute="_compute_recurring_task_count",
        groups="recurring_billing.group_user",
    )

    def _compute_recurring_task_count(self):
        rows = self.env["recurring.task.recipient"]._read_group(
            [("partner_id", "child_of", self.ids)],
            ["partner_id"],
            ["task_id:count_distinct"],
        )
        for partner in self:
            partner.recurring_task_count = sum(
                count
                for other, count in rows
                if partner in (other, other.parent_id, other.commercial_partner_id)
            )

    def action_view_recurring_tasks(self):
        self.ensure_one()
        recipients = self.env["recurring.task.recipient"].search(
            [("partner_id", "child_of", self.id)]
        )
        return recipients.task_id._get_records_action(
            name=self.env._("Recurring Tasks"),
            context={"default_recipient_ids": [(0, 0, {"partner_id": self.id})]},
        )

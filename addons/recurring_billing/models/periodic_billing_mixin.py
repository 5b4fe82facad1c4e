from odoo import api, fields, models


class PeriodicBillingMixin(models.AbstractModel):
    """What a customer's page shows of the recurring tasks that he, his contacts or his
    addresses are on."""

    _name = "periodic.billing.mixin"
    _description = "Periodic billing on the page of a customer"

    periodic_billing_ids = fields.One2many(
        comodel_name="recurring.task.recipient",
        compute="_compute_periodic_billing_ids",
        groups="recurring_billing.group_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_periodic_billing_ids(self):
        customers = self.commercial_partner_id._origin
        Recipient = self.env["recurring.task.recipient"]
        found = Recipient.search(
            [("partner_id.commercial_partner_id", "in", customers.ids)],
            order="state, date_next, id",
        )
        by_customer = found.grouped("commercial_partner_id")
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.periodic_billing_ids = by_customer.get(customer, Recipient)

    def action_new_periodic_billing(self):
        """Start a recurring task with this customer filled in."""
        self.ensure_one()
        self.env["recurring.task"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Periodic Billing"),
            "res_model": "recurring.task",
            "view_mode": "form",
            "context": {
                "default_name": self.display_name,
                "default_recipient_ids": [
                    fields.Command.create({"partner_id": self.id})
                ],
            },
        }

from odoo import api, fields, models


class PostsaleActivityBillingTicket(models.TransientModel):
    """A ticket of a billing: what it comes to, and what became of it."""

    _name = "postsale.activity.billing.ticket"
    _description = "Ticket in Bill Activities"
    _order = "state_order, id"
    _transient_max_hours = 48.0

    billing_id = fields.Many2one(
        comodel_name="postsale.activity.billing",
        string="Run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    task_id = fields.Many2one(
        comodel_name="project.task", string="Ticket", readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="task_id.partner_id", string="Customer")
    activity_count = fields.Integer(string="Activities", readonly=True)
    billable_count = fields.Integer(string="Billable", readonly=True)
    currency_id = fields.Many2one(related="task_id.to_bill_currency_id")
    amount = fields.Monetary(
        string="Estimate", readonly=True, help="Without taxes, at today's prices."
    )
    state = fields.Selection(
        selection=[
            ("waiting", "To Bill"),
            ("billed", "Billed"),
            ("failed", "Not Billed"),
            ("nothing", "Nothing to Bill"),
        ],
        readonly=True,
        required=True,
        default="waiting",
    )
    state_order = fields.Integer(compute="_compute_state_order", store=True)
    order_id = fields.Many2one(
        comodel_name="sale.order", readonly=True, ondelete="set null"
    )
    reason = fields.Char(readonly=True)

    @api.depends("state")
    def _compute_state_order(self):
        """What did not work stands first, what has nothing to bill last."""
        order = ("failed", "waiting", "billed", "nothing")
        for row in self:
            row.state_order = order.index(row.state)

    def _note(self, result):
        """Write down what became of the tickets.

        :param BillingResult result:
        """
        for row in self:
            order = result.orders.get(row.task_id)
            if order:
                row.write({"state": "billed", "order_id": order.id})
            else:
                reason = result.failures.get(row.task_id)
                row.write(
                    {
                        "state": "failed",
                        "reason": reason or self.env._("Billed by somebody else."),
                    }
                )

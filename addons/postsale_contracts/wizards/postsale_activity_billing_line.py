from odoo import fields, models


class PostsaleActivityBillingLine(models.TransientModel):
    """A service activity of a billing: billable, or why not."""

    _name = "postsale.activity.billing.line"
    _description = "Activity in Bill Activities"
    _order = "id"
    _transient_max_hours = 48.0

    billing_id = fields.Many2one(
        comodel_name="postsale.activity.billing",
        string="Run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    activity_id = fields.Many2one(
        comodel_name="postsale.intervention",
        string="Service Activity",
        readonly=True,
        ondelete="cascade",
    )
    task_id = fields.Many2one(related="activity_id.task_id", string="Ticket")
    date = fields.Date(related="activity_id.date")
    user_id = fields.Many2one(related="activity_id.user_id", string="Technician")
    billed_on = fields.Char(related="activity_id.billed_on")
    currency_id = fields.Many2one(related="activity_id.currency_id")
    amount = fields.Monetary(
        string="Estimate", readonly=True, help="Without taxes, at today's prices."
    )
    decision = fields.Selection(
        selection=lambda self: (
            self.env["postsale.intervention"]
            ._fields["decision"]
            ._description_selection(self.env)
        ),
        string="Billing",
        readonly=True,
    )

from odoo import fields, models


class PostsaleVisitSpreadLine(models.TransientModel):
    """The first visit of one customer, as proposed."""

    _name = "postsale.visit.spread.line"
    _description = "Proposed First Visit"
    _order = "spread_id, day, id"

    spread_id = fields.Many2one(
        "postsale.visit.spread", required=True, ondelete="cascade"
    )
    recipient_id = fields.Many2one(
        "recurring.task.recipient", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="recipient_id.partner_id", string="Customer")
    user_id = fields.Many2one("res.users", string="Technician")
    day_before = fields.Date(string="First Date So Far")
    day = fields.Date(string="First Visit")

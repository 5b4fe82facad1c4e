from odoo import fields, models


class PostsaleInterventionStage(models.Model):
    """Where a service activity stands, in the words of the house."""

    _name = "postsale.intervention.stage"
    _description = "Stage of Service Activities"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    type = fields.Selection(
        selection=[
            ("open", "Open"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        required=True,
        help="Only activities in a closed stage are billed.",
    )

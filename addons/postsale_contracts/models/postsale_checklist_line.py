from odoo import fields, models


class PostsaleChecklistLine(models.Model):
    """One thing to look at on a work order, and what was found."""

    _name = "postsale.checklist.line"
    _description = "Line of a Checklist"
    _order = "task_id, sequence, id"

    task_id = fields.Many2one(
        comodel_name="project.task",
        string="Work Order",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="What to Check", required=True)
    done = fields.Boolean()
    note = fields.Char(help="What was found, e.g. a reading.")

from odoo import fields, models


class PostsaleChecklistTemplateLine(models.Model):
    """One thing to look at on every work order of a recurring task."""

    _name = "postsale.checklist.template.line"
    _description = "Line of a Checklist Template"
    _order = "task_id, sequence, id"

    task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Recurring Task",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="What to Check", required=True, translate=True)

from odoo import fields, models


class ProjectRole(models.Model):
    _inherit = "project.role"

    user_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain=[("share", "=", False)],
        context={"active_test": False},  # the health check tells of archived ones
        help="They see the tasks that this role manages among their own, and one of "
        "them can take each.",
    )

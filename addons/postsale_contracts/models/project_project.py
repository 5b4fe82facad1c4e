from odoo import fields, models


class ProjectProject(models.Model):
    _name = "project.project"
    _inherit = ["project.project.finish.mixin", "project.project"]

    is_postsale = fields.Boolean(
        string="Post-Sale",
        help="Tasks of this project are tickets: with a contract, assets and service "
        "activities.",
    )

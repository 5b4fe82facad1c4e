from odoo import models


class ProjectTask(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "project.task"
    _inherit = [
        "project.task.ticket.mixin",
        "project.task.work.order.mixin",
        "asset.document.mixin",
        "project.task",
    ]

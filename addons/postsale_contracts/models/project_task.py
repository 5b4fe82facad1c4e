from odoo import models


class ProjectTask(models.Model):
    """One mixin for each subject, before core's model: they override its methods."""

    _name = "project.task"
    _inherit = [
        "restricted.copy.mixin",
        "project.task.ticket.mixin",
        "project.task.ticket.sla.mixin",
        "project.task.ticket.billing.mixin",
        "project.task.ticket.portal.mixin",
        "project.task.work.order.mixin",
        "asset.document.mixin",
        "project.task",
    ]

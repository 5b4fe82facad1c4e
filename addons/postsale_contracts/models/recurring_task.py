from odoo import models


class RecurringTask(models.Model):
    """One mixin for each subject, before the task's own model: they override its
    methods."""

    _name = "recurring.task"
    _inherit = [
        "recurring.task.asset.mixin",
        "recurring.task.contract.mixin",
        "recurring.task.work.order.mixin",
        "recurring.task",
    ]

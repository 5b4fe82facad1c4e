from odoo import models


class RecurringTask(models.Model):
    _name = "recurring.task"
    _inherit = ["recurring.task.work.order.mixin", "recurring.task"]

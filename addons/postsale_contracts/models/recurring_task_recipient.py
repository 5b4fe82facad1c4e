from odoo import models


class RecurringTaskRecipient(models.Model):
    """One mixin for each subject, before the model: they override its methods."""

    _name = "recurring.task.recipient"
    _inherit = ["recurring.recipient.asset.mixin", "recurring.task.recipient"]

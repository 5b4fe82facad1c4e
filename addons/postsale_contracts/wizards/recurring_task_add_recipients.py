from odoo import fields, models

from ..models.recurring_task_asset_mixin import ARRANGEMENTS


class RecurringTaskAddRecipients(models.TransientModel):
    """Customers come on a task with their assets, if that is wished."""

    _inherit = "recurring.task.add.recipients"

    asset_arrangement = fields.Selection(
        selection=ARRANGEMENTS,
        string="Customers' Assets",
        help="Nothing: one line for each customer, without assets.",
    )
    asset_category_ids = fields.Many2many(
        comodel_name="maintenance.equipment.category",
        relation="recurring_task_add_recipients_asset_category_rel",
        string="Only Assets of These Categories",
    )
    has_customer_assets = fields.Boolean(related="task_id.has_customer_assets")

    def action_add(self):
        before = self.task_id.recipient_ids
        result = super().action_add()
        if self.asset_arrangement:
            self.task_id._arrange_assets(
                self.asset_arrangement,
                self.asset_category_ids,
                self.task_id.recipient_ids - before,
            )
        return result

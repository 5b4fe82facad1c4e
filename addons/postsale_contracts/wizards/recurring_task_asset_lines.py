from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.recurring_task_asset_mixin import ARRANGEMENTS


class RecurringTaskAssetLines(models.TransientModel):
    """Spreads the assets of all customers of a task over lines, after a preview."""

    _name = "recurring.task.asset.lines"
    _description = "Assets of the Customers of a Recurring Task"

    task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Recurring Task",
        required=True,
        ondelete="cascade",
    )
    asset_arrangement = fields.Selection(
        selection=ARRANGEMENTS, string="Lines", required=True, default="asset"
    )
    asset_category_ids = fields.Many2many(
        comodel_name="maintenance.equipment.category",
        relation="recurring_task_asset_lines_category_rel",
        string="Only These Categories",
        help="Nothing: all assets of the customers. Lines with other assets stay.",
    )
    changed_count = fields.Integer(string="Lines Changed", compute="_compute_counts")
    added_count = fields.Integer(string="Lines Added", compute="_compute_counts")
    ended_count = fields.Integer(
        string="Lines Not Needed",
        compute="_compute_counts",
        help="They are deleted, or stopped if they have documents.",
    )
    without_names = fields.Char(
        string="Customers Without Assets", compute="_compute_counts"
    )

    @api.depends("task_id", "asset_arrangement", "asset_category_ids")
    def _compute_counts(self):
        for wizard in self:
            plan = wizard._get_plan()
            wizard.changed_count = len(plan.changed)
            wizard.added_count = len(plan.added)
            wizard.ended_count = len(plan.ended)
            wizard.without_names = ", ".join(plan.without.mapped("display_name"))

    def _get_plan(self):
        return self.task_id._origin._plan_assets(
            self.asset_arrangement, self.asset_category_ids._origin
        )

    def action_apply(self):
        """Change the lines as shown.

        :raises UserError: when there is nothing to change
        """
        self.ensure_one()
        self.task_id._check_billing_rights()
        if not (self.changed_count or self.added_count or self.ended_count):
            raise UserError(
                self.env._(
                    "Nothing changes: each line has its assets already, or the "
                    "customers have none. Enter assets under Post-Sale → Assets."
                )
            )
        self.task_id._arrange_assets(self.asset_arrangement, self.asset_category_ids)
        return {"type": "ir.actions.act_window_close"}

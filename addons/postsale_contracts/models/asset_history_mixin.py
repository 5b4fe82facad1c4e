from odoo import api, fields, models

from .asset_history import KINDS

TECHNICIAN = "postsale_contracts.group_postsale_technician"
#: Documents on the page of an asset; the whole history is one click away.
NEWEST = 100


class AssetHistoryMixin(models.AbstractModel):
    """What happened with an asset: counters, and everything in one list."""

    _name = "asset.history.mixin"
    _description = "Record with a history of documents"

    history_ids = fields.One2many(
        comodel_name="asset.history",
        compute="_compute_history_ids",
        groups=TECHNICIAN,
        help="The newest documents about this asset that you may see.",
    )
    contract_count = fields.Integer(
        string="Number of Contracts", compute="_compute_counts", groups=TECHNICIAN
    )
    ticket_count = fields.Integer(
        string="Number of Tickets", compute="_compute_counts", groups=TECHNICIAN
    )
    work_order_count = fields.Integer(
        string="Number of Work Orders", compute="_compute_counts", groups=TECHNICIAN
    )
    order_count = fields.Integer(
        string="Number of Orders", compute="_compute_counts", groups=TECHNICIAN
    )
    invoice_count = fields.Integer(
        string="Number of Invoices", compute="_compute_counts", groups=TECHNICIAN
    )
    recurring_task_count = fields.Integer(
        string="Number of Recurring Tasks",
        compute="_compute_counts",
        groups=TECHNICIAN,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_history_ids(self):
        """A form shows one asset: one search each, however many documents it has."""
        History = self.env["asset.history"]
        for asset in self:
            asset.history_ids = History.search_fetch(
                asset._get_history_domain(), History._get_column_names(), limit=NEWEST
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        counts = self.env["asset.history"]._get_counts(self._origin)
        for asset in self:
            for kind in KINDS:
                asset[f"{kind}_count"] = counts[asset._origin.id, kind]

    def _get_history_domain(self):
        return [("asset_ids", "in", self._origin.ids)]

    def action_view_history(self):
        """Open the whole history; of one kind if the context names it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "postsale_contracts.asset_history_action"
        )
        action["domain"] = self._get_history_domain()
        kind = self.env.context.get("history_kind")
        action["context"] = {f"search_default_{kind}": 1} if kind else {}
        return action

from dataclasses import dataclass, field

from odoo import fields, models
from odoo.fields import Domain

from ..asset_lines import match_lines

#: How a customer's assets are spread over his lines.
ARRANGEMENTS = [
    ("asset", "One line per asset"),
    ("category", "One line per category of assets"),
    ("customer", "All assets on one line"),
]


@dataclass
class AssetPlan:
    """What would happen to the lines of a task.

    ``changed``: assets by line; ``added``: pairs of a line to copy and its assets;
    ``ended``: lines that are not needed any more; ``without``: customers without
    assets, whose lines stay.
    """

    changed: dict = field(default_factory=dict)
    added: list = field(default_factory=list)
    ended: models.Model = None
    without: models.Model = None


class RecurringTaskAssetMixin(models.AbstractModel):
    """A task may serve a customer once, or each of his assets by itself."""

    _name = "recurring.task.asset.mixin"
    _description = "Recurring task about assets"

    has_customer_assets = fields.Boolean(compute="_compute_has_customer_assets")

    def _compute_has_customer_assets(self):
        """Whether anybody keeps assets of customers here at all."""
        assets = self.env["maintenance.equipment"]
        self.has_customer_assets = bool(
            assets.search_count([("customer_id", "!=", False)], limit=1)
        )

    def action_arrange_assets(self):
        """Open the dialogue that spreads the customers' assets over lines."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assets of the Customers"),
            "res_model": "recurring.task.asset.lines",
            "view_mode": "form",
            "target": "new",
            "context": {"default_task_id": self.id},
        }

    # === ARRANGING === #

    def _arrange_assets(self, arrangement, categories=None, recipients=None):
        """Spread the assets of the customers over lines of the task.

        What stands right already is not touched, so that it can be done again when
        there are new assets. Lines that are not needed any more are deleted, or stopped
        if they have documents.

        :param str arrangement: see ``ARRANGEMENTS``
        :param categories: assets of these categories only; lines with other assets stay
        :param recipients: lines of the customers in question; all of the task if absent
        :rtype: AssetPlan
        """
        plan = self._plan_assets(arrangement, categories, recipients)
        for line, assets in plan.changed.items():
            line.asset_ids = assets
        plan.ended._end_or_unlink()
        self.env["recurring.task.recipient"].create(
            [line._prepare_asset_line(assets) for line, assets in plan.added]
        )
        return plan

    def _plan_assets(self, arrangement, categories=None, recipients=None):
        """What :meth:`_arrange_assets` would do."""
        self.ensure_one()
        lines = self.recipient_ids if recipients is None else recipients
        lines = lines.filtered(lambda line: line.state in ("running", "paused"))
        owned = self._get_customer_assets(lines.partner_id, categories)
        nothing = lines.browse()
        plan = AssetPlan(ended=nothing, without=nothing.partner_id)
        for customer, own in lines.grouped("partner_id").items():
            if customer in owned:
                self._plan_customer(plan, own, owned[customer], arrangement)
            else:
                plan.without |= customer
        return plan

    def _plan_customer(self, plan, lines, assets, arrangement):
        groups = self._group_assets(assets, arrangement)
        present = {
            line: frozenset(line.asset_ids.ids)
            for line in lines
            if line.asset_ids <= assets
        }
        wanted = [frozenset(group.ids) for group in groups]
        changed, added, ended = match_lines(present, wanted)
        browse = self.env["maintenance.equipment"].browse
        plan.changed |= {line: browse(sorted(ids)) for line, ids in changed.items()}
        plan.added += [(lines[0], browse(sorted(ids))) for ids in added]
        plan.ended |= lines.browse(line.id for line in ended)

    def _group_assets(self, assets, arrangement):
        if arrangement == "customer":
            return [assets]
        if arrangement == "category":
            return list(assets.grouped("category_id").values())
        return list(assets)

    def _get_customer_assets(self, customers, categories=None):
        """Assets of each customer that can stand on his line: ``{customer: assets}``.

        An asset goes to the address where it stands if that is on the task, else to the
        company above, else to whoever of the same company is.
        """
        entities = customers.grouped("commercial_partner_id")
        domain = Domain(
            "customer_id.commercial_partner_id",
            "in",
            customers.commercial_partner_id.ids,
        ) & Domain("company_id", "in", [False, self.company_id.id])
        if categories:
            domain &= Domain("category_id", "in", categories.ids)
        result = {}
        for asset in self.env["maintenance.equipment"].search(domain, order="id"):
            keeper = asset._get_keeper(customers)
            keeper = keeper or entities[asset.customer_id.commercial_partner_id][0]
            result[keeper] = result.get(keeper, asset.browse()) | asset
        return result

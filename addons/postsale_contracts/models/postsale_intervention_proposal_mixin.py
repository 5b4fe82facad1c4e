from odoo import api, models

#: Conditions that we propose; another one was chosen by somebody.
PROPOSED = ("contract", "warranty")


class PostsaleInterventionProposalMixin(models.AbstractModel):
    """Who probably pays: the contract that covers the day, else the warranty of the
    asset. A proposal; whoever enters the activity decides."""

    _name = "postsale.intervention.proposal.mixin"
    _description = "Proposed condition of a service activity"

    @api.model_create_multi
    def create(self, vals_list):
        if "default_condition_id" not in self.env.context:
            vals_list = self._with_proposed_conditions(vals_list)
        return super().create(vals_list)

    @api.model
    def _with_proposed_conditions(self, vals_list):
        if all("condition_id" in vals for vals in vals_list):
            return vals_list
        conditions = self._get_proposable_conditions()
        defaults = self.default_get(["task_id", "date"])
        result = []
        for vals in vals_list:
            if "condition_id" not in vals:
                activity = self.new({**defaults, **vals})
                condition = activity._get_proposed_condition(conditions)
                vals = {**vals, "condition_id": condition.id}
            result.append(vals)
        return result

    @api.onchange("task_id", "date", "asset_id")
    def _onchange_coverage(self):
        chosen = self.condition_id
        if not chosen or chosen.coverage in PROPOSED:
            self.condition_id = self._get_proposed_condition(
                self._get_proposable_conditions()
            )

    @api.onchange("condition_id")
    def _onchange_condition(self):
        if not self.product_id:
            self.product_id = self.condition_id.product_id

    @api.model
    def _get_proposable_conditions(self):
        return self.env["postsale.condition"].search([("coverage", "in", PROPOSED)])

    def _get_proposed_condition(self, conditions):
        """:param conditions: those to choose from, the first one that fits is taken"""
        coverage = self._get_coverage()
        return conditions.filtered(
            lambda c: (
                c.coverage == coverage
                and (not c.company_id or c.company_id == self.company_id)
            )
        )[:1]

    def _get_coverage(self):
        """``contract``, ``warranty`` or False.

        A contract that lists assets covers those, and work that names none.
        """
        activity = self.sudo()
        day, ticket = activity.date, activity.task_id
        if not day:
            return False
        asset = activity.asset_id._origin
        contract = ticket.ticket_contract_id._origin
        if (
            contract.state in ("active", "to_renew", "expired")
            and contract.date_start <= day <= contract.date_end
            and (not contract.asset_ids or not asset or asset in contract.asset_ids)
        ):
            return "contract"
        warranty = asset.warranty_date
        return "warranty" if warranty and day <= warranty else False

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_sla.context_defaults import without_defaults

#: Written by the billing alone.
PROTECTED = frozenset(("sale_line_id",))


class PostsaleInterventionGuardMixin(models.AbstractModel):
    """Who may write service activities: whoever may write their ticket. What is billed
    stays as it is, whoever asks."""

    _name = "postsale.intervention.guard.mixin"
    _description = "Guard of service activities"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_unprotected(vals_list)
        self = without_defaults(self, PROTECTED.__contains__)
        activities = super().create(vals_list)
        activities._check_ticket_access()
        return activities

    def write(self, vals):
        self._check_unprotected([vals])
        if not PROTECTED.issuperset(vals):
            self._check_not_billed()
        self._check_ticket_access()
        result = super().write(vals)
        if "task_id" in vals:
            self._check_ticket_access()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()
        self._check_ticket_access()

    def _check_unprotected(self, vals_list):
        if not self.env.su and any(not PROTECTED.isdisjoint(v) for v in vals_list):
            raise AccessError(
                self.env._(
                    "Which order bills an activity is written by the billing itself. "
                    "Press “Create Order” on the ticket."
                )
            )

    def _check_ticket_access(self):
        if not self.env.su:
            self.task_id.check_access("write")

    def _check_not_billed(self):
        for activity in self.sudo():
            if activity.sale_line_id:
                raise UserError(
                    self.env._(
                        "“%(activity)s” is billed on %(order)s, so it stays as it is. "
                        "Cancel that order first.",
                        activity=activity.name,
                        order=activity.billed_on,
                    )
                )

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.crm_sla.context_defaults import without_defaults


class SaleOrderLineActivityMixin(models.AbstractModel):
    """A line remembers the service activity it was made for, also while its order is
    cancelled. Whether it bills it is for ``postsale.intervention.sale_line_id`` to say.
    """

    _name = "sale.order.line.activity.mixin"
    _description = "Order line for a service activity"

    intervention_id = fields.Many2one(
        comodel_name="postsale.intervention",
        string="Service Activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="postsale_contracts.group_postsale_technician",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_activity_untouched(vals_list)
        self = without_defaults(self, "intervention_id".__eq__)
        return super().create(vals_list)

    def write(self, vals):
        self._check_activity_untouched([vals])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cancellation_pending(self):
        self.order_id._check_cancellation_settled(self)

    def _check_activity_untouched(self, vals_list):
        if not self.env.su and any("intervention_id" in vals for vals in vals_list):
            raise AccessError(
                self.env._(
                    "Which activity a line is for is written by the billing itself. "
                    "Press “Create Order” on the ticket."
                )
            )

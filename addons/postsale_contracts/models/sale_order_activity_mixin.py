from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.recurring_billing.row_lock import wait_for_others


class SaleOrderActivityMixin(models.AbstractModel):
    """An order holds the service activities it bills; cancelled it lets them go."""

    _name = "sale.order.activity.mixin"
    _description = "Order for service activities"

    def write(self, vals):
        state = vals.get("state")
        revived = self.browse()
        if state and state != "cancel":
            revived = self.filtered(lambda order: order.state == "cancel")
        result = super().write(vals)
        if state == "cancel":
            self._free_activities()
        revived._take_back_activities()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cancellation_pending(self):
        self._check_cancellation_settled(self.order_line)

    def _is_cancellation_accepted(self):
        """HOOK: whether nobody else counts on this order any more. An ERP that has it
        says so later, and then calls :meth:`_free_activities`."""
        self.ensure_one()
        return True

    def _free_activities(self):
        """The activities of cancelled orders may be billed again."""
        orders = self.sudo().filtered(
            lambda order: order.state == "cancel" and order._is_cancellation_accepted()
        )
        if orders:
            orders._get_billed_activities().sale_line_id = False

    def _get_billed_activities(self):
        return (
            self.env["postsale.intervention"]
            .sudo()
            .search([("sale_line_id.order_id", "in", self.ids)])
        )

    def _take_back_activities(self):
        """A cancelled order is a quotation again, and bills what it billed.

        :raises UserError: another order does so meanwhile
        """
        lines = self.sudo().order_line.filtered("intervention_id")
        if not lines:
            return
        wait_for_others(lines.intervention_id)
        for line in lines:
            activity = line.intervention_id
            if activity.sale_line_id and activity.sale_line_id != line:
                raise UserError(
                    self.env._(
                        "%(order)s stays cancelled: “%(activity)s” is billed on "
                        "%(other)s meanwhile. Duplicate the order, and take out that "
                        "line.",
                        order=line.order_id.name,
                        activity=activity.name,
                        other=activity.billed_on,
                    )
                )
            activity.sale_line_id = line

    def _check_cancellation_settled(self, lines):
        """A cancelled order that others may still count on keeps the lines that bill
        activities: without them these would be free too early."""
        for order in self.sudo():
            if order.state != "cancel" or order._is_cancellation_accepted():
                continue
            billed = order._get_billed_activities().sale_line_id & lines.sudo()
            if billed:
                raise UserError(
                    self.env._(
                        "%s was handed over, and its cancellation is not accepted yet. "
                        "Wait for that before you delete it.",
                        order.name,
                    )
                )

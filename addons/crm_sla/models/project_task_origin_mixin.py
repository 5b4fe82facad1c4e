from odoo import fields, models


class ProjectTaskOriginMixin(models.AbstractModel):
    """The quotation or order a task was made from, whatever its project bills."""

    _name = "project.task.origin.mixin"
    _description = "Task Made from an Order"

    # Not core's sale_order_id: that one is emptied when the project is not billable.
    origin_order_id = fields.Many2one(
        "sale.order",
        string="Quotation or Order",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
    )

    def _compute_partner_id(self):
        """Core empties the customer where the project bills nothing; the customer of
        an order stays whom the task is for."""
        result = super()._compute_partner_id()
        for task in self:
            if task.origin_order_id and task.project_id and not task.partner_id:
                task.partner_id = task.sudo().origin_order_id.partner_id
        return result

    def _get_managed_by_team(self):
        team = super()._get_managed_by_team()
        return team or self.sudo().origin_order_id.team_id

    def _get_managed_by_company(self):
        task = self.sudo()
        return (
            task.company_id
            or task.origin_order_id.company_id
            or super()._get_managed_by_company()
        )

    def action_view_origin_order(self):
        """Open the quotation or order this task was made from."""
        self.ensure_one()
        self.check_access("read")
        order = self.origin_order_id
        order.check_access("read")
        return order._get_records_action(name=self.env._("Order"), context={})

    def _get_tasks_action(self):
        """Open these tasks: one in its form, several in the list."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_sla.project_task_search_action"
        )
        action |= {
            "name": self.env._("Tasks"),
            "path": False,
            "domain": [("id", "in", self.ids)],
            "context": {"create": False},
        }
        if len(self) == 1:
            action |= {"views": [(False, "form")], "res_id": self.id}
        return action

from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class SaleOrderTaskMixin(models.AbstractModel):
    """Tasks made from a quotation or order."""

    _name = "sale.order.task.mixin"
    _description = "Order with Tasks"

    linked_task_count = fields.Integer(
        string="Tasks of the Order",
        compute="_compute_linked_task_count",
        export_string_translation=False,
    )

    @api.depends_context("uid")
    def _compute_linked_task_count(self):
        tasks = defaultdict(set)
        if self.ids and self.env["project.task"].has_access("read"):
            links = ["origin_order_id", "sale_order_id", "sale_line_id.order_id"]
            found = self.env["project.task"].search_fetch(
                self._get_linked_task_domain(), ["origin_order_id", "sale_order_id"]
            )
            for task in found.sudo():
                for link in links:
                    for order in task.mapped(link):
                        tasks[order.id].add(task.id)
        for order in self:
            order.linked_task_count = len(tasks[order.id])

    def _get_linked_task_domain(self):
        """Tasks with our link to these orders, and those that core counts."""
        return Domain("has_template_ancestor", "=", False) & (
            Domain("origin_order_id", "in", self.ids)
            | Domain("sale_order_id", "in", self.ids)
            | Domain("sale_line_id", "in", self.sudo().order_line.ids)
        )

    def action_view_linked_tasks(self):
        """Open the tasks of these orders."""
        self._check_may_see_tasks()
        tasks = self.env["project.task"].search(self._get_linked_task_domain())
        return tasks._get_tasks_action()

    def action_create_task(self):
        """Open the dialog for a task from each of these quotations and orders."""
        self._check_may_see_tasks()
        self.env["crm.task.creation"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create Task")
            if len(self) == 1
            else self.env._("Create Tasks"),
            "res_model": "crm.task.creation",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_ids": [Command.set(self.ids)]},
        }

    def _check_may_see_tasks(self):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only your own people work on tasks."))
        self.check_access("read")

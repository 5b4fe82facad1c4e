from odoo import api, fields, models


class RecurringRecipientInfoMixin(models.AbstractModel):
    _inherit = "recurring.recipient.info.mixin"

    warehouse_used_id = fields.Many2one(
        comodel_name="stock.warehouse",
        compute="_compute_warehouse_used_id",
        compute_sudo=True,
    )

    @api.depends("task_id.warehouse_id", "salesperson_used_id", "company_id")
    def _compute_warehouse_used_id(self):
        """The task's warehouse, or the one that core gives to such an order."""
        usual = {}
        for recipient in self:
            task = recipient.task_id
            key = (task.company_id, recipient.salesperson_used_id)
            if not task.warehouse_id and key not in usual:
                usual[key] = self._get_usual_warehouse(*key)
            recipient.warehouse_used_id = task.warehouse_id or usual[key]

    @api.model
    def _get_usual_warehouse(self, company, salesperson):
        order = self.env["sale.order"].with_company(company)
        values = {"company_id": company.id, "user_id": salesperson.id}
        return order.new(values).warehouse_id

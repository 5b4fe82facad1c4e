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

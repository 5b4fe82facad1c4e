from odoo import fields, models


class RecurringContentMixin(models.AbstractModel):
    _inherit = "recurring.content.mixin"

    document_type = fields.Selection(
        selection_add=[("delivery", "Delivery Note")],
        ondelete={"delivery": lambda tasks: tasks._become_orders()},
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        check_company=True,
        help="Where the goods leave. Empty: the usual warehouse of the salesperson or "
        "the company.",
    )
    delivery_validation = fields.Selection(
        selection=[
            ("ready", "Leave it to the warehouse"),
            ("validate", "Validate it at once"),
        ],
        string="Transfer",
        default="ready",
        required=True,
        help="What is missing in stock waits, or stock goes below zero: see the "
        "settings. Goods with lots or serial numbers wait until somebody chooses them.",
    )

    def _become_orders(self):
        """The add-on is being removed. What it issued are orders, and stay it; its
        tasks pause, because nobody asked for orders."""
        self.filtered(lambda task: task.state == "running").action_pause()
        self.write({"document_type": "order"})
        rows = self.env["recurring.occurrence"].sudo()
        rows.search([("document_type", "=", "delivery")]).document_type = "order"

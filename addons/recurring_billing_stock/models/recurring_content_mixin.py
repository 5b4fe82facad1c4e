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
        """The add-on is being removed. What it issued are orders, and stay it."""
        self._lose_kind(
            "delivery", "recurring_billing_stock", "order", issued_as="order"
        )

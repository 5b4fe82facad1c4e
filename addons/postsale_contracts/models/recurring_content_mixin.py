from odoo import fields, models


class RecurringContentMixin(models.AbstractModel):
    _inherit = "recurring.content.mixin"

    document_type = fields.Selection(
        selection_add=[("work_order", "Work Order")],
        ondelete={"work_order": lambda tasks: tasks._stop_work_orders()},
    )

    def _stop_work_orders(self):
        """The add-on is being removed. What it issued are tasks of *Project*, for
        which the ledger has no name any more."""
        self._lose_kind(
            "work_order", "postsale_contracts", "quotation", issued_as=False
        )

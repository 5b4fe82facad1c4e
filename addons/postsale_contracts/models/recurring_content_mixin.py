from odoo import fields, models


class RecurringContentMixin(models.AbstractModel):
    _inherit = "recurring.content.mixin"

    document_type = fields.Selection(
        selection_add=[("work_order", "Work Order")],
        ondelete={"work_order": lambda tasks: tasks._stop_work_orders()},
    )

    def _stop_work_orders(self):
        """The add-on is being removed. What it issued are tasks, and stay it; its
        recurring tasks pause, because nobody asked them for anything else."""
        self.filtered(lambda task: task.state == "running").action_pause()
        self.write(
            {
                "document_type": "quotation",
                "mail_template_id": False,
                "report_id": False,
            }
        )
        rows = self.env["recurring.occurrence"].sudo()
        rows.search([("document_type", "=", "work_order")]).document_type = False

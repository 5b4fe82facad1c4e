from odoo import fields, models


class RecurringContentMixin(models.AbstractModel):
    _inherit = "recurring.content.mixin"

    document_type = fields.Selection(
        selection_add=[("letter", "Letter")],
        ondelete={"letter": lambda tasks: tasks._leave_letters()},
    )

    def _leave_letters(self):
        """The add-on is being removed: its tasks pause, nobody asked for invoices."""
        self.filtered(lambda task: task.state == "running").action_pause()
        self.write({"document_type": "invoice"})

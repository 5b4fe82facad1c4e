from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "document.delivery.mixin", "recurring.issued.mixin"]

    def _action_cancel(self):
        result = super()._action_cancel()
        self._void_occurrences(self.env._("The order was cancelled."))
        return result

    def action_draft(self):
        result = super().action_draft()
        self._revive_occurrences()
        return result

    def _get_document_kind(self):
        """A quotation until it is confirmed; a pro-forma when it is sent as one."""
        issued_as = self.sudo().recurring_task_id.document_type
        if self.env.context.get("proforma"):
            code = "proforma"
        elif self.state == "sale":
            code = "order"
        else:
            code = "proforma" if issued_as == "proforma" else "quotation"
        return self.env["recurring.document.kind"]._get_by_code(code)

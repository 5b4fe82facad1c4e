from odoo import fields, models
from odoo.exceptions import UserError


class RecurringOccurrence(models.Model):
    _inherit = "recurring.occurrence"

    transfer_status = fields.Selection(
        related="sale_order_id.delivery_status",
        string="Goods",
        help="How much of the order was delivered. Empty: there is nothing to deliver.",
    )

    def action_view_delivery_notes(self):
        self.env["stock.picking"].check_access("read")
        return self.sale_order_id.delivery_note_ids._get_records_action(
            name=self.env._("Delivery Notes")
        )

    def action_reissue(self):
        """An order whose transfers were cancelled could still be invoiced, besides the
        new one."""
        self.task_id._check_billing_rights()
        for row in self.filtered(lambda row: row.state == "void"):
            order = row.sudo().sale_order_id
            if row.document_type == "delivery" and order.state == "sale":
                raise UserError(
                    self.env._(
                        "The transfers of %(order)s are cancelled, the order itself is "
                        "not. Cancel it first, so that it is not invoiced besides the "
                        "new one.",
                        order=order.name,
                    )
                )
        return super().action_reissue()

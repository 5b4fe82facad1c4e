from odoo import fields, models


class SaleOrderTemplateLine(models.Model):
    _inherit = "sale.order.template.line"

    billed_periodically = fields.Boolean(
        help="Invoiced again in each period, from the start of the service on.",
    )

    def _prepare_order_line_values(self):
        values = super()._prepare_order_line_values()
        template = self.sale_order_template_id
        if not self.display_type and (
            self.billed_periodically or template.billed_periodically
        ):
            values["billed_periodically"] = True
        return values

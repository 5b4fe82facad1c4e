from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_cancel(self):
        """The one way in which transfers are cancelled, whole or line by line."""
        result = super()._action_cancel()
        self.picking_id.sudo().sale_id._void_undelivered()
        return result

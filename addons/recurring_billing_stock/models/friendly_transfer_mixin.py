from odoo import models
from odoo.tools import format_date


class FriendlyTransferMixin(models.AbstractModel):
    """Delivery slips in the friendly layout."""

    _name = "friendly.transfer.mixin"
    _inherit = "friendly.document.mixin"
    _description = "Transfer with a friendly layout"

    def _prepare_friendly_content(self):
        """Only customers are greeted, not suppliers and other warehouses."""
        content = super()._prepare_friendly_content()
        if self.picking_type_code != "outgoing":
            content["kind"] = content["kind"].browse()
        return content

    def _get_friendly_figures(self):
        is_done = self.state == "done"
        label = self.env._("Delivered") if is_done else self.env._("Delivery")
        moment = self.date_done if is_done else self.scheduled_date
        return [(label, format_date(self.env, moment))] if moment else []

    def _get_friendly_texts(self):
        return self.move_ids.mapped("description_picking")

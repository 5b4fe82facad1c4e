from odoo import Command, models


class SaleOrderAssetMixin(models.AbstractModel):
    """An order about assets: what comes of it is about the same ones."""

    _name = "sale.order.asset.mixin"
    _inherit = "asset.document.mixin"
    _description = "Order about assets"

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        if assets := self._get_printed_assets():
            values["asset_ids"] = [Command.set(assets.ids)]
        return values

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Core joins orders, and takes what the first one says."""
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        for move in moves.sudo():
            missing = move.line_ids.sale_line_ids.order_id.asset_ids - move.asset_ids
            if missing:
                move.asset_ids |= missing
        return moves

    def _prepare_billing_task(self, date=None):
        """The customer's line of the task that bills the order shows them, too."""
        values = super()._prepare_billing_task(date)
        assets = self._get_printed_assets()._filter_of(self.partner_id)
        if assets:
            for _command, _id, recipient in values["recipient_ids"]:
                recipient["asset_ids"] = [Command.set(assets.ids)]
        return values

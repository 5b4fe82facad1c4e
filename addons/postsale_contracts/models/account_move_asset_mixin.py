from odoo import Command, api, models


class AccountMoveAssetMixin(models.AbstractModel):
    """An invoice about assets. Who pays and who has them may be two customers."""

    _name = "account.move.asset.mixin"
    _inherit = "asset.document.mixin"
    _description = "Invoice about assets"

    @api.model
    def _get_asset_customer_fields(self):
        return [*super()._get_asset_customer_fields(), "partner_shipping_id"]

    def _prepare_repeated_recipient(self):
        """What is issued again is about the same assets."""
        values = super()._prepare_repeated_recipient()
        customer = self.env["res.partner"].browse(values["partner_id"])
        if assets := self._get_printed_assets()._filter_of(customer):
            values["asset_ids"] = [Command.set(assets.ids)]
        return values

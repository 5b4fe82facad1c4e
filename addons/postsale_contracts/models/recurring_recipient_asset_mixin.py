from odoo import Command, api, models
from odoo.exceptions import ValidationError


class RecurringRecipientAssetMixin(models.AbstractModel):
    """What the documents of this line are about. A customer may have several lines,
    e.g. one for each asset."""

    _name = "recurring.recipient.asset.mixin"
    _inherit = "asset.document.mixin"
    _description = "Customer's line about assets"

    @api.constrains("asset_ids", "partner_id")
    def _check_asset_customer(self):
        for recipient in self.sudo():
            foreign = recipient.asset_ids
            foreign -= foreign._filter_of(recipient.partner_id)
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%(asset)s” is an asset of %(other)s, this line is for "
                        "%(customer)s. Choose assets of the same customer.",
                        asset=foreign[0].display_name,
                        other=foreign[0].customer_id.display_name
                        or self.env._("your own company"),
                        customer=recipient.partner_id.display_name,
                    )
                )

    @api.depends("asset_ids")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for recipient in self:
            if names := recipient._get_printed_assets()._get_names():
                recipient.display_name = f"{recipient.display_name} ({names})"
        return result

    @api.model
    def _get_ready_dependencies(self):
        return [
            *super()._get_ready_dependencies(),
            "asset_ids.active",
            "asset_ids.customer_id",
            "asset_ids.company_id",
        ]

    # === ONE LINE PER ASSET === #

    def _prepare_asset_line(self, assets):
        """Values of a further line of the same customer, for these assets."""
        self.ensure_one()
        values = self.copy_data({"asset_ids": [Command.set(assets.ids)]})[0]
        if self.date_start and self.task_state != "draft":
            values["date_start"] = self.date_next  # his own days, from the next one on
        return values

    def _end_or_unlink(self):
        """Lines that are not needed: the ledger keeps those that have documents."""
        used = self._get_used()
        (self - used).unlink()
        if used:
            used.action_stop()

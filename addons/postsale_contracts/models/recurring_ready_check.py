from odoo import api, models


class RecurringReadyCheck(models.AbstractModel):
    _inherit = "recurring.ready.check"

    @api.model
    def _get_recipient_problems(self, recipient):
        return super()._get_recipient_problems(recipient) + self._get_asset_problems(
            recipient
        )

    @api.model
    def _get_asset_problems(self, recipient):
        """Assets that were given away or put aside after they came on the line."""
        assets = recipient.sudo().asset_ids
        own = assets._filter_of(recipient.partner_id)
        texts = [
            self.env._(
                "The asset “%s” belongs to another customer now. Take it off the line.",
                asset.display_name,
            )
            for asset in assets - own
        ]
        for asset in own:
            if not asset.active:
                texts.append(
                    self.env._(
                        "The asset “%s” is archived. Take it off the line.",
                        asset.display_name,
                    )
                )
            elif asset.company_id and asset.company_id != recipient.company_id:
                texts.append(
                    self.env._(
                        "The asset “%s” belongs to another company.",
                        asset.display_name,
                    )
                )
        return texts

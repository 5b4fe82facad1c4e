from odoo import fields, models


class ResPartnerAssetMixin(models.AbstractModel):
    """A customer, and what he has that is looked after."""

    _name = "res.partner.asset.mixin"
    _description = "Customer with assets"

    asset_count = fields.Integer(
        string="Number of Assets",
        compute="_compute_asset_count",
        groups="postsale_contracts.group_postsale_technician",
    )

    def _compute_asset_count(self):
        """Those of his contacts and addresses included."""
        counts = self.env["maintenance.equipment"]._read_group(
            [("customer_id", "child_of", self.ids)], ["customer_id"], ["__count"]
        )
        self.asset_count = 0
        known = {partner._origin.id: partner for partner in self}
        for keeper, count in counts:
            while keeper:
                if partner := known.get(keeper.id):
                    partner.asset_count += count
                keeper = keeper.parent_id

    def _filter_with_assets(self):
        """Customers, as commercial entities, of whom an asset is known."""
        if not self.ids:
            return self
        assets = self.env["maintenance.equipment"].sudo()
        groups = assets._read_group(
            [("customer_id.commercial_partner_id", "in", self.ids)], ["customer_id"]
        )
        owners = {customer.commercial_partner_id.id for (customer,) in groups}
        return self.filtered(lambda partner: partner._origin.id in owners)

    def action_view_assets(self):
        """Open the assets of this customer, and those of his contacts and addresses."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "postsale_contracts.maintenance_equipment_action"
        )
        action["domain"] = [("customer_id", "child_of", self.ids)]
        action["context"] = {"default_customer_id": self.id}
        return action

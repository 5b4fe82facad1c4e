from odoo import api, fields, models
from odoo.exceptions import AccessError

#: Assets that are named where a few words must do; more are counted.
NAMED = 3


class MaintenanceEquipment(models.Model):
    """An asset of a customer. Core's ``partner_id`` is the vendor, and stays it."""

    _name = "maintenance.equipment"
    _inherit = ["restricted.copy.mixin", "asset.history.mixin", "maintenance.equipment"]

    customer_id = fields.Many2one(
        comodel_name="res.partner",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="Who has it: the company, or the contact or address where it stands.",
    )
    customer_location = fields.Char(
        string="Place", help="Where it stands at the customer's."
    )
    contract_ids = fields.Many2many(
        comodel_name="postsale.contract",
        relation="postsale_contract_asset_rel",
        column1="asset_id",
        column2="contract_id",
        string="Post-Sale Contracts",
        copy=False,
        groups="postsale_contracts.group_postsale_technician",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        assets._check_customers_asset()
        return assets

    def write(self, vals):
        self._check_customers_asset()
        result = super().write(vals)
        self._check_customers_asset()
        return result

    def _check_customers_asset(self):
        """Post-sale users keep the assets of customers. The company's own equipment is
        not theirs, also where they follow it and so may see it."""
        user = self.env.user
        if (
            self.env.su
            or user.has_group("maintenance.group_equipment_manager")
            or not user.has_group("postsale_contracts.group_postsale_user")
        ):
            return
        internal = self.sudo().filtered(lambda asset: not asset.customer_id)
        if internal:
            raise AccessError(
                self.env._(
                    "“%s” is equipment of your own company, since it has no customer. "
                    "Choose the customer, or ask somebody with the role “Equipment "
                    "Manager”.",
                    internal[0].display_name,
                )
            )

    # === OWNERS === #

    def _filter_of(self, partner):
        """Those that belong to the company of ``partner``, or to one of its people."""
        company = partner.commercial_partner_id
        return self.filtered(
            lambda asset: asset.customer_id.commercial_partner_id == company
        )

    def _get_keeper(self, partners):
        """The nearest of ``partners`` above the customer: his address before his
        company; empty when none is above."""
        self.ensure_one()
        keeper, ids = self.customer_id, set(partners.ids)
        while keeper and keeper.id not in ids:
            keeper = keeper.parent_id
        return keeper

    def _get_names(self):
        """A few names in a line of text, or how many they are."""
        if len(self) > NAMED:
            return self.env._("%s assets", len(self))
        return ", ".join(self.mapped("display_name"))

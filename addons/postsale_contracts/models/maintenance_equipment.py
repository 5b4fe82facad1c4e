from odoo import fields, models


class MaintenanceEquipment(models.Model):
    """An asset of a customer. Core's ``partner_id`` is the vendor, and stays it."""

    _inherit = "maintenance.equipment"

    customer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
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
    )

from odoo import api, fields, models


class AssetDocumentMixin(models.AbstractModel):
    """A document that is about assets of its customer, and says so on paper.

    Asset and document are of the same company, or the asset is of all. Whose assets
    they are is checked where documents are set up (on recurring tasks), not on the
    documents: those stay as they are when an asset changes hands, and somebody else may
    pay.
    """

    _name = "asset.document.mixin"
    _description = "Document about assets"

    asset_ids = fields.Many2many(
        comodel_name="maintenance.equipment",
        string="Assets",
        check_company=True,
        domain="[('customer_id', 'child_of', asset_customer_ids)]",
        context={"active_test": False},  # what was serviced once stays on paper
        help="What it is about. They are printed on the document.",
    )
    asset_customer_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers With Assets",
        compute="_compute_asset_customer_ids",
        help="Whose assets can be chosen.",
    )

    @api.depends(lambda self: self._get_asset_customer_fields())
    def _compute_asset_customer_ids(self):
        names = self._get_asset_customer_fields()
        partners = self.env["res.partner"].union(
            *(document[name] for document in self for name in names)
        )
        owners = partners.commercial_partner_id._filter_with_assets()
        for document in self:
            customers = self.env["res.partner"].union(
                *(document[name].commercial_partner_id for name in names)
            )
            document.asset_customer_ids = customers & owners

    @api.onchange("asset_customer_ids")
    def _onchange_asset_customer_ids(self):
        """The assets of one customer do not stay when another one is chosen."""
        customers = set(self.asset_customer_ids.ids)
        foreign = self.asset_ids.filtered(
            lambda a: a.customer_id.commercial_partner_id.id not in customers
        )
        if foreign:
            self.asset_ids -= foreign

    @api.model
    def _get_asset_customer_fields(self):
        """Fields that name the customers whose assets can be chosen."""
        return ["partner_id"]

    def _get_printed_assets(self):
        """Whoever may read the document may read what it is about."""
        return self.sudo().asset_ids

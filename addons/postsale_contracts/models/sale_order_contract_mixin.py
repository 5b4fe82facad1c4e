from odoo import fields, models
from odoo.fields import Domain


class SaleOrderContractMixin(models.AbstractModel):
    """The contracts that an order is for, their renewals included."""

    _name = "sale.order.contract.mixin"
    _description = "Order of post-sale contracts"

    postsale_contract_count = fields.Integer(
        string="Contracts",
        compute="_compute_postsale_contract_count",
        groups="postsale_contracts.group_postsale_technician",
    )

    def _compute_postsale_contract_count(self):
        """With the rights of the user; nothing is stored on the order."""
        contracts = self._origin._get_postsale_contracts()
        for order in self:
            order.postsale_contract_count = len(
                contracts.filtered(
                    lambda contract, order=order._origin: (
                        order
                        in contract.sale_order_id | contract.renewal_ids.sale_order_id
                    )
                )
            )

    def _get_postsale_contracts(self):
        return (
            self.env["postsale.contract"]
            .with_context(active_test=False)
            .search(
                Domain("sale_order_id", "in", self.ids)
                | Domain("renewal_ids.sale_order_id", "in", self.ids)
            )
        )

    def action_view_postsale_contracts(self):
        """Open the contracts of these orders that the user may see."""
        self.env["postsale.contract"].check_access("read")
        contracts = self._get_postsale_contracts()
        return contracts._get_records_action(name=self.env._("Contracts"))

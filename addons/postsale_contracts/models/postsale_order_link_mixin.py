from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PostsaleOrderLinkMixin(models.AbstractModel):
    """A contract or a renewal that belongs to an order: one that exists, or a new one."""

    _name = "postsale.order.link.mixin"
    _description = "Record linked to an order of its customer"

    company_id = fields.Many2one("res.company")
    partner_id = fields.Many2one("res.partner", string="Customer")
    sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Order No.",
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('partner_id', 'child_of', partner_commercial_id),"
        " ('company_id', '=', company_id), ('state', '!=', 'cancel')]",
        help="A quotation or order of this customer. “New order” makes one.",
    )
    partner_commercial_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer's Company"
    )

    @api.constrains("sale_order_id", "partner_id")
    def _check_order_customer(self):
        for record in self.sudo():
            order, customer = record.sale_order_id, record.partner_commercial_id
            if order and order.partner_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(order)s is of %(other)s, “%(record)s” of %(customer)s. "
                        "Choose an order of the same customer.",
                        order=order.name,
                        other=order.partner_id.display_name,
                        record=record.display_name,
                        customer=customer.display_name,
                    )
                )

from odoo import fields, models


class ResPartnerSlaMixin(models.AbstractModel):
    _name = "res.partner.sla.mixin"
    _description = "Customer with an SLA of his own"

    sla_policy_id = fields.Many2one(
        comodel_name="crm.sla.policy",
        string="SLA Policy",
        company_dependent=True,
        check_company=True,
        groups="postsale_contracts.group_postsale_technician",
        help="Counts for the customer's tickets, unless their contract has one.",
    )

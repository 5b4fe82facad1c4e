from odoo import api, fields, models


class PostsaleIntervention(models.Model):
    """A service activity of a ticket: what was done, when, by whom, and who pays.

    Prices are untaxed, in ``currency_id``; the duration is in hours.
    """

    _name = "postsale.intervention"
    _inherit = ["postsale.intervention.clock.mixin"]
    _description = "Service Activity"
    _order = "date desc, id desc"
    _check_company_auto = True

    task_id = fields.Many2one(
        comodel_name="project.task",
        string="Ticket",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    partner_id = fields.Many2one(related="task_id.partner_id", string="Customer")
    name = fields.Char(string="Description", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Technician",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
    )
    duration = fields.Float(help="Hours.")
    asset_id = fields.Many2one(
        comodel_name="maintenance.equipment", index="btree_not_null"
    )
    condition_id = fields.Many2one(
        comodel_name="postsale.condition",
        string="Execution Condition",
        ondelete="restrict",
        check_company=True,
    )
    stage_id = fields.Many2one(
        comodel_name="postsale.intervention.stage",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["postsale.intervention.stage"].search(
            [("type", "=", "open")], limit=1
        ),
    )
    state = fields.Selection(related="stage_id.type", store=True, index=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('sale_ok', '=', True)]",
        ondelete="restrict",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    price_unit = fields.Monetary(
        string="Unit Price", help="Zero: as the condition says."
    )
    billable = fields.Boolean(compute="_compute_billable", search="_search_billable")
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Billed On",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    _sale_line_uniq = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL",
        "An order line bills one activity.",
    )

    @api.depends("task_id.company_id", "task_id.project_id.company_id")
    def _compute_company_id(self):
        for activity in self:
            task = activity.task_id
            activity.company_id = (
                task.company_id or task.project_id.company_id or self.env.company
            )

    @api.depends("state", "condition_id.to_bill", "sale_line_id")
    def _compute_billable(self):
        """Closed, to be billed, and not billed yet."""
        for activity in self:
            activity.billable = (
                activity.state == "closed"
                and activity.condition_id.to_bill
                and not activity.sudo().sale_line_id
            )

    def _search_billable(self, operator, value):
        if operator != "in":
            return NotImplemented
        billable = (
            fields.Domain("state", "=", "closed")
            & fields.Domain("condition_id.to_bill", "=", True)
            & fields.Domain("sale_line_id", "=", False)
        )
        domain = fields.Domain.FALSE
        if True in value:
            domain |= billable
        if False in value:
            domain |= ~billable
        return domain

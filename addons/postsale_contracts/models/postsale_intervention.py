from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PostsaleIntervention(models.Model):
    """A service activity of a ticket: what was done, when, by whom, and who pays.

    Prices are untaxed, in ``currency_id``, the one of the company; the duration is in
    hours. Technicians enter products and quantities; prices are seen and entered by
    users of *Post-Sale* only.
    """

    _name = "postsale.intervention"
    _description = "Service Activity"
    _inherit = [
        "postsale.intervention.guard.mixin",
        "postsale.intervention.proposal.mixin",
        "postsale.intervention.clock.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True

    task_id = fields.Many2one(
        comodel_name="project.task",
        string="Ticket",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("is_ticket", "=", True)],
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
        comodel_name="maintenance.equipment",
        check_company=True,
        index="btree_not_null",
    )
    condition_id = fields.Many2one(
        comodel_name="postsale.condition",
        string="Execution Condition",
        ondelete="restrict",
        check_company=True,
        help="Who pays. What the contract or the warranty covers is proposed.",
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
        check_company=True,
        ondelete="restrict",
        help="Empty: the product of the condition, else that of the settings.",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    currency_id = fields.Many2one(related="company_id.currency_id")
    price_unit = fields.Monetary(
        string="Unit Price",
        groups="postsale_contracts.group_postsale_user",
        help="Without taxes. Zero: as the condition says.",
    )
    billable = fields.Boolean(compute="_compute_billable", search="_search_billable")
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Billed On",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="A deleted line frees its activity.",
    )
    billed_on = fields.Char(
        string="Order", compute="_compute_billed_on", compute_sudo=True
    )
    decision = fields.Selection(
        selection=[
            ("billable", "Billable"),
            ("covered", "Covered by the Contract"),
            ("warranty", "Warranty"),
            ("free", "Free of Charge"),
            ("not_closed", "Not Closed"),
            ("cancelled", "Cancelled"),
            ("billed", "Billed"),
            ("no_condition", "No Condition"),
            ("no_product", "No Product"),
            ("no_quantity", "No Quantity"),
            ("no_customer", "No Customer"),
        ],
        string="Billing",
        compute="_compute_decision",
        compute_sudo=True,
        help="Whether the activity is billed, or why not.",
    )

    _sale_line_uniq = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL",
        "An order line bills one activity.",
    )
    _quantities_positive = models.Constraint(
        "CHECK (quantity >= 0 AND duration >= 0)",
        "Quantity and duration cannot be negative.",
    )

    @api.constrains("task_id")
    def _check_is_ticket(self):
        """A ticket that is just being made belongs to its project first."""
        for activity in self.sudo():
            task = activity.task_id
            is_ticket = task.is_ticket or task.project_id.is_postsale
            if not (is_ticket or task.is_work_order):
                raise ValidationError(
                    self.env._(
                        "“%s” is no ticket. Service activities belong to tasks of a "
                        "project that is marked as Post-Sale.",
                        task.display_name,
                    )
                )

    @api.depends("task_id.company_id", "task_id.project_id.company_id")
    def _compute_company_id(self):
        for activity in self:
            task = activity.task_id
            activity.company_id = (
                task.company_id or task.project_id.company_id or self.env.company
            )

    # === WHO PAYS === #

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

    @api.depends("sale_line_id")
    def _compute_billed_on(self):
        for activity in self:
            activity.billed_on = activity.sale_line_id.order_id.name

    @api.depends(
        *("state", "condition_id", "sale_line_id", "product_id", "quantity"),
        *("duration", "task_id.partner_id"),
    )
    def _compute_decision(self):
        plans = self.env["postsale.activity.biller"]._plan(self)
        for activity in self:
            activity.decision = plans[activity].decision

    # === PORTAL === #

    def _get_portal_order(self):
        """The order of the activity once the customer has it; prices are his, too."""
        self.ensure_one()
        order = self.sale_line_id.order_id
        return order if order.state in ("sent", "sale") else order.browse()

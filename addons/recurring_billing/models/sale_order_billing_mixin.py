from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from .recurring_schedule_mixin import CYCLES

#: Not changed any more once a task bills the order.
SCHEDULE = {
    "billing_cycle",
    "billing_start_date",
    "billing_end_date",
    "instalment_count",
}
MAX_INSTALMENTS = 120


class SaleOrderBillingMixin(models.AbstractModel):
    """An order billed over time: periodic lines, or its total in monthly instalments.

    A recurring task of its own issues the invoices. Confirming an order with periodic
    lines makes it; with instalments, the first invoice does.
    """

    _name = "sale.order.billing.mixin"
    _description = "Order that is billed over time"

    billing_cycle = fields.Selection(
        selection=lambda self: self._get_billing_cycles(),
        help="How often the lines marked “Billed Periodically” are invoiced. "
        "Empty: monthly.",
    )
    billing_start_date = fields.Date(
        string="Service Start",
        copy=False,
        help="The first period begins on this day. Empty: the day of confirmation.",
    )
    billing_end_date = fields.Date(
        string="Service End",
        copy=False,
        help="No period begins after this day. Empty: no end.",
    )
    instalment_count = fields.Integer(
        string="Instalments",
        help="The total is paid in so many monthly instalments. 0 or 1: at once.",
    )
    billing_task_id = fields.Many2one(
        comodel_name="recurring.task",
        compute="_compute_billing_task_id",
        search="_search_billing_task_id",
        compute_sudo=True,  # salespeople and customers may lack rights on tasks
        help="Issues the invoices of this order.",
    )
    billing_state = fields.Selection(
        selection=lambda self: (
            self.env["recurring.task"]._fields["state"]._description_selection(self.env)
        ),
        compute="_compute_billing_task_id",
        compute_sudo=True,
    )
    is_billed_periodically = fields.Boolean(compute="_compute_is_billed_periodically")
    billing_text = fields.Char(
        string="Billing",
        compute="_compute_billing_text",
        compute_sudo=True,
        help="How the order is billed over time, as the customer reads it.",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _get_billing_cycles(self):
        cycles = (
            self.env["recurring.task"]._fields["cycle"]._description_selection(self.env)
        )
        return [(cycle, label) for cycle, label in cycles if cycle in CYCLES]

    def _compute_billing_task_id(self):
        tasks = self._get_billing_tasks().grouped("sale_order_id")
        for order in self:
            task = tasks.get(order._origin, self.env["recurring.task"])
            order.billing_task_id = task
            order.billing_state = task.state

    def _search_billing_task_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        Task = self.env["recurring.task"].sudo().with_context(active_test=False)
        tasks = Task.search([("sale_order_id", "!=", False)])
        named = tasks.filtered(lambda task: task.id in value)
        domain = Domain("id", "in", named.sale_order_id.ids)
        if False in value:
            domain |= Domain("id", "not in", tasks.sale_order_id.ids)
        return domain

    @api.depends("order_line.billed_periodically", "order_line.product_uom_qty")
    def _compute_is_billed_periodically(self):
        for order in self:
            order.is_billed_periodically = any(
                line.billed_periodically
                and line.product_uom_qty
                and line._is_billed_over_time()
                for line in order.order_line
            )

    @api.depends_context("lang")
    @api.depends("is_billed_periodically", "amount_total", *sorted(SCHEDULE))
    def _compute_billing_text(self):
        for order in self:
            order.billing_text = (
                order._describe_instalments()
                if order._is_paid_by_instalments()
                else order._describe_periods()
            )

    def _describe_instalments(self):
        amount = self._get_first_payment_amount()
        return self.env._(
            "To be paid in %(count)s monthly instalments, the first of %(amount)s.",
            count=self.instalment_count,
            amount=format_amount(self.env, amount, self.currency_id),
        )

    def _describe_periods(self):
        if not self.is_billed_periodically:
            return False
        cycle = dict(self._get_billing_cycles())[self._get_billing_cycle()]
        parts = [self.env._("Billed periodically: %s", cycle.lower())]
        if day := self.billing_start_date:
            parts.append(self.env._("from %s", self._print_day(day)))
        if day := self.billing_end_date:
            parts.append(self.env._("until %s", self._print_day(day)))
        return ", ".join(parts) + "."

    def _print_day(self, day):
        return format_date(self.env, day, date_format="d MMMM y")

    # === CONSTRAINTS AND CRUD === #

    @api.constrains(*SCHEDULE, "order_line")
    def _check_billing(self):
        for order in self:
            if problem := order._get_billing_problem():
                raise ValidationError(
                    self.env._(
                        "%(order)s: %(problem)s",
                        order=order.display_name,
                        problem=problem,
                    )
                )

    def _get_billing_problem(self):
        """Why the order cannot be billed over time like this, or an empty string."""
        first, last = self.billing_start_date, self.billing_end_date
        if not 0 <= self.instalment_count <= MAX_INSTALMENTS:
            return self.env._(
                "the number of instalments is from 0 to %s.", MAX_INSTALMENTS
            )
        if self.instalment_count > 1 and any(
            self.order_line.mapped("billed_periodically")
        ):
            return self.env._(
                "it has both instalments and lines that are billed periodically. "
                "Choose one: set the instalments to 0, or unmark the lines."
            )
        if first and last and last < first:
            return self.env._("the service ends before it starts. Move one date.")
        return ""

    @api.onchange("sale_order_template_id")
    def _onchange_sale_order_template_id(self):
        result = super()._onchange_sale_order_template_id()
        if template := self.sale_order_template_id:
            self.billing_cycle = template.billing_cycle
            self.instalment_count = template.instalment_count
        return result

    def write(self, vals):
        for name in SCHEDULE & set(vals):
            self._check_agreed(name, vals[name])
        return super().write(vals)

    def _check_agreed(self, name, value):
        """How a confirmed order is billed was agreed with the customer."""
        field = self._fields[name]
        for order in self.filtered(lambda order: order.state == "sale"):
            is_fixed = name == "instalment_count" or order.billing_task_id
            before = field.convert_to_cache(order[name], order)
            after = field.convert_to_cache(value, order)
            if is_fixed and (before or None) != (after or None):
                raise UserError(
                    self.env._(
                        "%s is confirmed: how it is billed was agreed with the "
                        "customer. Change its recurring task, or cancel the order and "
                        "make a new quotation.",
                        order.display_name,
                    )
                )

    def _confirmation_error_message(self):
        error = super()._confirmation_error_message()
        last = self.billing_end_date
        if error or not last or not self.is_billed_periodically:
            return error
        start = self.billing_start_date or self._get_billing_today()
        if last < start:
            return self.env._(
                "%s: the service end has passed, nothing would be billed. Move it.",
                self.display_name,
            )
        return error

    # === BUTTONS AND HELPERS === #

    def action_view_billing_task(self):
        """Open the task that bills this order."""
        self.ensure_one()
        self.env["recurring.task"].check_access("read")
        return self.billing_task_id._get_records_action()

    def _get_billing_cycle(self):
        return self.billing_cycle or "monthly"

    def _is_billed_over_time(self):
        self.ensure_one()
        return self.is_billed_periodically or self._is_paid_by_instalments()

    def _is_paid_by_instalments(self):
        self.ensure_one()
        return self.instalment_count > 1

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ProjectTaskTicketBillingMixin(models.AbstractModel):
    """What is to be billed of a ticket, and the buttons that do it."""

    _name = "project.task.ticket.billing.mixin"
    _description = "Ticket that is billed"

    to_bill_count = fields.Integer(
        string="Activities to Bill",
        compute="_compute_to_bill_count",
        groups="postsale_contracts.group_postsale_technician",
        help="Closed activities to be billed that stand on no order yet.",
    )
    to_bill_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the Estimate",
        compute="_compute_to_bill_currency_id",
    )
    to_bill_amount = fields.Monetary(
        string="To Bill (Estimate)",
        compute="_compute_to_bill_amount",
        currency_field="to_bill_currency_id",
        groups="postsale_contracts.group_postsale_user",
        help="What the billable activities come to today, without taxes.",
    )
    activity_order_count = fields.Integer(
        string="Orders for Activities",
        compute="_compute_activity_order_count",
        groups="sales_team.group_sale_salesman",
    )

    # === FIGURES === #

    @api.depends("intervention_ids.billable")
    def _compute_to_bill_count(self):
        counts = dict(
            self.env["postsale.intervention"]._read_group(
                [("task_id", "in", self.ids), ("billable", "=", True)],
                ["task_id"],
                ["__count"],
            )
        )
        for task in self:
            task.to_bill_count = counts.get(task._origin, 0)

    @api.depends("company_id", "project_id.company_id")
    def _compute_to_bill_currency_id(self):
        for task in self:
            company = task.sudo()._get_ticket_company()
            task.to_bill_currency_id = company.currency_id

    @api.depends("intervention_ids.decision", "intervention_ids.price_unit")
    def _compute_to_bill_amount(self):
        biller = self.env["postsale.activity.biller"]
        plans = biller.sudo()._plan(biller._get_activities(self))
        amounts = biller.sudo()._estimate(plans)
        sums = defaultdict(float)
        for activity, amount in amounts.items():
            sums[activity.task_id] += amount
        for task in self:
            task.to_bill_amount = sums[task._origin]

    def _get_activity_orders(self):
        """Orders that bill activities of these tickets, seen by the user."""
        orders = self.sudo().intervention_ids.sale_line_id.order_id
        return orders.sudo(False)._filtered_access("read")

    @api.depends("intervention_ids.sale_line_id")
    def _compute_activity_order_count(self):
        readable = self._get_activity_orders()
        for task in self:
            orders = task.sudo().intervention_ids.sale_line_id.order_id
            task.activity_order_count = len(orders & readable)

    # === BUTTONS === #

    def _check_may_bill(self):
        """:raises AccessError: for whom may not bill these tickets"""
        if not self.env.su and not self.env.user.has_group(
            "postsale_contracts.group_postsale_user"
        ):
            raise AccessError(
                self.env._(
                    "Only people with the right “Post-Sale: User” bill service "
                    "activities. Ask your administrator."
                )
            )
        self.check_access("write")

    def action_create_order(self):
        """One order for each of these tickets, one line for each billable activity.

        Pressed twice, or by two people at once, it bills nothing twice.

        :return: the message that says what was made
        :raises UserError: nothing to bill, with the reasons
        """
        self._check_may_bill()
        result = self.env["postsale.activity.biller"]._bill(self)
        if not result.orders:
            raise UserError(self._describe_nothing_to_bill(result))
        orders = self.env["sale.order"].union(*result.orders.values())
        notice = self.env["postsale.order.maker"]._get_notice(orders)
        if result.failures:
            notice["params"]["type"] = "warning"
            notice["params"]["message"] += "\n" + self._describe_failures(result)
        return notice

    @api.model
    def _describe_failures(self, result):
        return "\n".join(
            self.env._(
                "“%(ticket)s”: %(reason)s", ticket=ticket.display_name, reason=reason
            )
            for ticket, reason in result.failures.items()
        )

    def _describe_nothing_to_bill(self, result):
        """Why there is no order, activity by activity as far as a message goes."""
        if result.failures:
            return self._describe_failures(result)
        activities = self.sudo().intervention_ids
        labels = dict(activities._fields["decision"]._description_selection(self.env))
        reasons = [
            self.env._(
                "“%(activity)s”: %(reason)s",
                activity=activity.name,
                reason=labels[activity.decision],
            )
            for activity in activities[:10]
        ]
        return "\n".join(
            [
                self.env._(
                    "Nothing to bill: it takes an activity at a closed stage, under a "
                    "condition that is billed."
                ),
                *reasons,
            ]
        )

    def action_bill_activities(self):
        """Show what would be billed of these tickets, and what not, and why."""
        self._check_may_bill()
        return self.env["postsale.activity.billing"]._open(self)

    def action_view_activity_orders(self):
        """The orders that bill activities of the ticket.

        :raises AccessError: for whom has no right in *Sales*
        """
        self.env["sale.order"].check_access("write")
        orders = self._get_activity_orders()
        return self.env["postsale.order.maker"]._get_open_action(orders)

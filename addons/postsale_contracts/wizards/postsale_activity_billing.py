import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.recurring_billing.row_lock import wait_for_others

_logger = logging.getLogger(__name__)

#: Tickets billed while the user waits; more go on in the background.
AT_ONCE = 20
#: Tickets billed in one transaction.
BATCH = 100
#: Whoever has one of these may send orders.
SENDER_GROUPS = ("recurring_billing.group_billing", "sales_team.group_sale_salesman")


class PostsaleActivityBilling(models.TransientModel):
    """What would be billed of these tickets, and what not, and why; then does it.

    What is listed is a preview: the billing itself decides anew, with the same code.
    """

    _name = "postsale.activity.billing"
    _description = "Bill Activities"
    #: A big billing goes on in the background, and is looked at afterwards.
    _transient_max_hours = 48.0

    state = fields.Selection(
        selection=[("draft", "Preview"), ("running", "Running"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    is_sent = fields.Boolean(string="Sent to the Customers", readonly=True)
    ticket_ids = fields.One2many(
        comodel_name="postsale.activity.billing.ticket",
        inverse_name="billing_id",
        string="Tickets",
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="postsale.activity.billing.line",
        inverse_name="billing_id",
        string="Service Activities",
        readonly=True,
    )
    billable_count = fields.Integer(string="Tickets to Bill", readonly=True)
    other_count = fields.Integer(string="Activities Not Billed", readonly=True)
    progress = fields.Float(compute="_compute_progress", help="Percent.")
    can_send = fields.Boolean(compute="_compute_can_send")

    @api.depends("ticket_ids.state")
    def _compute_progress(self):
        for billing in self:
            asked = billing.ticket_ids.filtered(lambda row: row.state != "nothing")
            settled = asked.filtered(lambda row: row.state != "waiting")
            billing.progress = 100.0 * len(settled) / len(asked) if asked else 100.0

    def _compute_can_send(self):
        can_send = self._may_send()
        for billing in self:
            billing.can_send = can_send

    @api.model
    def _may_send(self):
        return any(self.env.user.has_group(group) for group in SENDER_GROUPS)

    # === PREVIEW === #

    @api.model
    def _open(self, tickets):
        """The preview for these tickets; the caller has checked the rights.

        :raises UserError: not one of the tasks is a ticket
        """
        tickets = tickets.filtered("is_ticket")
        if not tickets:
            raise UserError(
                self.env._(
                    "Choose tickets: tasks of a project that is marked as Post-Sale."
                )
            )
        billing = self.sudo().create({})
        billing._fill(tickets, self.env["postsale.activity.biller"])
        return billing._reopen()

    def _fill(self, tickets, biller):
        activities = biller._get_activities(tickets)
        plans = biller.sudo()._plan(activities)
        amounts = biller.sudo()._estimate(plans)
        by_ticket = activities.grouped("task_id")
        rows = self.env["postsale.activity.billing.ticket"].create(
            [
                {
                    "billing_id": self.id,
                    "task_id": ticket.id,
                    **self._sum_up(by_ticket.get(ticket, ()), plans, amounts),
                }
                for ticket in tickets
            ]
        )
        self.env["postsale.activity.billing.line"].create(
            [
                {
                    "billing_id": self.id,
                    "activity_id": activity.id,
                    "decision": plan.decision,
                    "amount": amounts[activity],
                }
                for activity, plan in plans.items()
            ]
        )
        billable = sum(plan.decision == "billable" for plan in plans.values())
        self.write(
            {
                "billable_count": len(rows.filtered(lambda r: r.state == "waiting")),
                "other_count": len(plans) - billable,
            }
        )

    @api.model
    def _sum_up(self, activities, plans, amounts):
        billable = [a for a in activities if plans[a].decision == "billable"]
        return {
            "activity_count": len(activities),
            "billable_count": len(billable),
            "amount": sum(amounts[a] for a in billable),
            "state": "waiting" if billable else "nothing",
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bill Activities"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_refresh(self):
        """Look how far a billing in the background has come."""
        self.check_access("read")
        return self._reopen()

    # === BILL === #

    def action_bill(self):
        """Make the orders: a few at once, many in the background."""
        return self._start(send=False)

    def action_bill_and_send(self):
        """The same, and send each order to its customer."""
        if not self._may_send():
            raise AccessError(
                self.env._(
                    "Only people who work with orders or with recurring billing send "
                    "them. Press “Bill”, and ask somebody to send the orders."
                )
            )
        return self._start(send=True)

    def _start(self, send):
        self.ensure_one()
        tickets = self.ticket_ids.task_id
        tickets._check_may_bill()
        billing = self.sudo()
        wait_for_others(billing)
        if billing.state != "draft":
            return self._reopen()
        if not self.billable_count:
            raise UserError(self.env._("Nothing to bill here: the list says why."))
        billing.write({"state": "running", "is_sent": send})
        if self.billable_count > AT_ONCE:
            self.env.ref("postsale_contracts.ir_cron_bill_activities")._trigger()
            return self._reopen()
        billing._run_batch()
        return self._get_result_action()

    def _get_result_action(self):
        """The message after a billing; the list, if something did not work."""
        orders = self.sudo().ticket_ids.order_id.sudo(False)
        if not orders or self.ticket_ids.filtered(lambda row: row.state == "failed"):
            return self._reopen()
        return self.env["postsale.order.maker"]._get_notice(
            orders,
            {"type": "ir.actions.act_window_close"},
        )

    def _get_waiting(self):
        return self.ticket_ids.filtered(lambda row: row.state == "waiting")

    def _run_batch(self):
        """Bill the next tickets, in the name of who asked.

        :return: how many are settled, one way or the other
        """
        rows = self._get_waiting()[:BATCH]
        user = self.user_id
        tickets = (
            rows.task_id.sudo(False)
            .with_user(user)
            .with_context(
                allowed_company_ids=(user.company_id | user.company_ids).ids,
                lang=user.lang,
                tz=user.tz,
            )
        )
        tickets._check_may_bill()
        result = tickets.env["postsale.activity.biller"]._bill(tickets)
        rows._note(result)
        if self.is_sent:
            self._send(tickets.env, result.orders.values())
        if not self._get_waiting():
            self.state = "done"
        return len(rows)

    @api.model
    def _send(self, env, orders):
        """Queue one mail for each order; Deliveries tell who has no address."""
        env["document.delivery"]._create_for_documents(
            [(order.sudo(), order.sudo().partner_id, {}) for order in orders]
        )

    # === IN THE BACKGROUND === #

    @api.model
    def _cron_bill(self):
        """Scheduled action: go on with what people have started."""
        cron = self.env["ir.cron"]
        running = self.search([("state", "=", "running")], order="id")
        cron._commit_progress(remaining=len(running._get_waiting()))
        for billing in running:
            while billing.state == "running":
                done = billing._run_batch_or_give_up()
                if not cron._commit_progress(done) or not done:
                    return

    def _run_batch_or_give_up(self):
        """:return: how many tickets are settled; 0: somebody else works on them, the
        batch is taken again later"""
        try:
            with self.env.cr.savepoint():
                return self._run_batch()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            self.env.ref("postsale_contracts.ir_cron_bill_activities")._trigger()
            return 0
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("%s stopped", self)
            self.env.invalidate_all(flush=False)
            rows = self._get_waiting()
            text = self.env["postsale.activity.biller"]._describe_error(self, error)
            rows.write({"state": "failed", "reason": text})
            self.state = "done"
            return len(rows)

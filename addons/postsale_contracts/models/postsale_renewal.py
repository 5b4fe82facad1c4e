from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.crm_sla.context_defaults import without_defaults

#: What a person may enter on a renewal; all else follows from the contract.
ENTERED = {"cost", "sale_order_id"}
#: What is told in the chatter and planned: no business of the renewal itself.
SOCIAL = ("message_", "activity_", "website_message_")


class PostsaleRenewal(models.Model):
    """A further term of a contract. The database takes each term once.

    ``postsale.contract.action_renew`` and the scheduled action make renewals; the last
    one can be cancelled. Amounts are untaxed, in the currency of the contract.
    """

    _name = "postsale.renewal"
    _description = "Renewal of a Contract"
    _inherit = ["postsale.order.link.mixin", "ledger.guard.mixin", "mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    _order_case = "renewal"
    _guards = ("postsale_renewal_term_uniq", "postsale_renewal_terms_apart")

    contract_id = fields.Many2one(
        comodel_name="postsale.contract",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id",
        string="Customer",
        store=True,
        index=True,
        precompute=True,
    )
    user_id = fields.Many2one(related="contract_id.user_id", string="Responsible")
    currency_id = fields.Many2one(
        related="contract_id.currency_id", store=True, precompute=True
    )
    date_start = fields.Date(string="Start", required=True, readonly=True)
    date_end = fields.Date(
        string="End", required=True, readonly=True, help="Last day of the term."
    )
    months = fields.Integer(
        required=True, readonly=True, help="Length of the term, in months."
    )
    cost = fields.Monetary(
        tracking=True, help="Of the whole term, without taxes. Zero: the list price."
    )
    is_automatic = fields.Boolean(
        string="Renewed Automatically", readonly=True, copy=False
    )
    state = fields.Selection(
        selection=[("confirmed", "Confirmed"), ("cancelled", "Cancelled")],
        default="confirmed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    # The order of a renewal is known by the internal number.
    sale_order_id = fields.Many2one(string="Internal No.")
    billing_task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Periodic Billing",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The recurring task of the contract bills this term, too.",
    )
    notice_id = fields.Many2one(
        comodel_name="postsale.renewal.notice",
        string="Notice to the Customer",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="What the customer was told before the contract went on.",
    )
    notice_state = fields.Selection(
        related="notice_id.mail_delivery_state", string="Customer Told"
    )
    notice_accepted_date = fields.Datetime(
        related="notice_id.accepted_date", string="Customer Told On"
    )

    _term_uniq = models.UniqueIndex(
        "(contract_id, date_start) WHERE state != 'cancelled'",
        "The contract is renewed for this term already.",
    )
    _terms_apart = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(contract_id, contract_id, '[]') WITH &&, "
        "daterange(date_start, date_end, '[]') WITH &&"
        ") WHERE (state != 'cancelled')",
        "The contract is renewed for some of these days already.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_start <= date_end)", "A term ends after it starts."
    )
    _months_positive = models.Constraint(
        "CHECK (months > 0)", "A contract is renewed for one month or more."
    )
    _billed_in_one_way = models.Constraint(
        "CHECK (sale_order_id IS NULL OR billing_task_id IS NULL)",
        "A term is billed by an order or by periodic billing, not by both.",
    )

    @api.depends("contract_id.name", "date_start", "date_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for renewal in self:
            renewal.display_name = self.env._(
                "%(contract)s: %(start)s – %(end)s",
                contract=renewal.contract_id.name,
                start=format_date(self.env, renewal.date_start),
                end=format_date(self.env, renewal.date_end),
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("A renewal is made with “Renew” on its contract.")
            )
        # Nor may a default of the context set anything.
        renewals = without_defaults(self, lambda name: name not in ENTERED)
        for vals in vals_list:
            if "months" not in vals:
                contract = self.env["postsale.contract"].browse(vals["contract_id"])
                vals["months"] = contract.renewal_months
        return super(PostsaleRenewal, renewals).create(vals_list)

    def write(self, vals):
        own = {name for name in vals if not name.startswith(SOCIAL)}
        if not self.env.su and own - ENTERED:
            raise AccessError(
                self.env._(
                    "Terms and states of renewals follow from the buttons. You can "
                    "change the cost and the order."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _refuse_history(self):
        for renewal in self:
            raise UserError(
                self.env._(
                    "%s is part of the contract's history: cancel it instead.",
                    renewal.display_name,
                )
            )

    @api.model
    def _get_missing_guards_message(self, names):
        return self.env._(
            "Contracts are not renewed: the database lacks %s, which keeps terms from "
            "being renewed twice. Update the app; if that does not help, ask your "
            "administrator to read the server's log.",
            names,
        )

    # === STATE === #

    def _update_state(self, allowed, target):
        """The one door of the state.

        :raises UserError: from another state, with the name of the renewal
        """
        self._check_state(allowed)
        self.sudo().write({"state": target})
        self.flush_recordset(["state"])  # its term is free for the next INSERT

    def _check_state(self, allowed):
        states = dict(self._fields["state"]._description_selection(self.env))
        for renewal in self:
            if renewal.state not in allowed:
                raise UserError(
                    self.env._(
                        "%(renewal)s is “%(state)s”: this cannot be done now.",
                        renewal=renewal.display_name,
                        state=states[renewal.state],
                    )
                )

    def action_cancel(self):
        """Take the last renewal back: its term is free again, the contract ends as
        before.

        :raises AccessError: without the right to renew
        :raises UserError: it is not the last one, or its order is confirmed
        """
        self._check_order_rights()
        self.contract_id.check_access("write")
        self.contract_id._wait_for_other_renewals()
        for renewal in self.sorted("date_start", reverse=True):
            renewal._check_cancellable()
            renewal._update_state(("confirmed",), "cancelled")
            renewal._tell_order_of_cancellation()
            renewal.contract_id._go_back_before(renewal)
        return True

    def _check_cancellable(self):
        order = self.sudo().sale_order_id
        later = self.contract_id._get_standing_renewals().filtered(
            lambda other: other.date_start > self.date_start
        )
        if later:
            raise UserError(
                self.env._(
                    "%(renewal)s is followed by %(later)s: cancel that first.",
                    renewal=self.display_name,
                    later=later[:1].display_name,
                )
            )
        if order.state == "sale":
            raise UserError(
                self.env._(
                    "%(renewal)s has the confirmed order %(order)s: cancel the order "
                    "first.",
                    renewal=self.display_name,
                    order=order.name,
                )
            )

    def _tell_order_of_cancellation(self):
        """Whoever looks after the quotation learns of it there."""
        order = self.sudo().sale_order_id
        if order:
            order._message_log(
                body=self.env._(
                    "The renewal for which this was made is cancelled: %s",
                    self.display_name,
                )
            )

    # === ORDER === #

    def action_new_order(self):
        action = super().action_new_order()
        self._note_list_prices()
        return action

    def _create_orders(self):
        """Their orders, made without a person; who calls has checked the rights."""
        maker = self.env["postsale.order.maker"]
        orders = maker._create_orders(self._prepare_order_requests())
        for renewal, order in zip(self, orders, strict=True):
            renewal.sale_order_id = order
        self._note_list_prices()

    def _note_list_prices(self):
        """What a renewal at list price came to is its cost: the next one may follow
        it."""
        for renewal in self.sudo().filtered(lambda row: not row.cost):
            order = renewal.sale_order_id
            renewal.cost = order.currency_id._convert(
                order.amount_untaxed,
                renewal.currency_id,
                renewal.company_id,
                order.date_order.date(),
            )

    def _check_new_order(self):
        self._check_state(("confirmed",))
        if self.billing_task_id:
            raise UserError(
                self.env._(
                    "“%(renewal)s” is billed periodically by “%(task)s”: an order "
                    "would bill the same term again.",
                    renewal=self.display_name,
                    task=self.sudo().billing_task_id.display_name,
                )
            )
        return super()._check_new_order()

    def _prepare_order_request(self, settings):
        request = super()._prepare_order_request(settings)
        return replace(request, assets=self.sudo().contract_id.asset_ids)

    def _get_order_product(self, settings):
        return self.contract_id.product_id or super()._get_order_product(settings)

    def _get_order_cost(self):
        """None: what the order's pricelist gives that customer that day."""
        return self.cost if self.cost > 0 else None

    def _describe_term(self):
        return self.display_name

    def action_view_notice(self):
        self.check_access("read")
        return self.notice_id._get_records_action()

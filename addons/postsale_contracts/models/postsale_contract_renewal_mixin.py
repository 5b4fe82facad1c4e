from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, plaintext2html

from odoo.addons.crm_sla.context_defaults import without_defaults
from odoo.addons.recurring_billing.rehearsal import get_now
from odoo.addons.recurring_billing.row_lock import wait_for_others

from ..contract_term import ONE_DAY, Renewals, get_decide_before

ACTIVITY_TYPE = "postsale_contracts.mail_activity_type_renewal"
#: Contracts that run, and may be renewed.
RUNNING = ("active", "to_renew")
RENEWABLE = (*RUNNING, "expired")
#: Written by the buttons and the scheduled action alone.
PROTECTED = {"notice_given_date", "renewal_problem", "renewal_retry_date"}


class PostsaleContractRenewalMixin(models.AbstractModel):
    """A contract that goes on term by term: when it is decided, at what price, and what
    the customer was told."""

    _name = "postsale.contract.renewal.mixin"
    _description = "Contract That Is Renewed"

    currency_id = fields.Many2one("res.currency")
    decide_before = fields.Date(
        compute="_compute_decide_before",
        store=True,
        index=True,
        help="The last day on which notice can be given for the current term.",
    )
    notice_given_date = fields.Date(
        string="Notice Given On",
        readonly=True,
        copy=False,
        tracking=True,
        help="The contract ends with its current term.",
    )
    renewal_customer_notice_days = fields.Integer(
        groups="base.group_user",
        string="Tell the Customer (Days Before)",
        default=lambda self: self._get_default_customer_notice_days(),
        help="Before a contract renews automatically its customer is told, as many "
        "days before his notice is due. 0: he is not told.",
    )
    customer_notice_date = fields.Date(
        groups="base.group_user",
        compute="_compute_decide_before",
        string="Customer Told From",
        store=True,
        help="Day from which the customer is told that the contract renews.",
    )
    renewal_notice_ids = fields.One2many(
        groups="base.group_user",
        comodel_name="postsale.renewal.notice",
        inverse_name="contract_id",
        string="Notices to the Customer",
    )
    next_cost = fields.Monetary(
        groups="base.group_user",
        compute="_compute_next_cost",
        help="Of the next term, without taxes, by the rule in the settings. Empty: the "
        "list price.",
    )
    renewal_problem = fields.Text(
        groups="base.group_user",
        readonly=True,
        copy=False,
        help="Why the contract was not renewed automatically. Tried again every day.",
    )
    renewal_retry_date = fields.Date(
        groups="base.group_user", readonly=True, copy=False
    )

    _customer_notice_sensible = models.Constraint(
        "CHECK (renewal_customer_notice_days BETWEEN 0 AND 3650)",
        "A customer is told between 0 and 3650 days before.",
    )
    _terms_sensible = models.Constraint(
        "CHECK (renewal_months <= 1200 AND notice_days <= 3650)",
        "A term has at most 1200 months, a notice period at most 3650 days.",
    )

    @api.model
    def _get_default_customer_notice_days(self):
        config = self.env["postsale.config"]._get_for_company(self.env.company)
        return config.renewal_customer_notice_days

    @api.depends("date_end", "notice_days", "renewal_customer_notice_days")
    def _compute_decide_before(self):
        for contract in self:
            last_day = contract.date_end and get_decide_before(
                contract.date_end, contract.notice_days
            )
            days = contract.renewal_customer_notice_days
            contract.decide_before = last_day
            contract.customer_notice_date = (
                get_decide_before(last_day, days) if last_day and days else False
            )

    @api.depends("last_renewal_cost", "customer_cost")
    def _compute_next_cost(self):
        costs = self._get_next_costs()
        for contract in self:
            contract.next_cost = costs[contract]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(PROTECTED & vals.keys() for vals in vals_list):
            self._refuse_protected()
        # Nor may a default of the context set them.
        contracts = without_defaults(self, PROTECTED.__contains__)
        return super(PostsaleContractRenewalMixin, contracts).create(vals_list)

    def write(self, vals):
        if not self.env.su and PROTECTED & vals.keys():
            self._refuse_protected()
        return super().write(vals)

    def _refuse_protected(self):
        raise AccessError(
            self.env._("Use the buttons “Notice Given” and “Renew” on the contract.")
        )

    # === BUTTONS === #

    def action_renew(self):
        """Renew for the next term, and open what was made.

        :return: action with the ``postsale.renewal``
        :raises AccessError: without the right to keep contracts
        :raises UserError: one does not run, or is renewed ahead already
        """
        self._check_order_rights()
        self._wait_for_other_renewals()
        self._check_renewable()
        renewals = self._renew().with_env(self.env)
        if len(renewals) == 1:
            return renewals._get_records_action()
        return renewals._get_records_action(
            name=self.env._("Renewals"), views=[(False, "list"), (False, "form")]
        )

    def action_give_notice(self):
        """The customer, or we, will not go on: the contract ends with its term."""
        self._check_order_rights()
        self._check_state(RUNNING)
        today = self._get_today()
        self.sudo().write({"notice_given_date": today})
        self.sudo().activity_unlink([ACTIVITY_TYPE])
        for contract in self.filtered(lambda c: c.decide_before < today):
            contract.message_post(
                body=self.env._(
                    "The notice came after %s, the last day for it.",
                    format_date(self.env, contract.decide_before),
                )
            )
        return True

    def action_withdraw_notice(self):
        """It goes on after all: renewing is to be decided again."""
        self._check_order_rights()
        self._check_state(RUNNING)
        self.sudo().write({"notice_given_date": False})
        return True

    def _check_state(self, allowed):
        states = dict(self._fields["state"]._description_selection(self.env))
        for contract in self:
            if contract.state not in allowed:
                raise UserError(
                    self.env._(
                        "%(contract)s is “%(state)s”: this cannot be done now.",
                        contract=contract.display_name,
                        state=states[contract.state],
                    )
                )

    def _check_renewable(self):
        """A contract is renewed one term ahead, so that a second click does nothing."""
        self._check_state(RENEWABLE)
        today = self._get_today()
        for contract in self:
            last = contract._get_standing_renewals()[:1]
            if last.date_start and last.date_start > today:
                raise UserError(
                    self.env._(
                        "%(contract)s is renewed until %(end)s already. The term after "
                        "that can be added from %(start)s on.",
                        contract=contract.display_name,
                        end=format_date(self.env, last.date_end),
                        start=format_date(self.env, last.date_start),
                    )
                )

    def _wait_for_other_renewals(self):
        """Whoever pressed a moment earlier goes first; then look again."""
        self.flush_recordset()
        wait_for_others(self)
        self.invalidate_recordset()

    @api.model
    def _get_today(self):
        """Today where the company is; the engine acts for one company at a time."""
        company = self.company_id[:1] or self.env.company
        return company._get_local_date(get_now(self.env))

    # === RENEWING === #

    def _renew(self, is_automatic=False):
        """The next term of each contract; whoever calls has checked the rights.

        :return: ``postsale.renewal`` of all contracts, in their order
        """
        contracts = self.sudo()
        costs = contracts._get_next_costs()
        renewals = contracts.env["postsale.renewal"].create(
            [
                {**contract._prepare_renewal(costs), "is_automatic": is_automatic}
                for contract in contracts
            ]
        )
        contracts.filtered(lambda c: c.state != "active")._update_state(
            ("to_renew", "expired"), "active"
        )
        for contract, renewal in zip(contracts, renewals, strict=True):
            contract.date_end = renewal.date_end
        contracts.write(dict.fromkeys(PROTECTED, False))
        contracts.activity_unlink([ACTIVITY_TYPE])
        return renewals

    def _prepare_renewal(self, costs):
        self.ensure_one()
        term = self._get_renewals().get_next()
        return {
            "contract_id": self.id,
            "date_start": term.start,
            "date_end": term.end,
            "months": self.renewal_months,
            "cost": costs[self],
            "billing_task_id": self.billing_task_id.id,
            "notice_id": self._get_notice(term.start).id,
        }

    def _get_standing_renewals(self):
        """Those that were not cancelled, the latest first."""
        standing = self.renewal_ids.filtered(lambda row: row.state != "cancelled")
        return standing.sorted("date_start", reverse=True)

    def _get_renewals(self):
        """How the contract goes on.

        :rtype: Renewals
        """
        self.ensure_one()
        standing = self._get_standing_renewals()
        return Renewals(
            anchor=standing[-1:].date_start or self.date_end + ONE_DAY,
            months_before=sum(standing.mapped("months")),
            months=self.renewal_months,
        )

    def _get_next_costs(self):
        """Untaxed cost of the next term of each contract; 0 for the list price.

        The last renewal's cost, else the contract's; or always the list price: a rule
        of the company.

        :rtype: dict
        """
        costs = dict.fromkeys(self, 0.0)
        for company, contracts in self.grouped("company_id").items():
            settings = self.env["postsale.config"]._get_renewal_settings(company)
            if settings.price == "last_cost":
                for contract in contracts:
                    costs[contract] = (
                        contract.last_renewal_cost or contract.customer_cost
                    )
        return costs

    def _get_notice(self, start):
        """What the customer was told about the term that begins on this day."""
        self.ensure_one()
        return self.renewal_notice_ids.filtered(
            lambda notice: notice.date_start == start and not notice.is_void
        )[:1]

    def _go_back_before(self, renewal):
        """A renewal was cancelled: the contract ends where it ended without it.

        What a person cancelled does not come back by itself.
        """
        contract = self.sudo()
        contract.date_end = renewal.date_start - ONE_DAY
        if contract.auto_renew:
            contract.notice_given_date = contract._get_today()
        if contract.state == "active" and contract._is_to_decide():
            contract._update_state(("active",), "to_renew")

    def _is_to_decide(self):
        config = self.env["postsale.config"]
        days = config._get_renewal_settings(self.company_id).lead_days
        return self.decide_before - timedelta(days=days) <= self._get_today()

    # === TELLING THE RESPONSIBLE === #

    def _get_renewal_addressee(self):
        """The responsible, if an activity on this contract is any use to him."""
        self.ensure_one()
        user = self.user_id
        is_fit = (
            user.active
            and user.has_group("postsale_contracts.group_postsale_technician")
            and self.company_id in user.company_ids
        )
        return user if is_fit else user.browse()

    def _tell_responsible(self, texts):
        """An activity for the responsible of each contract; without one, a note.

        :param dict texts: summary and text by contract
        """
        if not texts:
            return
        contracts = self.browse().union(*texts)
        users = {contract: contract._get_renewal_addressee() for contract in contracts}
        kind = self.env.ref(ACTIVITY_TYPE)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    **contract._prepare_renewal_activity(*texts[contract]),
                    "activity_type_id": kind.id,
                    "user_id": users[contract].id,
                }
                for contract in contracts
                if users[contract]
            ]
        )
        alone = contracts.filtered(lambda contract: not users[contract])
        alone._message_log_batch(
            {contract.id: ": ".join(texts[contract]) for contract in alone}
        )

    def _prepare_renewal_activity(self, summary, text):
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "date_deadline": self._get_today(),
            "summary": summary,
            "note": plaintext2html(text),
            "automated": True,
        }

from odoo import api, fields, models
from odoo.tools import format_date

from .postsale_contract_renewal_mixin import RUNNING

#: Mails that did not reach the customer.
UNDELIVERED = ("refused", "no_address", "blocked", "unknown")


class PostsaleRenewalNotice(models.Model):
    """What a customer was told before his contract went on by itself: the document that
    is mailed, and the proof of it. The database takes a contract and term once.

    The figures are those of the day on which it was made. Amounts are untaxed.
    """

    _name = "postsale.renewal.notice"
    _description = "Notice of a Renewal"
    _inherit = [
        "engine.rows.mixin",
        "ledger.guard.mixin",
        "mail.thread",
        "document.delivery.mixin",
    ]
    _order = "date_start desc, id desc"

    _guards = ("postsale_renewal_notice_once",)

    contract_id = fields.Many2one(
        comodel_name="postsale.contract",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True, help="Day on which it was made.")
    date_start = fields.Date(string="Next Term From", required=True, readonly=True)
    date_end = fields.Date(string="Next Term Until", required=True, readonly=True)
    decide_before = fields.Date(
        required=True,
        readonly=True,
        help="The last day on which the customer could give notice.",
    )
    cost = fields.Monetary(
        readonly=True, help="Of the next term, without taxes. Empty: the list price."
    )
    is_void = fields.Boolean(
        string="Called Back",
        readonly=True,
        help="It never left, since it was not true.",
    )
    accepted_date = fields.Datetime(
        string="Accepted On",
        compute="_compute_accepted_date",
        help="When the mail server took it.",
    )

    _once = models.UniqueIndex(
        "(contract_id, date_start) WHERE is_void IS NOT TRUE",
        "The customer was told of this term already.",
    )

    @api.depends("contract_id.name", "date_start")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = self.env._(
                "%(contract)s: renewal on %(start)s",
                contract=notice.contract_id.name,
                start=format_date(self.env, notice.date_start),
            )

    # === CRUD === #

    @api.model
    def _get_engine_message(self):
        return self.env._("What customers were told is a proof: nobody changes it.")

    @api.model
    def _get_missing_guards_message(self, names):
        return self.env._(
            "Customers are not told of renewals: the database lacks %s, which keeps "
            "them from being told twice. Update the app; if that does not help, ask "
            "your administrator to read the server's log.",
            names,
        )

    # === DELIVERY === #

    @api.model
    def _can_see_deliveries(self):
        """Whoever may read the notice may know what became of it."""
        return True

    def _get_deliveries(self):
        return super(PostsaleRenewalNotice, self.sudo())._get_deliveries()

    def _search_mail_delivery_state(self, operator, value):
        return super(PostsaleRenewalNotice, self.sudo())._search_mail_delivery_state(
            operator, value
        )

    def _compute_accepted_date(self):
        sent = self._get_deliveries().filtered(lambda row: row.state == "sent")
        by_notice = sent.grouped("res_id")
        for notice in self:
            rows = by_notice.get(notice._origin.id, sent.browse())
            notice.accepted_date = min(rows.mapped("sent_date"), default=False)

    def _is_delivered_by(self, day):
        """Whether the mail server had taken it on this day, where the company is."""
        self.ensure_one()
        accepted = self.accepted_date
        return bool(accepted) and self.company_id._get_local_date(accepted) <= day

    # === TELLING === #

    @api.model
    def _create_for_contracts(self, contracts):
        """Tell the customers of these contracts, in the transaction of the caller; the
        mails are made and sent afterwards."""
        today = contracts._get_today()
        costs = contracts._get_next_costs()
        notices = self.create(
            [
                self._prepare_notice(contract, costs[contract], today)
                for contract in contracts
            ]
        )
        deliveries = self.env["document.delivery"]._create_for_documents(
            [(notice, notice.partner_id, {}) for notice in notices]
        )
        stuck = deliveries.filtered(lambda row: row.state == "no_address")
        self.env["document.sender.renewal"]._note_state(stuck, "no_address")
        return notices

    @api.model
    def _prepare_notice(self, contract, cost, today):
        term = contract._get_renewals().get_next()
        return {
            "contract_id": contract.id,
            "company_id": contract.company_id.id,
            "partner_id": contract.partner_id.id,
            "currency_id": contract.currency_id.id,
            "date": today,
            "date_start": term.start,
            "date_end": term.end,
            "decide_before": contract.decide_before,
            "cost": cost,
        }

    def _is_true(self):
        """Whether the contract still goes on as the notice says."""
        self.ensure_one()
        contract = self.sudo().contract_id
        return (
            contract.state in RUNNING
            and contract.auto_renew
            and not contract.notice_given_date
            and contract._get_renewals().get_next().start == self.date_start
        )

    def _note_delivery(self, delivery):
        """The responsible should know that the customer does not."""
        state = dict(delivery._fields["state"]._description_selection(self.env))
        self.contract_id._tell_responsible(
            {
                notice.contract_id: (
                    self.env._("The customer was not told of the renewal"),
                    f"{state[delivery.state]}: {delivery.reason or ''}",
                )
                for notice in self
            }
        )

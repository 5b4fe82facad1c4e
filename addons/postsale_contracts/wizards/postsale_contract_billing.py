from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.recurring_billing.models.recurring_schedule_mixin import CYCLES


class PostsaleContractBilling(models.TransientModel):
    """Asks how a contract is billed period by period."""

    _name = "postsale.contract.billing"
    _description = "Bill a Contract Periodically"

    contract_id = fields.Many2one(
        comodel_name="postsale.contract", required=True, readonly=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    cycle = fields.Selection(
        selection=lambda self: self._get_cycles(), required=True, default="monthly"
    )
    date_first = fields.Date(
        string="First Period From",
        compute="_compute_date_first",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Each further period begins on the same day.",
    )
    price = fields.Monetary(
        string="Price per Period",
        compute="_compute_price",
        store=True,
        readonly=False,
        precompute=True,
        help="Without taxes. Proposed: the cost to the customer of a term, spread over "
        "its periods.",
    )
    completion = fields.Selection(
        selection=lambda self: self._get_completions(),
        string="Each Period",
        required=True,
        default=lambda self: self.env["recurring.task"].default_get(["completion"])[
            "completion"
        ],
    )
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def _get_cycles(self):
        task = self.env["recurring.task"]
        labels = task._fields["cycle"]._description_selection(self.env)
        return [(key, label) for key, label in labels if key in CYCLES]

    @api.model
    def _get_completions(self):
        task = self.env["recurring.task"]
        return task._fields["completion"]._description_selection(self.env)

    @api.depends("contract_id")
    def _compute_date_first(self):
        for dialogue in self:
            dialogue.date_first = dialogue.contract_id._get_term_start()

    @api.depends("contract_id", "cycle", "date_first")
    def _compute_price(self):
        for dialogue in self:
            dialogue.price = dialogue._get_starts() and (
                dialogue.contract_id._get_period_cost(
                    dialogue.cycle, dialogue.date_first
                )
            )

    @api.depends("contract_id", "cycle", "date_first", "price")
    def _compute_summary(self):
        for dialogue in self:
            dialogue.summary = dialogue._get_starts() and (
                dialogue.contract_id._describe_billing(
                    dialogue.cycle, dialogue.date_first, dialogue.price
                )
            )

    def _get_starts(self):
        self.ensure_one()
        if not (self.contract_id and self.cycle and self.date_first):
            return []
        return self.contract_id._get_billing_starts(self.cycle, self.date_first)

    def action_confirm(self):
        """Make the recurring task and start it.

        :raises UserError: nothing to bill, or the contract is billed already
        """
        self.ensure_one()
        contract = self.contract_id
        contract._check_billing_rights()
        if self.currency_id.compare_amounts(self.price, 0) <= 0:
            raise UserError(self.env._("Enter the price of a period, without taxes."))
        if self.date_first < contract.date_start or not self._get_starts():
            raise UserError(
                self.env._(
                    "The first period begins between the start and the end of %s.",
                    contract.display_name,
                )
            )
        contract._create_billing_task(
            self.cycle, self.date_first, self.price, self.completion
        )
        return {"type": "ir.actions.act_window_close"}

from itertools import takewhile

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: Written by the dialogue of the contract only.
PROTECTED = ("postsale_contract_id", "postsale_period_cost")


class RecurringTaskContractMixin(models.AbstractModel):
    """The contract that a task bills. The database allows one task for a contract."""

    _name = "recurring.task.contract.mixin"
    _description = "Task that bills a post-sale contract"

    postsale_contract_id = fields.Many2one(
        comodel_name="postsale.contract",
        string="Bills the Contract",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        help="Its last date follows the end of the contract; the cancellation of the "
        "contract stops it.",
    )

    postsale_period_cost = fields.Float(
        string="Contract Cost per Period",
        readonly=True,
        copy=False,
        help="What a period of the contract cost when the prices of the lines were "
        "set. A renewal at another cost changes them in proportion, from its first "
        "day on.",
    )

    _postsale_contract_uniq = models.UniqueIndex(
        "(postsale_contract_id) WHERE postsale_contract_id IS NOT NULL",
        "This contract has its periodic billing already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        # afterwards: a link may also come from a default in the context
        if not self.env.su and any(task[name] for task in tasks for name in PROTECTED):
            raise AccessError(self._get_contract_door_message())
        return tasks

    def write(self, vals):
        if not self.env.su and any(name in vals for name in PROTECTED):
            raise AccessError(self._get_contract_door_message())
        return super().write(vals)

    @api.model
    def _get_contract_door_message(self):
        return self.env._(
            "Only “Bill Periodically” on a contract links a task to the contract."
        )

    def action_view_postsale_contract(self):
        self.ensure_one()
        return self.postsale_contract_id._get_records_action()

    def _get_renewal_factor(self, day):
        """By how much a renewal changes the prices of the period that begins on
        ``day``.

        :rtype: float
        """
        self.ensure_one()
        contract = self.sudo().postsale_contract_id
        renewal = contract.renewal_ids.filtered(
            lambda r: r.state != "cancelled" and r.date_start <= day <= r.date_end
        )[:1]
        if not (renewal.cost and self.postsale_period_cost):
            return 1.0
        periods = takewhile(
            lambda period: period.start <= renewal.date_end,
            self._get_schedule().periods(renewal.date_start),
        )
        count = sum(1 for _period in periods) or 1
        return renewal.cost / count / self.postsale_period_cost

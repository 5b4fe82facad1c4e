from odoo import api, fields, models
from odoo.exceptions import AccessError


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

    _postsale_contract_uniq = models.UniqueIndex(
        "(postsale_contract_id) WHERE postsale_contract_id IS NOT NULL",
        "This contract has its periodic billing already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        # afterwards: a link may also come from a default in the context
        if not self.env.su and any(task.postsale_contract_id for task in tasks):
            raise AccessError(self._get_contract_door_message())
        return tasks

    def write(self, vals):
        if not self.env.su and "postsale_contract_id" in vals:
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

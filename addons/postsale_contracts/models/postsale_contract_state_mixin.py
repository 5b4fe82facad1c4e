from odoo import api, models
from odoo.exceptions import AccessError, UserError

#: Written by buttons and engines only.
PROTECTED = ("state", "billing_task_id")
#: What a contract that is under way keeps.
FIXED = ("partner_id", "company_id", "currency_id", "date_start")


class PostsaleContractStateMixin(models.AbstractModel):
    """The life of a contract: who may change what, when.

    The state has one door, :meth:`_update_state`.
    """

    _name = "postsale.contract.state.mixin"
    _description = "Life of a post-sale contract"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        # afterwards: these may also come from a default in the context
        if not self.env.su and any(
            contract.state != "draft" or contract.billing_task_id
            for contract in contracts
        ):
            raise AccessError(self._get_state_door_message())
        return contracts

    def write(self, vals):
        if not self.env.su:
            if any(name in vals for name in PROTECTED):
                raise AccessError(self._get_state_door_message())
            self._check_fixed(vals)
        return super().write(vals)

    @api.model
    def _get_state_door_message(self):
        return self.env._(
            "State and periodic billing of a contract change through its buttons."
        )

    def _check_fixed(self, vals):
        """Terms that customers were told, and that orders and invoices are made of.

        :raises UserError: with the way to change them nevertheless
        """
        for contract in self.filtered(lambda c: c.state != "draft"):
            changed = [name for name in FIXED if contract._is_changed(name, vals)]
            if contract._has_renewals() and contract._is_changed("date_end", vals):
                raise UserError(
                    self.env._(
                        "%s was renewed: its end is that of the last renewal. Renew "
                        "it, or cancel the last renewal.",
                        contract.display_name,
                    )
                )
            if changed:
                raise UserError(
                    self.env._(
                        "%(contract)s is no draft any more: “%(field)s” stays. To "
                        "change it, cancel the contract and set it back to draft.",
                        contract=contract.display_name,
                        field=self._fields[changed[0]]._description_string(self.env),
                    )
                )

    def _is_changed(self, name, vals):
        """Whether ``vals`` give the field another value."""
        if name not in vals:
            return False
        field = self._fields[name]
        return (
            field.convert_to_record(field.convert_to_cache(vals[name], self), self)
            != self[name]
        )

    def _has_renewals(self):
        return bool(self.sudo().renewal_ids.filtered(lambda r: r.state != "cancelled"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for contract in self.sudo():
            if (
                contract.state != "draft"
                or contract.sale_order_id
                or contract.billing_task_id
                or contract.renewal_ids
            ):
                raise UserError(
                    self.env._(
                        "%s has a history. Only drafts without order and renewals are "
                        "deleted: cancel it or archive it instead.",
                        contract.display_name,
                    )
                )

    # === STATE === #

    def _update_state(self, allowed, target):
        """The one door of the state.

        :param tuple allowed: states from which a contract may go to ``target``
        :param str target: the new state
        :return: the contracts that really changed
        :raises UserError: one is in another state
        """
        changed = self.filtered(lambda contract: contract.state in allowed)
        refused = (self - changed).filtered(lambda contract: contract.state != target)
        if refused:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(contract)s is “%(state)s”: this cannot be done now.",
                    contract=refused[0].display_name,
                    state=states[refused[0].state],
                )
            )
        changed.sudo().write({"state": target})
        return changed

    def action_activate(self):
        """The contract is agreed: it counts for tickets, renewals and billing."""
        self._check_order_rights()
        self._update_state(("draft",), "active")._start_billing()
        return True

    def action_cancel(self):
        """End the contract before its time; its periodic billing stops."""
        self._check_order_rights()
        self._update_state(("draft", "active", "to_renew"), "cancelled")._stop_billing()
        return True

    def action_draft(self):
        """Take a cancelled contract up again.

        :raises UserError: it was renewed
        """
        self._check_order_rights()
        for contract in self:
            if contract._has_renewals():
                raise UserError(
                    self.env._(
                        "%s was renewed: it cannot be a draft again. Make a new "
                        "contract.",
                        contract.display_name,
                    )
                )
        self._update_state(("cancelled",), "draft")
        return True

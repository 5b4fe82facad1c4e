from odoo import api, models


class ProjectTaskTicketSlaMixin(models.AbstractModel):
    """What was agreed comes before the general rules: the policy of the contract, else
    the customer's, else whichever ``crm.sla.policy`` is meant for the ticket."""

    _name = "project.task.ticket.sla.mixin"
    _description = "Ticket under an agreed SLA"

    @api.model
    def _get_sla_triggers(self):
        return super()._get_sla_triggers() | {"is_ticket", "ticket_contract_id"}

    def _choose_sla_policies(self, anew=False):
        chosen = super()._choose_sla_policies(anew)
        for task in self.sudo().filtered("is_ticket"):
            held = task.sla_policy_id
            if not anew and task._is_sla_settled(held):
                continue
            agreed, _source = task._get_agreed_sla(held if not anew else held.browse())
            if agreed:
                chosen[task] = agreed
        return chosen

    def _get_agreed_sla(self, held):
        """The policy of the contract, else of the customer, and whichever names it.

        :param held: the policy that may stay although it was archived meanwhile
        """
        self.ensure_one()
        company = self._get_sla_company()
        customer = self.partner_id.commercial_partner_id.with_company(company)
        for source in (self.ticket_contract_id, customer):
            policy = source.sla_policy_id
            if (policy.active or policy & held) and policy.company_id in (
                policy.company_id.browse(),
                company,
            ):
                return policy, source
        return held.browse(), customer.browse()

    def _explain_sla_choice(self):
        ticket = self.sudo()
        policy, source = ticket._get_agreed_sla(ticket.sla_policy_id)
        if not (self.is_ticket and policy and policy == ticket.sla_policy_id):
            return super()._explain_sla_choice()
        values = {"policy": policy.name, "who": source.display_name}
        if source._name == "postsale.contract":
            return self.env._("%(policy)s, as agreed in contract %(who)s.", **values)
        return self.env._("%(policy)s, as agreed with %(who)s.", **values)

from itertools import count, takewhile

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..contract_term import ONE_DAY, get_decide_before
from .postsale_contract_renewal_mixin import RUNNING


class RecurringSimulatorEvents(models.AbstractModel):
    """Contracts that would go on by themselves.

    Read from the contracts' own rules, nothing is made: a term comes about on the day
    after the last one for notice.
    """

    _inherit = "recurring.simulator.events"

    @api.model
    def _get_other_events(self, simulation, rehearsal):
        yield from super()._get_other_events(simulation, rehearsal)
        if events := self._get_renewal_events(simulation):
            yield events

    @api.model
    def _get_renewal_events(self, simulation):
        contracts = (
            self.env["postsale.contract"]
            .sudo()
            .search(
                Domain("company_id", "=", simulation.company_id.id)
                & Domain("state", "in", RUNNING)
                & Domain("auto_renew", "=", True)
                & Domain("notice_given_date", "=", False)
                & Domain("decide_before", "<", simulation.date_until)
                & self._get_contract_domain(simulation)
            )
        )
        costs = contracts._get_next_costs()
        return [
            self._describe_renewal(simulation, contract, term, day, costs[contract])
            for contract in contracts
            for term, day in self._get_renewals(simulation, contract)
        ]

    @api.model
    def _get_contract_domain(self, simulation):
        if simulation.scope == "partner":
            customer = simulation.partner_id.commercial_partner_id
            return Domain("partner_id.commercial_partner_id", "=", customer.id)
        if simulation.scope == "task":
            return Domain("billing_task_id", "=", simulation.task_id.id)
        if simulation.scope == "recipient":
            task = simulation.recipient_id.sudo().task_id
            return Domain("billing_task_id", "=", task.id)
        return Domain.TRUE

    @api.model
    def _get_renewals(self, simulation, contract):
        """Coming terms until the last day, each with the day on which it is made."""
        coming = contract._get_renewals()
        first = simulation.company_id._get_local_date(simulation.date_start)

        def get_terms():
            end = contract.date_end
            for number in count(1):
                day = get_decide_before(end, contract.notice_days) + ONE_DAY
                term = coming.get_next(number)
                yield term, max(day, first)
                end = term.end

        until = simulation.date_until
        return list(takewhile(lambda pair: pair[1] <= until, get_terms()))

    @api.model
    def _describe_renewal(self, simulation, contract, term, day, cost):
        return {
            "kind": "renewal",
            "state": "issued",
            "date": day,
            "partner_id": contract.partner_id.id,
            "task_id": contract.billing_task_id.id,
            "currency_id": contract.currency_id.id,
            "amount_untaxed": cost,
            "message": self.env._(
                "%(contract)s: renewed from %(start)s to %(end)s, unless notice is "
                "given before.",
                contract=contract.display_name,
                start=format_date(self.env, term.start),
                end=format_date(self.env, term.end),
            ),
        }

from odoo import models


class RecurringTaskSimulationMixin(models.AbstractModel):
    """The button “Simulate” on a task and on a customer of a task."""

    _name = "recurring.task.simulation.mixin"
    _description = "Button to simulate"

    def action_simulate(self):
        """Open the dialogue that asks until when; nothing is simulated yet.

        :return: action with a new ``recurring.simulation``
        """
        self.env["recurring.task"]._check_billing_rights()
        self.ensure_one()
        self.check_access("read")
        scope = {"recurring.task": "task", "recurring.task.recipient": "recipient"}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulation"),
            "res_model": "recurring.simulation",
            "view_mode": "form",
            "context": {
                "default_scope": scope[self._name],
                f"default_{scope[self._name]}_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }

from odoo import fields, models


class CrmSlaRecomputeLine(models.TransientModel):
    """A task that would change, as it is and as it would be."""

    _name = "crm.sla.recompute.line"
    _description = "Task That Changes When SLAs Are Recomputed"
    _order = "id"

    recompute_id = fields.Many2one(
        "crm.sla.recompute", required=True, ondelete="cascade", index=True
    )
    task_id = fields.Many2one("project.task", readonly=True, ondelete="cascade")
    policy_id = fields.Many2one("crm.sla.policy", readonly=True)
    new_policy_id = fields.Many2one("crm.sla.policy", readonly=True)
    deadline = fields.Datetime(readonly=True)
    new_deadline = fields.Datetime(readonly=True)
    meets_sla = fields.Selection(
        selection=lambda self: self._get_answers(), string="Meets SLA?", readonly=True
    )
    new_meets_sla = fields.Selection(
        selection=lambda self: self._get_answers(),
        string="Meets SLA Then?",
        readonly=True,
    )

    def _get_answers(self):
        return (
            self.env["project.task"]
            ._fields["meets_sla"]
            ._description_selection(self.env)
        )

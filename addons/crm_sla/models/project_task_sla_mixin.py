from odoo import fields, models


class ProjectTaskSlaMixin(models.AbstractModel):
    """Does the task meet its SLA?

    Facts are stored (policy, hours promised, start, pause, reached; the stages in
    ``crm.sla.period``); the deadline follows from them and is stored in the same
    transaction. **Meets SLA?** is worked out by whoever asks, so no job is needed.
    """

    _name = "project.task.sla.mixin"
    _description = "Task under an SLA"

    sla_policy_id = fields.Many2one(
        "crm.sla.policy",
        string="SLA Policy",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    sla_hours = fields.Float(string="SLA Hours", readonly=True, copy=False)
    sla_start = fields.Datetime(string="SLA Start", readonly=True, copy=False)
    sla_deadline = fields.Datetime(
        string="SLA Deadline", readonly=True, copy=False, index="btree_not_null"
    )
    sla_risk_date = fields.Datetime(string="At Risk From", readonly=True, copy=False)
    sla_paused_since = fields.Datetime(
        string="SLA Paused Since", readonly=True, copy=False
    )
    sla_reached_date = fields.Datetime(string="SLA Reached", readonly=True, copy=False)

from odoo import fields, models


class CrmSlaPolicy(models.Model):
    """What is promised for which tasks: so many hours until a stage, or until closing.

    Each criterion that is set must be met; one that is empty accepts everything. Of
    the policies that accept a task the one with most criteria wins, then the lowest
    sequence.
    """

    _name = "crm.sla.policy"
    _description = "SLA Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Nothing: tasks of all companies.")
    # === FOR WHICH TASKS === #
    reason_ids = fields.Many2many("crm.task.reason", string="Reasons")
    project_ids = fields.Many2many("project.project", string="Projects")
    from_stage_ids = fields.Many2many(
        "project.task.type",
        "crm_sla_policy_from_stage_rel",
        string="From Stages",
        help="The clock starts when the task first comes to one of these stages. "
        "Nothing: when it is made.",
    )
    priority = fields.Selection(
        selection=lambda self: self.env["project.task"]._fields["priority"].selection,
    )
    partner_ids = fields.Many2many("res.partner", string="Customers")
    tag_ids = fields.Many2many("project.tags", string="Tags")
    # === WHAT IS PROMISED === #
    hours = fields.Float(required=True, help="Hours of working time.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        help="Whose hours, holidays and days off count. Nothing: the company's.",
    )
    is_round_the_clock = fields.Boolean(
        string="Round the Clock",
        help="Every hour counts, also at night and on holidays.",
    )
    stage_id = fields.Many2one(
        "project.task.type",
        string="Stage to Reach",
        help="Reached when the task comes to this stage or one after it. Nothing: when "
        "the task is closed.",
    )
    pause_stage_ids = fields.Many2many(
        "project.task.type",
        "crm_sla_policy_pause_stage_rel",
        string="Stages that Stop the Clock",
        help="For example while the customer has to answer.",
    )
    # === BEFORE IT IS TOO LATE === #
    risk_percent = fields.Integer(
        string="At Risk After (%)",
        default=80,
        help="Share of the hours after which an open task is shown as being at risk.",
    )
    is_escalated = fields.Boolean(
        string="Call the Manager",
        default=True,
        help="When a task is at risk, whoever manages it gets an activity.",
    )

    _hours_are_positive = models.Constraint(
        "CHECK (hours > 0)", "Promise more than 0 hours."
    )
    _risk_is_a_share = models.Constraint(
        "CHECK (risk_percent BETWEEN 1 AND 100)",
        "At risk: give a percentage between 1 and 100.",
    )

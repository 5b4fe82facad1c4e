from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..sla_choice import Rule
from ..sla_clock import Promise
from ..working_time import NoWorkingHours, RoundTheClock


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
    # What a policy asks for cannot be deleted: without it the policy would ask for
    # nothing and be meant for every task.
    reason_ids = fields.Many2many(
        "crm.task.reason", string="Reasons", ondelete="restrict"
    )
    project_ids = fields.Many2many(
        "project.project", string="Projects", ondelete="restrict"
    )
    from_stage_ids = fields.Many2many(
        "project.task.type",
        "crm_sla_policy_from_stage_rel",
        string="From Stages",
        ondelete="restrict",
        domain=[("user_id", "=", False)],
        help="The clock starts when the task first comes to one of these stages. "
        "Nothing: when it is made.",
    )
    priority = fields.Selection(
        selection=lambda self: self.env["project.task"]._fields["priority"].selection,
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", ondelete="restrict"
    )
    tag_ids = fields.Many2many("project.tags", string="Tags", ondelete="restrict")
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
        ondelete="restrict",
        domain=[("user_id", "=", False)],
        help="Reached when the task comes to this stage or one after it. Nothing: when "
        "the task is closed.",
    )
    pause_stage_ids = fields.Many2many(
        "project.task.type",
        "crm_sla_policy_pause_stage_rel",
        string="Stages that Stop the Clock",
        domain=[("user_id", "=", False)],
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

    task_count = fields.Integer(compute="_compute_task_count", string="Tasks")

    _hours_are_positive = models.Constraint(
        "CHECK (hours > 0)", "Promise more than 0 hours."
    )
    _risk_is_a_share = models.Constraint(
        "CHECK (risk_percent BETWEEN 1 AND 100)",
        "At risk: give a percentage between 1 and 100.",
    )

    # === CONSTRAINTS === #
    @api.constrains("hours", "calendar_id", "is_round_the_clock", "company_id")
    def _check_hours_can_be_kept(self):
        """A clock needs hours to walk along: found out here, not when a task moves."""
        for policy in self:
            company = policy.company_id or self.env.company
            calendar = policy._get_calendar(company)
            if calendar.flexible_hours:
                raise ValidationError(
                    self.env._(
                        "SLA policy %(policy)s: the working hours %(calendar)s are "
                        "flexible, so nobody can say which hours count. Choose working "
                        "hours with fixed times, or Round the Clock.",
                        policy=policy.name,
                        calendar=calendar.name,
                    )
                )
            try:
                policy._get_working_time(company).add(
                    fields.Datetime.now(), policy._get_seconds()
                )
            except NoWorkingHours as error:
                raise ValidationError(
                    self.env._(
                        "SLA policy %(policy)s: the working hours %(calendar)s do not "
                        "have as many hours within ten years. Enter their times, "
                        "choose other ones, or Round the Clock.",
                        policy=policy.name,
                        calendar=calendar.name or self.env._("(none)"),
                    )
                ) from error

    # === TASKS === #
    def _compute_task_count(self):
        counts = dict(
            self.env["project.task"]._read_group(
                [("sla_policy_id", "in", self.ids)], ["sla_policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.task_count = counts.get(policy, 0)

    @api.readonly
    def action_open_tasks(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "crm_sla.project_task_sla_action"
            ),
            "domain": [("sla_policy_id", "=", self.id)],
            "context": {},
            "name": self.name,
        }

    # === WHICH TASKS === #
    def _get_sla_criteria(self):
        """The criteria of the policy: field name → accepted values. Empty ones accept
        everything. For each name the task has its own values, see the method of the
        same name on tasks; another add-on extends both."""
        self.ensure_one()
        return {
            "reason_ids": self.reason_ids.ids,
            "project_ids": self.project_ids.ids,
            "from_stage_ids": self.from_stage_ids.ids,
            "priority": [self.priority] if self.priority else [],
            "partner_ids": self.partner_ids.ids,
            "tag_ids": self.tag_ids.ids,
        }

    def _explain_sla_criterion(self, name, values, task):
        """Which of the accepted values the task has, e.g. "Priority: Urgent"."""
        field = self._fields[name]
        label = field.get_description(self.env)["string"]
        if field.relational:
            kept = set(task._get_sla_criteria().get(name, ())) & set(values)
            names = self.env[field.comodel_name].browse(kept or values)
            found = ", ".join(names.mapped("display_name"))
        else:
            labels = dict(field._description_selection(self.env))
            found = ", ".join(labels[value] for value in values)
        return self.env._("%(criterion)s: %(value)s", criterion=label, value=found)

    @api.model
    @ormcache()
    def _get_rules(self):
        """The criteria of all policies as plain values, so that a task is matched
        without a query. Archived values count: a criterion never widens by itself."""
        policies = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        return tuple(
            Rule(
                policy.id,
                policy.company_id.id,
                policy.active,
                {
                    name: frozenset(values)
                    for name, values in policy._get_sla_criteria().items()
                    if values
                },
            )
            for policy in policies
        )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === WHAT IS PROMISED === #
    def _get_seconds(self):
        self.ensure_one()
        return max(1, round(self.hours * 3600))

    def _get_promise(self, stages):
        """The promise as plain values.

        :param stages: the stages to say of whether they are reached
        """
        seconds = self._get_seconds()
        return Promise(
            seconds=seconds,
            risk=max(1, seconds * self.risk_percent // 100),
            start_stages=frozenset(self.from_stage_ids.ids),
            stop_stages=frozenset(self.pause_stage_ids.ids),
            reached_stages=frozenset(
                stage.id for stage in stages if self._is_reached_at(stage)
            ),
        )

    def _is_reached_at(self, stage):
        """Is it the stage to reach, or one after it?"""
        target = self.stage_id
        return bool(
            target
            and stage
            and (stage.sequence, stage.id) >= (target.sequence, target.id)
        )

    def _get_calendar(self, company):
        """The working hours that count for tasks of ``company``; none round the
        clock."""
        if self.is_round_the_clock:
            return self.env["resource.calendar"]
        return self.calendar_id or company.resource_calendar_id

    def _get_working_time(self, company):
        """Make one per batch: it reads the calendar once."""
        if self.is_round_the_clock:
            return RoundTheClock()
        return self._get_calendar(company)._get_sla_working_time(company)

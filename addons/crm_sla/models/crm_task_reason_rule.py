from odoo import api, fields, models
from odoo.fields import Domain


class CrmTaskReasonRule(models.Model):
    """Who manages the tasks of a reason while they are at a stage: a user or a role."""

    _name = "crm.task.reason.rule"
    _description = "Who Manages a Reason at a Stage"
    _order = "reason_id, stage_id, id"

    reason_id = fields.Many2one(
        "crm.task.reason", required=True, ondelete="cascade", index=True
    )
    stage_id = fields.Many2one(
        "project.task.type",
        required=True,
        ondelete="cascade",
        domain=[("user_id", "=", False)],
    )
    user_id = fields.Many2one("res.users", domain=[("share", "=", False)])
    role_id = fields.Many2one("project.role", ondelete="restrict")
    company_id = fields.Many2one(related="reason_id.company_id", store=True)
    preview = fields.Char(
        string="Who Gets It", compute="_compute_preview", compute_sudo=True
    )
    problem = fields.Char(
        string="Needs Attention", compute="_compute_problem", compute_sudo=True
    )

    _one_rule_per_stage = models.Constraint(
        "UNIQUE (reason_id, stage_id)", "This reason has this stage already."
    )
    _user_or_role = models.Constraint(
        "CHECK ((user_id IS NULL) <> (role_id IS NULL))",
        "Choose either a user or a role.",
    )

    @api.depends("user_id.name", "role_id.user_ids.name")
    @api.depends_context("lang")
    def _compute_preview(self):
        for rule in self:
            members = rule.role_id.user_ids.filtered("active")
            rule.preview = rule.user_id.name or self.env._(
                "Whoever takes it: %(members)s",
                members=", ".join(members.mapped("name")) or self.env._("nobody"),
            )

    @api.onchange("user_id")
    def _onchange_user_id(self):
        if self.user_id:
            self.role_id = False

    @api.onchange("role_id")
    def _onchange_role_id(self):
        if self.role_id:
            self.user_id = False

    # === HEALTH CHECK === #

    @api.depends(
        "stage_id", "user_id.active", "role_id.active", "role_id.user_ids.active"
    )
    @api.depends_context("lang")
    def _compute_problem(self):
        for rule in self:
            rule.problem = rule._get_problem()

    def _get_problem(self):
        """What hinders the rule, with the way out; False: nothing."""
        names = {"stage": self.stage_id.name, "role": self.role_id.name}
        if self.user_id and not self.user_id.active:
            return self.env._(
                "%(stage)s: the user %(user)s is archived. Choose another one.",
                stage=names["stage"],
                user=self.user_id.name,
            )
        if self.role_id and not self.role_id.active:
            return self.env._(
                "%(stage)s: the role “%(role)s” is archived. Choose another one.",
                **names,
            )
        if self.role_id and not self.role_id.user_ids.filtered("active"):
            return self.env._(
                "%(stage)s: nobody holds the role “%(role)s”. Add members to it.",
                **names,
            )
        return False

    @api.model
    def _get_problem_domain(self):
        """The rules for which :meth:`_get_problem` finds something."""
        held = Domain("user_ids", "any", [("active", "=", True)])
        return Domain("user_id", "any", [("active", "=", False)]) | Domain(
            "role_id", "any", Domain("active", "=", False) | ~held
        )

    # === OPEN TASKS FOLLOW === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._get_open_tasks()._follow_rules()
        return rules

    def write(self, vals):
        if not {"reason_id", "stage_id", "user_id", "role_id"} & vals.keys():
            return super().write(vals)
        tasks = self._get_open_tasks()
        result = super().write(vals)
        (tasks | self._get_open_tasks())._follow_rules()
        return result

    def unlink(self):
        tasks = self._get_open_tasks()
        result = super().unlink()
        tasks._follow_rules()
        return result

    def _get_open_tasks(self):
        """The open tasks that these rules decide about, of every company."""
        pairs = Domain.OR(
            Domain("reason_id", "=", rule.reason_id.id)
            & Domain("stage_id", "=", rule.stage_id.id)
            for rule in self
        )
        return (
            self.env["project.task"]
            .sudo()
            .search(pairs & Domain("is_closed", "=", False))
        )

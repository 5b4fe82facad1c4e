from odoo import api, fields, models
from odoo.fields import Domain


class CrmTaskReason(models.Model):
    """Why a task exists (breakdown, complaint, installation …): it says which project
    receives the task and who manages it at each stage."""

    _name = "crm.task.reason"
    _description = "Reason of a Task"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Nothing: the reason serves all companies."
    )
    project_id = fields.Many2one(
        "project.project",
        string="Default Project",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Receives the tasks of this reason, if nobody chooses another one.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Proposed from Team",
        help="Where neither a user nor a role is set for a stage, the available member "
        "of this team with the least open work is proposed.",
    )
    rule_ids = fields.One2many("crm.task.reason.rule", "reason_id", string="Managed By")
    proposal_preview = fields.Char(
        string="At Other Stages",
        compute="_compute_proposal_preview",
        compute_sudo=True,
        help="Who would be proposed at this moment where no rule decides.",
    )
    problem = fields.Text(
        string="Needs Attention",
        compute="_compute_problem",
        search="_search_problem",
        compute_sudo=True,
    )
    problem_count = fields.Integer(
        string="Problems", compute="_compute_problem", compute_sudo=True
    )

    @api.depends("team_id.crm_team_member_ids.active", "company_id")
    @api.depends_context("company", "lang")
    def _compute_proposal_preview(self):
        companies = {reason: reason.company_id or self.env.company for reason in self}
        Proposal = self.env["crm.manager.proposal"]
        proposals = Proposal._propose(
            {
                reason: (reason.team_id, companies[reason])
                for reason in self
                if reason.team_id
            }
        )
        users = self.env["res.users"]
        for reason in self:
            user, note = proposals.get(reason, (False, ""))
            if user:
                name = users.browse(user).name
                reason.proposal_preview = self.env._(
                    "%(user)s. %(note)s", user=name, note=note
                )
            else:
                reason.proposal_preview = self.env._("Whom somebody enters.")

    # === HEALTH CHECK === #

    @api.depends(
        "rule_ids.problem",
        "project_id.active",
        "team_id.crm_team_member_ids.user_id.active",
    )
    @api.depends_context("lang")
    def _compute_problem(self):
        for reason in self:
            problems = reason._get_problems()
            problems += filter(None, reason.rule_ids.mapped("problem"))
            reason.problem = "\n".join(problems)
            reason.problem_count = len(problems)

    def _get_problems(self):
        """What hinders the reason as a whole, with the way out."""
        problems = []
        if self.project_id and not self.project_id.active:
            problems.append(
                self.env._(
                    "The project “%(project)s” is archived: choose another default "
                    "project, or restore it.",
                    project=self.project_id.name,
                )
            )
        if self.team_id and not self.team_id.member_ids.filtered("active"):
            problems.append(
                self.env._(
                    "The team “%(team)s” has no members: add some, or choose another "
                    "team.",
                    team=self.team_id.name,
                )
            )
        return problems

    @api.model
    def _search_problem(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wants_none = (False in value or "" in value) == (operator == "in")
        Rule = self.env["crm.task.reason.rule"]
        domain = (
            Domain("rule_ids", "any", Rule._get_problem_domain())
            | Domain("project_id", "any", [("active", "=", False)])
            | self._get_memberless_domain()
        )
        return ~domain if wants_none else domain

    @api.model
    def _get_memberless_domain(self):
        members = Domain("crm_team_member_ids.user_id.active", "=", True)
        return Domain("team_id", "any", ~members)

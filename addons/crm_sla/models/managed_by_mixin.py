from odoo import api, fields, models

from ..managed_by import Managed, decide


class ManagedByMixin(models.AbstractModel):
    """Who manages what this record is about, live in its form.

    The record has a reason, a stage, a project and a company. What a form shows is
    what the server enforces for tasks (``project.task.manager.mixin``): both ask
    :func:`~odoo.addons.crm_sla.managed_by.decide`.
    """

    _name = "crm.managed.by.mixin"
    _description = "Managed by a User or Role"

    reason_id = fields.Many2one(
        "crm.task.reason",
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    managed_by_user_id = fields.Many2one(
        "res.users",
        string="Managed By",
        domain=[("share", "=", False)],
        copy=False,  # a copy gets the user who was entered, not the rule's
        help="By the rule of the reason at this stage, otherwise whom you choose.",
    )
    managed_by_role_id = fields.Many2one(
        "project.role",
        string="Managed by Role",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    managed_by_entered_id = fields.Many2one(
        "res.users",
        string="Managed By, as Entered",
        export_string_translation=False,
        help="Comes back when no rule decides any more.",
    )
    managed_by_note = fields.Char(
        string="Why This User",
        readonly=True,
        copy=False,
        help="A proposal that nobody has accepted or changed yet.",
    )
    managed_by_locked = fields.Boolean(
        string="Managed by Rule",
        compute="_compute_managed_by_locked",
        compute_sudo=True,
        help="The reason says who manages its tasks at this stage.",
    )
    # Lives in a form only: tells a proposal from what its reader chose.
    managed_by_proposed_id = fields.Many2one(
        "res.users", store=False, export_string_translation=False
    )

    @api.depends("stage_id", "reason_id.rule_ids.stage_id")
    def _compute_managed_by_locked(self):
        rules = self._get_managed_by_rules()
        for record in self:
            record.managed_by_locked = bool(rules[record])

    @api.onchange("reason_id", "stage_id", "project_id")
    def _onchange_managed_by(self):
        """Show who manages it now; what was entered is never lost."""
        rule = self._get_managed_by_rules()[self]
        now = self._get_managed_by()
        if now.note and not self._origin:  # another reason may have another team
            now = now._replace(user=False, note=False)
        after = self._decide_managed_by(rule, now)
        if not rule and not after.user:
            after = self._propose_managers({self: after})[self]
        self.managed_by_proposed_id = after.note and after.user
        self.update(self._prepare_managed_by(after))

    @api.onchange("managed_by_user_id")
    def _onchange_managed_by_user_id(self):
        """Whom somebody chooses is entered; a proposal is not, until it is chosen."""
        user = self.managed_by_user_id
        if not self.managed_by_locked and user != self.managed_by_proposed_id:
            self.managed_by_entered_id = user
            self.managed_by_note = False

    # === THE RULES === #

    def _get_managed_by_rules(self):
        """The rule of each record, in one query.

        :return: ``crm.task.reason.rule`` by record, empty where none decides
        :rtype: dict
        """
        Rule = self.env["crm.task.reason.rule"].sudo()
        pairs = {
            record: (record.reason_id._origin.id, record.stage_id._origin.id)
            for record in self.sudo()
        }
        reasons, stages = ({pair[i] for pair in pairs.values()} for i in (0, 1))
        if not any(reasons) or not any(stages):
            return dict.fromkeys(self, Rule)
        rules = {
            (rule.reason_id.id, rule.stage_id.id): rule
            for rule in Rule.search_fetch(
                [("reason_id", "in", list(reasons)), ("stage_id", "in", list(stages))],
                ["reason_id", "stage_id", "user_id", "role_id"],
            )
        }
        return {record: rules.get(pairs[record], Rule) for record in self}

    @api.model
    def _decide_managed_by(self, rule, now):
        return decide(now, rule.user_id.id, rule.role_id.id)

    def _get_managed_by(self):
        """:rtype: Managed"""
        self.ensure_one()
        return Managed(
            self.managed_by_user_id.id,
            self.managed_by_role_id.id,
            self.managed_by_entered_id.id,
            self.managed_by_note,
        )

    @api.model
    def _prepare_managed_by(self, managed):
        return {
            "managed_by_user_id": managed.user,
            "managed_by_role_id": managed.role,
            "managed_by_entered_id": managed.entered,
            "managed_by_note": managed.note,
        }

    # === PROPOSALS === #

    def _propose_managers(self, managed):
        """Fill the empty fields with whoever of the team has the least open work.

        :param dict managed: ``Managed`` by record, each without a user
        :return: the same, with a user and the reason for him where there is one
        """
        teams = {
            record: (team, record._get_managed_by_company())
            for record in managed
            if (team := record._get_managed_by_team())
        }
        if not teams:
            return managed
        Proposal = self.env["crm.manager.proposal"]
        proposals = Proposal._propose(teams)
        return managed | {
            record: managed[record]._replace(user=user, note=note)
            for record, (user, note) in proposals.items()
        }

    def _get_managed_by_team(self):
        """The team from which somebody is proposed.

        :rtype: crm.team
        """
        self.ensure_one()
        return self.sudo().reason_id.team_id

    def _get_managed_by_company(self):
        """:rtype: res.company"""
        self.ensure_one()
        return self.sudo().company_id or self.env.company

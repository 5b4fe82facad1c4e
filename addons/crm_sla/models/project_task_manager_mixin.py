from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_list

#: What decides who manages a task; a sub-task follows the project of its parent.
DECISIVE = {"reason_id", "stage_id", "project_id", "parent_id"}
MANAGED = {"managed_by_user_id", "managed_by_role_id", "managed_by_entered_id"}


class ProjectTaskManagerMixin(models.AbstractModel):
    """Who manages the task: a user or a role by the rule of its reason at its stage,
    otherwise whom somebody entered.

    ``create`` and ``write`` are the one door: forms, imports, mass edits and other
    programs all pass it.
    """

    _name = "project.task.manager.mixin"
    _inherit = ["crm.managed.by.mixin"]
    _description = "Task Managed by a User or Role"

    reason_id = fields.Many2one(index="btree_not_null", tracking=True)
    managed_by_user_id = fields.Many2one(index="btree_not_null", tracking=True)
    managed_by_role_id = fields.Many2one(index="btree_not_null", tracking=True)
    managed_by_display = fields.Char(
        string="User or Role", compute="_compute_managed_by_display", compute_sudo=True
    )
    can_take = fields.Boolean(compute="_compute_can_take", compute_sudo=True)
    can_give_back = fields.Boolean(compute="_compute_can_take", compute_sudo=True)

    @api.depends("managed_by_user_id.name", "managed_by_role_id.name")
    @api.depends_context("lang")
    def _compute_managed_by_display(self):
        for task in self:
            names = task.managed_by_user_id.name, task.managed_by_role_id.name
            task.managed_by_display = format_list(
                self.env, [name for name in names if name], "unit-short"
            )

    @api.depends("managed_by_user_id", "managed_by_role_id.user_ids")
    @api.depends_context("uid")
    def _compute_can_take(self):
        for task in self:
            role, user = task.managed_by_role_id, task.managed_by_user_id
            task.can_take = not user and self.env.user in role.user_ids
            task.can_give_back = bool(role) and user == self.env.user

    @api.constrains("reason_id", "company_id")
    def _check_reason_company(self):
        for task in self.sudo():
            company = task.reason_id.company_id
            if company and task.company_id and company != task.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(task)s” belongs to %(company)s, its reason “%(reason)s” to "
                        "%(other)s. Choose a reason of the same company.",
                        task=task.name,
                        company=task.company_id.name,
                        reason=task.reason_id.name,
                        other=company.name,
                    )
                )

    # === ENFORCE THE RULES === #

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create([self._drop_note(vals) for vals in vals_list])
        with_reason = tasks.sudo().filtered(
            lambda task: (
                task.reason_id
                or task.managed_by_user_id
                or task.managed_by_role_id
                or task.managed_by_entered_id
                or task._get_managed_by_team()
            )
        )
        with_reason.with_context(mail_notrack=True)._settle_new()
        return tasks

    def write(self, vals):
        vals = self._drop_note(vals)
        chosen = {name: vals[name] for name in MANAGED & vals.keys()}
        if not chosen and not DECISIVE & vals.keys():
            return super().write(vals)
        tasks = self.sudo()
        if {"project_id", "parent_id"} & vals.keys():
            tasks |= tasks.with_context(active_test=False)._get_all_subtasks()
        before = {
            task: (task.reason_id, task.stage_id, task._get_managed_by())
            for task in tasks
        }
        result = super().write(vals)
        tasks._settle_changed(before, self.ids, chosen)
        return result

    @api.model
    def _drop_note(self, vals):
        """The note is the server's: it marks a proposal."""
        if "managed_by_note" not in vals:
            return vals
        return {name: vals[name] for name in vals if name != "managed_by_note"}

    def _settle_new(self):
        rules = self._get_managed_by_rules()
        settled = {}
        for task in self:
            now, rule = task._get_managed_by(), rules[task]
            task._check_managed_by(
                rule,
                now.user and {"managed_by_user_id": now.user},
                now.role and {"managed_by_role_id": now.role},
            )
            if not rule and now.user:
                now = now._replace(entered=now.user)
            settled[task] = self._decide_managed_by(rule, now._replace(role=False))
        self._write_settled(settled, {task for task in self if not rules[task]})

    def _settle_changed(self, before, ids, chosen):
        """Apply the rules to what moved, and to what somebody wrote.

        :param dict before: (reason, stage, ``Managed``) by task, as it was
        :param ids: those to which ``chosen`` was written; the others only moved along
        :param dict chosen: what somebody wrote into the fields of who manages it
        """
        moved = {t for t in self if (t.reason_id, t.stage_id) != before[t][:2]}
        changed = self.filtered(lambda t: t in moved or (chosen and t.id in ids))
        rules = changed._get_managed_by_rules()
        settled = {}
        for task in changed:
            rule, now = rules[task], before[task][2]
            if task.id in ids:
                task._check_managed_by(rule, chosen, now=now)
                now = task._enter(rule, now, chosen)
            settled[task] = self._decide_managed_by(rule, now)
        proposable = {t for t in moved if not rules[t]}
        if "managed_by_user_id" in chosen:  # whoever empties it wants it empty
            proposable = {t for t in proposable if t.id not in ids}
        handed_over = changed.filtered(
            lambda t: (settled[t].user, settled[t].role) != before[t][2][:2]
        )
        changed._write_settled(settled, proposable)
        handed_over._keep_in_sight()

    @api.model
    def _enter(self, rule, now, chosen):
        """What holds after somebody entered something."""
        if "managed_by_entered_id" in chosen:
            now = now._replace(entered=chosen["managed_by_entered_id"])
        if "managed_by_user_id" in chosen and not rule:
            user = chosen["managed_by_user_id"]
            now = now._replace(user=user, entered=user, note=False)
        return now

    def _write_settled(self, settled, proposable):
        """Store who manages what: one statement for each different answer."""
        empty = {
            task: managed
            for task, managed in settled.items()
            if task in proposable
            and not managed.user
            and not task.has_template_ancestor
        }
        settled = settled | self._propose_managers(empty)
        answers = defaultdict(list)
        for task, managed in settled.items():
            if managed != task._get_managed_by():
                answers[managed].append(task.id)
        for managed, ids in answers.items():
            tasks = self.sudo().browse(ids)
            tasks._write_managed_by(self._prepare_managed_by(managed))
        changed = [task_id for ids in answers.values() for task_id in ids]
        self.sudo().browse(changed)._after_manager_change()

    def _after_manager_change(self):
        """Hook: somebody else manages these tasks, once for all of them."""

    def _write_managed_by(self, values):
        """Past the check of ``write``: these values are the rules' own."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    def _check_managed_by(self, rule, *chosen, now=None):
        """Refuse a user or role other than the rule's.

        :param chosen: dicts of what somebody gives, or nothing
        :param Managed now: who has it until now; nothing: the task is new
        :raises odoo.exceptions.UserError: names the task, reason, stage and who manages
        """
        given = {name: value for part in chosen for name, value in (part or {}).items()}
        self._check_own_people(given)
        allowed = {"managed_by_role_id": rule.role_id.id}
        if rule:
            took = now.user if now and now.role == rule.role_id.id else False
            allowed["managed_by_user_id"] = rule.user_id.id or took
        for name, value in given.items():
            if name in allowed and (value or False) != allowed[name]:
                raise UserError(self._get_locked_message(rule))

    def _check_own_people(self, given):
        names = "managed_by_user_id", "managed_by_entered_id"
        users = self.env["res.users"].sudo()
        users = users.browse(filter(None, (given.get(name) for name in names)))
        if any(users.mapped("share")):
            raise UserError(
                self.env._(
                    "“%(task)s” can be managed by your own people only: choose an "
                    "internal user.",
                    task=self.name,
                )
            )

    def _get_locked_message(self, rule):
        if not rule:
            return self.env._(
                "“%(task)s”: a role manages a task only where its reason says so. "
                "Choose a reason with such a rule, or a user.",
                task=self.name,
            )
        return self.env._(
            "“%(task)s” is managed by %(manager)s: this is set for the reason "
            "“%(reason)s” at the stage “%(stage)s”. Change the reason or the stage, or "
            "let Sales → Configuration → Tasks and SLA → Reasons say otherwise.",
            task=self.name,
            manager=rule.user_id.name or rule.role_id.name,
            reason=self.reason_id.name,
            stage=self.stage_id.name,
        )

    def _keep_in_sight(self):
        """Whoever hands over a task that he saw as its manager goes on following it.

        Otherwise his own click would end with an access error.
        """
        user = self.env.user
        if not self or not user._is_internal() or user._is_superuser():
            return
        tasks = self.with_user(user)
        lost = tasks - tasks._filtered_access("read")
        if lost:
            lost.sudo().message_subscribe(user.partner_id.ids)

    def _follow_rules(self):
        """Settle these tasks anew: a rule of their reason was changed."""
        tasks = self.sudo()
        rules = tasks._get_managed_by_rules()
        settled = {
            task: self._decide_managed_by(rules[task], task._get_managed_by())
            for task in tasks
        }
        tasks._write_settled(settled, {task for task in tasks if not rules[task]})

    # === TAKE WHAT A ROLE MANAGES === #

    def action_take(self):
        """Take tasks that a role of the user manages and nobody has taken.

        Of two members who click at once one gets it, the other is told who.

        :raises odoo.exceptions.UserError: somebody else has one of them, or the user is
            no member of its role
        """
        self._check_internal()
        self.check_access("read")
        self._lock_managed_by()
        for task in self.sudo():
            task._check_takeable()
        self.sudo()._write_managed_by({"managed_by_user_id": self.env.uid})
        self.sudo()._after_manager_change()
        return True

    def action_give_back(self):
        """Leave tasks to the role again.

        :raises odoo.exceptions.UserError: somebody else took one of them
        """
        self._check_internal()
        self.check_access("read")
        self._lock_managed_by()
        is_planner = self.env.user.has_group("project.group_project_manager")
        for task in self.sudo():
            taken = task.managed_by_role_id and task.managed_by_user_id
            if not taken or not (is_planner or taken == self.env.user):
                raise UserError(
                    self.env._(
                        "You have not taken “%(task)s”, so you cannot give it back.",
                        task=task.name,
                    )
                )
        self.sudo()._write_managed_by({"managed_by_user_id": False})
        self.sudo()._after_manager_change()
        self.sudo()._keep_in_sight()
        return True

    @api.model
    def _check_internal(self):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only your own people manage tasks."))

    def _lock_managed_by(self):
        """Wait for whoever takes one of these at this moment, then see what he did."""
        self.flush_recordset(["managed_by_user_id", "managed_by_role_id"])
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_recordset(["managed_by_user_id", "managed_by_role_id"])

    def _check_takeable(self):
        role, user = self.managed_by_role_id, self.managed_by_user_id
        if role and user and user != self.env.user:
            raise UserError(
                self.env._(
                    "%(user)s has taken “%(task)s” already.",
                    user=user.name,
                    task=self.name,
                )
            )
        if self.env.user not in role.user_ids:
            raise UserError(
                self.env._(
                    "“%(task)s” is not managed by a role of yours, so you cannot take "
                    "it.",
                    task=self.name,
                )
            )

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..sla_clock import get_answer

#: Tasks worked out at once.
BATCH = 1000
#: A task changes if one of these does.
COMPARED = (
    *("sla_policy_id", "sla_hours", "sla_start", "sla_deadline", "sla_risk_date"),
    *("sla_paused_since", "sla_reached_date"),
)


class CrmSlaRecompute(models.TransientModel):
    """What would change if policies, hours and days off counted as they are now?

    A change of those touches no task by itself: what was promised stays promised until
    somebody has looked at this list and applied it.
    """

    _name = "crm.sla.recompute"
    _description = "Recompute SLA"

    policy_ids = fields.Many2many(
        "crm.sla.policy",
        string="Policies",
        context={"active_test": False},
        help="Tasks that have one of these or would get one. Nothing: all tasks.",
    )
    project_ids = fields.Many2many(
        "project.project", string="Projects", help="Nothing: tasks of all projects."
    )
    task_ids = fields.Many2many("project.task", string="Tasks")
    is_decided_included = fields.Boolean(
        string="Also Closed Tasks",
        help="Also tasks that have reached their stage or are closed.",
    )
    line_ids = fields.One2many("crm.sla.recompute.line", "recompute_id", readonly=True)
    looked_at_count = fields.Integer(string="Tasks Looked At", readonly=True)
    change_count = fields.Integer(string="Tasks That Change", readonly=True)
    state = fields.Selection(
        [("draft", "Choose"), ("preview", "Preview"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
    )

    # === BUTTONS === #
    def action_preview(self):
        """Look at the tasks and list those that would change; nothing is written."""
        self._check_may_recompute()
        self.ensure_one()
        tasks = self._get_tasks()
        changes = self._get_changes(tasks)
        lines = self.env["crm.sla.recompute.line"].sudo()
        lines.search([("recompute_id", "=", self.id)]).unlink()
        lines.create([self._prepare_line(*change) for change in changes])
        self.write(
            {
                "state": "preview",
                "looked_at_count": len(tasks),
                "change_count": len(changes),
            }
        )
        return self._reopen()

    def action_apply(self):
        """Apply what was listed, as it comes out now."""
        self._check_may_recompute()
        self.ensure_one()
        if self.state != "preview":
            raise UserError(self.env._("Have a look at the preview first."))
        tasks = self.line_ids.task_id.exists()
        for ids in split_every(BATCH, tasks.ids):
            tasks.browse(ids).sudo()._recompute_sla(fields.Datetime.now())
        self.write({"state": "done", "change_count": len(tasks)})
        return self._reopen()

    # === WHICH TASKS, AND WHAT WOULD CHANGE === #
    def _get_tasks(self):
        """The tasks to look at: those that whoever asks may see."""
        domain = Domain("project_id", "!=", False)
        domain &= Domain("has_template_ancestor", "=", False)
        if self.task_ids:
            domain &= Domain("id", "in", self.task_ids.ids)
        if self.project_ids:
            domain &= Domain("project_id", "in", self.project_ids.ids)
        if not self.is_decided_included:
            domain &= Domain("sla_reached_date", "=", False)
            domain &= Domain("is_closed", "=", False)
            domain &= Domain("stage_id", "=", False) | Domain(
                "stage_id.fold", "=", False
            )
        return self.env["project.task"].search(domain, order="id")

    def _get_changes(self, tasks):
        """``[(task, new facts, now)]`` of the tasks that would change."""
        now = fields.Datetime.now()
        changes = []
        for ids in split_every(BATCH, tasks.ids):
            batch = tasks.browse(ids).sudo()
            batch = batch.filtered(lambda task: task._has_sla_clock())
            for task, facts in batch._get_recomputed_sla_facts(now).items():
                if self._is_asked_for(task, facts) and self._differs(task, facts):
                    changes.append((task, facts, now))
        return changes

    def _is_asked_for(self, task, facts):
        wanted = self.policy_ids.ids
        return (
            not wanted
            or task.sla_policy_id.id in wanted
            or facts["sla_policy_id"] in wanted
        )

    @api.model
    def _differs(self, task, facts):
        stored = {name: task[name] or None for name in COMPARED}
        stored["sla_policy_id"] = task.sla_policy_id.id or None
        return any(stored[name] != facts[name] for name in COMPARED)

    def _prepare_line(self, task, facts, now):
        return {
            "recompute_id": self.id,
            "task_id": task.id,
            "policy_id": task.sla_policy_id.id,
            "new_policy_id": facts["sla_policy_id"],
            "deadline": task.sla_deadline,
            "new_deadline": facts["sla_deadline"],
            "meets_sla": task.meets_sla,
            "new_meets_sla": get_answer(
                facts["sla_deadline"],
                facts["sla_reached_date"],
                facts["sla_paused_since"],
                now,
            ),
        }

    # === WHO === #
    def _check_may_recompute(self):
        if not (
            self.env.user.has_group("project.group_project_manager")
            or self.env.user.has_group("sales_team.group_sale_manager")
        ):
            raise UserError(
                self.env._("Only managers of projects or sales can recompute SLAs.")
            )

    def _reopen(self):
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "crm_sla.crm_sla_recompute_action"
            ),
            "res_id": self.id,
        }

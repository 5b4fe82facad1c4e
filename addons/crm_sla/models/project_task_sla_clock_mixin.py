from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.project.models.project_task import CLOSED_STATES

from ..context_defaults import without_defaults
from ..sla_choice import choose
from ..sla_clock import read_clock
from ..working_time import FIRST_LOOK, NoWorkingHours, RoundTheClock

#: The columns that follow from policy and stages.
FACTS = (
    "sla_policy_id",
    "sla_hours",
    "sla_start",
    "sla_deadline",
    "sla_risk_date",
    "sla_paused_since",
    "sla_reached_date",
    "sla_hours_used",
    "sla_escalated_deadline",
)
#: Nobody writes these, neither by form nor import nor as the superuser.
PROTECTED = frozenset(
    (*FACTS, "sla_period_ids", "meets_sla", "sla_compliance", "sla_at_risk")
)


class ProjectTaskSlaClockMixin(models.AbstractModel):
    """Which policy is meant for the task, and what does its clock say?

    Asked whenever a task is made or something changes on which the answer depends:
    the stays are written down, the policy is chosen, the facts follow. All in one
    batch, in the transaction of the change.
    """

    _name = "project.task.sla.clock.mixin"
    _description = "Clock of a Task under an SLA"

    sla_period_ids = fields.One2many(
        "crm.sla.period", "task_id", string="Times at Stages", readonly=True, copy=False
    )

    # === WHEN === #
    @api.model
    def _get_sla_triggers(self):
        """Fields whose change may change policy, stage or clock."""
        return {
            *("stage_id", "state", "project_id", "parent_id", "company_id"),
            *("reason_id", "priority", "partner_id", "tag_ids", "is_template"),
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._check_sla_untouched(vals_list)
        self = self._without_sla_defaults()
        tasks = super().create(vals_list)
        tasks._follow_sla()
        return tasks

    def write(self, vals):
        self._check_sla_untouched([vals])
        if self._get_sla_triggers().isdisjoint(vals):
            return super().write(vals)
        tasks = self.sudo()
        if not {"project_id", "parent_id"}.isdisjoint(vals):
            # Core moves the subtasks along, without calling write() on them.
            tasks |= tasks._get_all_subtasks()
        before = tasks._get_sla_followed()._get_sla_places()
        result = super().write(vals)
        tasks._follow_sla(before)
        return result

    def _check_sla_untouched(self, vals_list):
        if any(not PROTECTED.isdisjoint(vals) for vals in vals_list):
            raise UserError(
                self.env._(
                    "The SLA of a task follows from its policy and its stages, so it "
                    "cannot be entered. Change the SLA policy and use Recompute SLA."
                )
            )

    def _without_sla_defaults(self):
        """A new card in a column "SLA Policy: Gold" brings that as a default."""
        return without_defaults(self, PROTECTED.__contains__)

    # === WHICH TASKS === #
    def _get_sla_followed(self):
        """The tasks whose stays are written down: all as soon as there is an active
        policy, otherwise those to which something was promised before."""
        if any(rule.is_active for rule in self.env["crm.sla.policy"]._get_rules()):
            return self
        return self.filtered("sla_policy_id")

    def _has_sla_clock(self):
        """Private to-dos and templates are nobody's promise."""
        return bool(self.project_id) and not (
            self.is_template
            or self.has_template_ancestor
            or self.project_id.is_template
        )

    def _is_sla_closed(self):
        """Done or cancelled, or moved to a folded stage: people close a task by moving
        its card to "Done", which does not change core's state."""
        return self.state in CLOSED_STATES or bool(self.stage_id.fold)

    def _get_sla_place(self):
        """Where the task is: stage, whether closed, and since when core knows."""
        return (
            self.stage_id.id or None,
            self._is_sla_closed(),
            self.date_last_stage_update or None,
        )

    def _get_sla_places(self):
        return {task: task._get_sla_place() for task in self}

    def _get_sla_company(self):
        return (
            self.company_id or self.project_id.company_id or self.create_uid.company_id
        )

    # === WHICH POLICY === #
    def _get_sla_criteria(self):
        """What the task has for each criterion of ``crm.sla.policy``: field name of the
        policy → values. Another add-on extends both methods of this name."""
        return {
            "reason_ids": self.reason_id.ids,
            "project_ids": self.project_id.ids,
            "from_stage_ids": self.stage_id.ids,
            "priority": [self.priority],
            "partner_ids": (
                self.partner_id | self.partner_id.commercial_partner_id
            ).ids,
            "tag_ids": self.tag_ids.ids,
        }

    def _choose_sla_policies(self, anew=False):
        """``{task: policy}``; what is decided keeps the policy it was measured by.

        :param anew: choose for every task, and never a policy that was archived
        """
        policies = self.env["crm.sla.policy"]
        rules = policies._get_rules()
        if anew:
            rules = [rule for rule in rules if rule.is_active]
        chosen = {}
        for task in self:
            held = task.sla_policy_id
            if not anew and task._is_sla_settled(held):
                chosen[task] = held
            else:
                company = task._get_sla_company().id
                criteria = task._get_sla_criteria()
                chosen[task] = policies.browse(
                    choose(rules, criteria, company, held.id) or ()
                )
        return chosen

    def _is_sla_settled(self, policy):
        return self._is_sla_closed() or policy._is_reached_at(self.stage_id)

    # === THE CLOCK === #
    def _follow_sla(self, before=None):
        """Write down where the tasks are, choose their policies, store what follows.

        :param before: where they were before the change, see ``_get_sla_places``; None
            for tasks that were just made
        """
        now = fields.Datetime.now()
        tasks = self.sudo()._get_sla_followed()
        followed = tasks.filtered(lambda task: task._has_sla_clock())
        facts = {
            task: self._get_no_sla_facts()
            for task in tasks - followed
            if task.sla_policy_id
        }
        if followed:
            stays, moved = self.env["crm.sla.period"]._note(followed, now, before)
            policies = followed._choose_sla_policies()
            changed = followed.filtered(
                lambda task: task in moved or policies[task] != task.sla_policy_id
            )
            facts |= changed._prepare_sla_facts(policies, stays, now)
        self._write_sla_facts(facts)

    def _get_recomputed_sla_facts(self, now):
        """What would be stored if policies, hours and days off were asked anew; writes
        nothing: ``{task: values for FACTS}``."""
        history = self.env["crm.sla.period"]._get_stays(self, now, {})
        stays = {task: its_stays for task, (_periods, its_stays) in history.items()}
        policies = self._choose_sla_policies(anew=True)
        return self._prepare_sla_facts(policies, stays, now)

    def _recompute_sla(self, now):
        """Ask anew and store it, and the stays of tasks that were never followed."""
        facts = self._get_recomputed_sla_facts(now)
        self.env["crm.sla.period"]._note(self, now, {})
        self._write_sla_facts(facts)

    @api.model
    def _get_no_sla_facts(self):
        return dict.fromkeys(FACTS)

    def _prepare_sla_facts(self, policies, stays, now):
        """What follows from policy and stays: ``{task: values for FACTS}``."""
        with_policy = self.filtered(lambda task: policies[task])
        working_times = with_policy._get_sla_working_times(policies, stays, now)
        stages = self.env["project.task.type"].browse(
            {stay.stage for task in with_policy for stay in stays[task] if stay.stage}
        )
        promises = {
            policy: policy._get_promise(stages)
            for policy in {policies[task] for task in with_policy}
        }
        facts = {task: self._get_no_sla_facts() for task in self - with_policy}
        for task in with_policy:
            policy = policies[task]
            try:
                clock = read_clock(promises[policy], stays[task], working_times[task])
            except NoWorkingHours:
                # Somebody emptied the calendar: no reason to stop people from moving
                # their cards. The explanation says why there is no deadline.
                clock = None
            facts[task] = task._prepare_clock_facts(policy, clock, now)
        return facts

    def _prepare_clock_facts(self, policy, clock, now):
        facts = {
            **self._get_no_sla_facts(),
            "sla_policy_id": policy.id,
            "sla_hours": policy.hours,
        }
        if clock:
            facts |= {
                "sla_start": clock.start,
                "sla_deadline": clock.deadline,
                "sla_risk_date": clock.risk_date,
                "sla_paused_since": clock.paused_since,
                "sla_reached_date": clock.reached_date,
                "sla_hours_used": clock.used / 3600 if clock.reached_date else None,
                # Of a deadline that is over already nobody can be warned any more.
                "sla_escalated_deadline": clock.deadline
                if clock.deadline <= now
                else self.sla_escalated_deadline or None,
            }
        return facts

    def _get_sla_working_times(self, policies, stays=None, now=None):
        """``{task: working time}``, one for all tasks with the same hours, which reads
        its calendar once."""
        shared, answer, starts = {}, {}, {}
        for task in self:
            policy, company = policies[task], task._get_sla_company()
            key = (policy._get_calendar(company), company)
            if key not in shared:
                shared[key] = policy._get_working_time(company)
            answer[task] = shared[key]
            if stays:
                begin = stays[task][0].start
                starts[key] = min(starts.get(key, begin), begin)
        for key, begin in starts.items():
            if not isinstance(shared[key], RoundTheClock):
                shared[key].cover(begin, max(now, begin) + FIRST_LOOK)
        return answer

    @api.model
    def _write_sla_facts(self, facts):
        """The one door to the facts: ``{task: values for FACTS}``.

        Below ``write()``, which refuses them, and which would track, notify and ask for
        rights once per task.
        """
        tasks = self.env["project.task"].sudo().union(*facts)
        if not tasks:
            return
        tasks._write_multi([facts[task] for task in tasks])
        touched = [*FACTS, "write_date", "write_uid"]
        tasks.invalidate_recordset(touched, flush=False)
        tasks.modified(FACTS)
        tasks._follow_sla_warnings()

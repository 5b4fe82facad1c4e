import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ..halving import work_or_halve

_logger = logging.getLogger(__name__)

#: Tasks warned of in one transaction.
BATCH = 100


class ProjectTaskSlaWarningMixin(models.AbstractModel):
    """Whoever manages a task hears of it before its deadline, once per deadline."""

    _name = "project.task.sla.warning.mixin"
    _description = "Warning before a Deadline under an SLA"

    # === WHEN === #
    def _follow_sla_warnings(self):
        """After the facts changed: the scheduled action wakes up in time, and warnings
        about what is decided now are taken back."""
        self._wake_up_for_sla_warnings()
        decided = self.filtered(
            lambda task: task.sla_escalated_deadline and not task._is_sla_undecided()
        ) | self.filtered(lambda task: not task.sla_policy_id)
        decided._get_sla_warnings().unlink()

    def _is_sla_undecided(self):
        return bool(self.sla_deadline and not self.sla_reached_date)

    def _wake_up_for_sla_warnings(self):
        cron = self.env.ref("crm_sla.ir_cron_sla_warning", raise_if_not_found=False)
        moments = {
            # Triggers know minutes; many tasks of an import share one.
            task.sla_risk_date.replace(second=0) + timedelta(minutes=1)
            for task in self
            if task.sla_policy_id.is_escalated
            and task._is_sla_undecided()
            and not task.sla_paused_since
            and task.sla_deadline != task.sla_escalated_deadline
        }
        if cron and moments:
            cron.sudo()._trigger(at=sorted(moments))

    @api.model
    def _cron_warn_of_sla(self):
        """Warn of all tasks at risk. What fails is noted on its task, and the others
        go on."""
        cron = self.env["ir.cron"]
        tasks = self.env["project.task"].search(self._get_sla_warning_domain())
        cron._commit_progress(remaining=len(tasks))
        for start in range(0, len(tasks), BATCH):
            batch = tasks[start : start + BATCH].try_lock_for_update()
            work_or_halve(
                lambda members: members._warn_of_sla(),
                batch,
                lambda task, error: task._note_sla_warning_failed(error),
            )
            if not cron._commit_progress(min(BATCH, len(tasks) - start)):
                break

    @api.model
    def _get_sla_warning_domain(self):
        """At risk and not warned of yet; also those whose deadline has passed while the
        scheduled action did not run."""
        now = fields.Datetime.now()
        not_warned = Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s IS DISTINCT FROM %s",
                SQL.identifier(
                    alias,
                    "sla_escalated_deadline",
                    to_flush=model._fields["sla_escalated_deadline"],
                ),
                SQL.identifier(
                    alias, "sla_deadline", to_flush=model._fields["sla_deadline"]
                ),
            )
        )
        return (
            Domain("sla_deadline", "!=", False)
            & Domain("sla_reached_date", "=", False)
            & Domain("sla_paused_since", "=", False)
            & Domain("sla_risk_date", "<=", now)
            & Domain("sla_policy_id.is_escalated", "=", True)
            & not_warned
        )

    # === WHAT === #
    def _warn_of_sla(self):
        """An activity for everybody who should know; without anybody a note."""
        warned = self._get_sla_warnings().grouped("res_id")
        vals_list = []
        for task in self:
            users = task._get_sla_addressees()
            if not users:
                task._note_nobody_manages()
            if task.id in warned:
                users -= warned[task.id].user_id
            vals_list += [task._prepare_sla_warning(user) for user in users]
        self.env["mail.activity"].create(vals_list)
        self._mark_sla_warned()

    def _get_sla_addressees(self):
        """Who hears of it: the managing user, or each member of the managing role;
        otherwise the assignees; otherwise who manages the project."""
        self.ensure_one()
        for users in (
            self.managed_by_user_id,
            self.managed_by_role_id.user_ids,
            self.user_ids,
            self.project_id.user_id,
        ):
            present = users.filtered(lambda user: user.active and not user.share)
            if present:
                return present
        return self.env["res.users"]

    def _prepare_sla_warning(self, user):
        task = self.with_context(lang=user.lang, tz=user.tz or "UTC")
        moment = format_datetime(task.env, task.sla_deadline, tz=user.tz or "UTC")
        return {
            "activity_type_id": self.env.ref("crm_sla.mail_activity_type_sla").id,
            "res_model_id": self.env["ir.model"]._get_id("project.task"),
            "res_id": self.id,
            "user_id": user.id,
            "summary": task.env._("SLA deadline: %s", moment),
            "date_deadline": fields.Datetime.context_timestamp(
                task, task.sla_deadline
            ).date(),
            "automated": True,
        }

    def _note_nobody_manages(self):
        self.message_post(
            body=self.env._(
                "The SLA deadline is near, but nobody could be told: the task has no "
                "managing user, no members in a managing role, no assignees, and its "
                "project has no manager."
            ),
            subtype_xmlid="mail.mt_note",
        )
        _logger.info("SLA of task %s at risk: nobody to tell", self.id)

    def _note_sla_warning_failed(self, error):
        _logger.error("SLA warning of task %s failed", self.id, exc_info=error)
        self.message_post(
            body=self.env._(
                "The SLA deadline is near, but the warning could not be made: %s", error
            ),
            subtype_xmlid="mail.mt_note",
        )
        self._mark_sla_warned()

    def _mark_sla_warned(self):
        self.sudo()._write_multi(
            [{"sla_escalated_deadline": task.sla_deadline} for task in self]
        )
        self.invalidate_recordset(["sla_escalated_deadline"], flush=False)

    # === TAKEN OVER === #
    def write(self, vals):
        """Whoever manages the task now has the warning; the others lose theirs."""
        result = super().write(vals)
        if not self._get_sla_addressee_triggers().isdisjoint(vals):
            self._hand_over_given_warnings()
        return result

    def _after_manager_change(self):
        """A member took it, or a rule was changed: nobody wrote to the task."""
        result = super()._after_manager_change()
        self._hand_over_given_warnings()
        return result

    def _hand_over_given_warnings(self):
        self.sudo().filtered(
            lambda task: (
                task._is_sla_undecided()
                and task.sla_escalated_deadline == task.sla_deadline
            )
        )._hand_over_sla_warnings()

    @api.model
    def _get_sla_addressee_triggers(self):
        return {
            *("managed_by_user_id", "managed_by_role_id", "user_ids"),
            *("reason_id", "stage_id", "project_id"),
        }

    def _hand_over_sla_warnings(self):
        vals_list = []
        warnings = self._get_sla_warnings()
        lost = warnings.browse()
        for task_id, activities in warnings.grouped("res_id").items():
            task = self.browse(task_id)
            users = task._get_sla_addressees()
            if users:
                lost += activities.filtered(
                    lambda activity, users=users: activity.user_id not in users
                )
                vals_list += [
                    task._prepare_sla_warning(user)
                    for user in users - activities.user_id
                ]
        lost.unlink()
        self.env["mail.activity"].sudo().create(vals_list)

    def _get_sla_warnings(self):
        """Open warnings about these tasks."""
        kind = self.env.ref("crm_sla.mail_activity_type_sla", raise_if_not_found=False)
        activities = self.env["mail.activity"].sudo()
        if not (self and kind):
            return activities
        return activities.search(
            [
                ("res_model", "=", "project.task"),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ]
        )

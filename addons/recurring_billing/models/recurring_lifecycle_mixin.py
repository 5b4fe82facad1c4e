from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

#: Recipients that "Run now" serves at once; more go to the scheduled action.
RUN_NOW_AT_ONCE = 20


class RecurringLifecycleMixin(models.AbstractModel):
    """The life of a task: started, paused, resumed, stopped, run by hand.

    The state has one door, :meth:`_update_state`.
    """

    _name = "recurring.lifecycle.mixin"
    _description = "Life of a recurring task"

    state = fields.Selection(
        selection=[
            ("draft", "Not Started"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Finished"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    stop_reason = fields.Char(string="Why It Stopped", readonly=True, copy=False)

    # === STATE === #

    def _update_state(self, allowed, target, reason=False):
        """The one door of the state.

        :param tuple allowed: states from which a task may go to ``target``
        :param str target: the new state
        :param str reason: shown on the task, e.g. why it ended
        :return: the tasks that really changed
        """
        changed = self.filtered(lambda task: task.state in allowed)
        refused = (self - changed).filtered(lambda task: task.state != target)
        if refused:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(task)s is “%(state)s”: this cannot be done now.",
                    task=refused[0].display_name,
                    state=states[refused[0].state],
                )
            )
        changed.sudo().write({"state": target, "stop_reason": reason})
        if changed and target == "running":
            self.env["recurring.copy.guard"]._settle_first()
        return changed

    def _check_billing_rights(self):
        """Buttons are for people who work with recurring billing."""
        if not self.env.su and not self.env.user.has_group(
            "recurring_billing.group_billing"
        ):
            raise AccessError(
                self.env._(
                    "Only people with the right “Recurring Billing: Billing” may do "
                    "this. Ask your administrator."
                )
            )
        self.check_access("write")

    def action_start(self):
        """Start issuing; a finished task may be started again.

        Dates that passed while it stood still are skipped, not caught up.

        :raises UserError: nothing to issue, nobody to issue it to, or a first date
            that is not after today
        """
        self._check_billing_rights()
        for task in self:
            task._check_complete()
        for task in self.filtered(lambda t: t.state == "done"):
            task.recipient_ids.sudo()._skip_passed(
                self.env._("The task was stopped on this date.")
            )
        self._check_first_date(self.recipient_ids)
        self._update_state(("draft", "done"), "running")
        return True

    def _check_complete(self):
        self.ensure_one()
        if not self._has_enough_lines():
            raise UserError(
                self.env._(
                    "%s has no lines. Add at least one product line in the tab “What”.",
                    self.display_name,
                )
            )
        if not self.recipient_ids:
            raise UserError(
                self.env._(
                    "%s has no customers. Add at least one in the tab “To whom”.",
                    self.display_name,
                )
            )
        if self.date_end and self.date_end < self._get_today():
            raise UserError(
                self.env._(
                    "%s: the last date has passed. Change it in the tab “When”.",
                    self.display_name,
                )
            )
        if not any(self.recipient_ids.mapped("date_next")):
            raise UserError(
                self.env._(
                    "%s: no date is left between the first and the last date. Change "
                    "them in the tab “When”.",
                    self.display_name,
                )
            )
        if message := self._get_currency_problem():
            raise UserError(
                self.env._(
                    "%(task)s: %(problem)s", task=self.display_name, problem=message
                )
            )

    def _has_enough_lines(self):
        """A document without amount can do without lines."""
        self.ensure_one()
        return bool(
            self.line_ids.filtered(lambda line: not line.display_type)
            or (self.document_type and not self._get_handler()._has_amount())
        )

    def action_pause(self):
        """Issue nothing until it is resumed. Dates that pass meanwhile are skipped."""
        self._check_billing_rights()
        self._update_state(("running",), "paused")
        return True

    def action_resume(self):
        """Go on with the next date; what passed during the pause stays skipped."""
        self._check_billing_rights()
        for task in self.filtered(lambda t: t.state == "paused"):
            task.recipient_ids.sudo()._skip_passed(
                self.env._("The task was paused on this date.")
            )
        self._update_state(("paused",), "running")
        return True

    def action_stop(self):
        """End the series for good; issued documents stay."""
        self._check_billing_rights()
        self._update_state(
            ("draft", "running", "paused"),
            "done",
            self.env._("Stopped by %s.", self.env.user.name),
        )
        return True

    def _finish_if_over(self):
        """Close running tasks none of whose customers has a date left."""
        for task in self.filtered(lambda t: t.state == "running"):
            if not task._has_open_recipients():
                reasons = set(task.recipient_ids.mapped("stop_reason"))
                reason = reasons.pop() if len(reasons) == 1 else False
                task._update_state(
                    ("running",),
                    "done",
                    reason or self.env._("No customer has a date left."),
                )

    def _has_open_recipients(self):
        """Asked after every batch: of thousands of customers, only one is looked at."""
        self.ensure_one()
        domain = (
            Domain("task_id", "=", self.id)
            & Domain("state", "!=", "stopped")
            & (Domain("state", "!=", "done") | Domain("date_next", "!=", False))
        )
        return bool(self.env["recurring.task.recipient"].search_count(domain, limit=1))

    def action_run_now(self):
        """Issue the next document of each customer now, even ahead of its date.

        Up to 20 customers are served at once, more by the scheduled action. Pressing
        twice does no harm: a customer gets at most one document ahead of its date
        on a day.

        :return: action that opens the run
        :raises UserError: a task that is not running, or nothing to issue
        """
        self._check_billing_rights()
        idle = self.filtered(lambda task: task.state != "running")
        if idle:
            raise UserError(
                self.env._("%s is not running. Start it first.", idle[0].display_name)
            )
        recipients = self.recipient_ids.filtered(lambda r: r.state == "running")
        runs = recipients._request_run_now()
        self.env["recurring.engine"].sudo()._run_requested(runs, RUN_NOW_AT_ONCE)
        return runs._get_records_action(name=self.env._("Run"))

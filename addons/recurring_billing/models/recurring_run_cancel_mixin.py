from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class RecurringRunCancelMixin(models.AbstractModel):
    """Stops a run that somebody started, after the batch under way.

    What nobody has claimed yet is withdrawn: the wish is taken back, and may be uttered
    again. A batch under way holds the locks of its customers; it ends, and is reported.
    """

    _name = "recurring.run.cancel.mixin"
    _description = "Recurring run that can be cancelled"

    is_cancelled = fields.Boolean(string="Cancelled", readonly=True)
    cancelled_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    withdrawn_count = fields.Integer(
        string="Withdrawn",
        readonly=True,
        help="Documents that were asked for and not issued, because the run was "
        "cancelled. They can be asked for again.",
    )

    def action_cancel(self):
        """Issue nothing more in these runs.

        :raises UserError: for runs that have ended, and for those of the schedule:
            what is due stays due, so they would begin again
        """
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")  # company walls
        for run in self:
            run._check_can_cancel()
        runs = self.sudo()
        runs.write({"is_cancelled": True, "cancelled_by_id": self.env.uid})
        # first: whoever closes the run meanwhile makes us begin again
        runs.flush_recordset()
        runs._withdraw()
        self.env["recurring.engine"].sudo()._after_clicks(runs)
        if "running" in runs.mapped("state"):  # a batch is under way, or was cut short
            self.env.ref("recurring_billing.ir_cron_generate").sudo()._trigger()
        return True

    def _check_can_cancel(self):
        self.ensure_one()
        if self.state != "running":
            raise UserError(self.env._("%s has ended already.", self.display_name))
        if self.trigger == "schedule":
            raise UserError(
                self.env._(
                    "%s issues what is due by schedule, and would begin again. Pause "
                    "the recurring tasks that shall not go on.",
                    self.display_name,
                )
            )

    def _withdraw(self):
        """Take back what was asked for in these runs and nobody works on.

        Rows of customers whom a runner holds are left to it.
        """
        if not self:
            return
        everybody = self.env["recurring.task.recipient"].with_context(active_test=False)
        asked = everybody.search([("requested_run_id", "in", self.ids)])
        released = self.env["recurring.occurrence"].search(
            self.env["recurring.runaway"]._get_released_domain()
            & Domain("release_run_id", "in", self.ids)
        )
        free = asked | released.recipient_id
        free = free.try_lock_for_update(allow_referencing=True)
        asked &= free
        released = released.filtered(lambda row: row.recipient_id in free)
        for run in self:
            run.withdrawn_count += len(
                asked.filtered(lambda r, run=run: r.requested_run_id == run)
            ) + len(released.filtered(lambda row, run=run: row.release_run_id == run))
        asked.write({"requested_run_id": False, "requested_date": False})
        released.write({"release_run_id": False})
        self.env.flush_all()

    @api.model
    def _withdraw_cancelled(self):
        """Take back what a batch that was cut short left behind in cancelled runs."""
        runs = self.search([("state", "=", "running"), ("is_cancelled", "=", True)])
        runs._withdraw()

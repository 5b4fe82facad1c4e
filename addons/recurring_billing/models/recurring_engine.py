import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..failpoint import failpoint
from ..rehearsal import get_now
from .recurring_planner import Slot

_logger = logging.getLogger(__name__)

#: Documents of one batch. Its customers are claimed and the journal's numbers locked
#: until the commit: with 50, people hardly wait (proof P11); with 100, for seconds.
BATCH_SIZE = 50


class RecurringEngine(models.AbstractModel):
    """plan → generate → send → report: the first two steps.

    Whatever is committed stands in the ledger; what is not never was. Only
    :meth:`_dispatch_batches` commits.
    """

    _name = "recurring.engine"
    _inherit = ["recurring.batch.mixin", "recurring.engine.batches"]
    _description = "Recurring engine"

    # === ENTRY POINTS === #

    @api.model
    def _cron_generate(self):
        """Issue everything that is due, in batches that are committed one by one.

        Called by the scheduled action, also by several at once. One customer's error
        never leaves this method: a scheduled action that commits and then raises is
        called again at once.
        """
        if self.env["recurring.copy.guard"]._hold_back():
            return
        self.env["recurring.occurrence"]._check_guards()
        with self._taken_again():
            self.env["recurring.run"]._withdraw_cancelled()
        recipients = self._get_due_recipients()
        released = self.env["recurring.runaway"]._get_released_rows()
        due = recipients.filtered(lambda r: not r.requested_run_id)
        self.env["recurring.run"]._open("schedule", due.company_id)
        # commits, so that the claims below see a fresh snapshot
        self.env["ir.cron"]._commit_progress(remaining=len(released) + len(recipients))
        self._dispatch_batches(self._get_batches(recipients))
        with self._taken_again():  # somebody cancels the run at this moment
            self.env["recurring.run"]._close_finished()
        self.env.ref("recurring_billing.ir_cron_send")._trigger()
        self.env["recurring.forecast.price"]._after_run(recipients)

    @api.model
    def _run_requested(self, runs, limit):
        """Issue what "Run now" asked for: some at once, the rest by the cron."""
        self.env["recurring.copy.guard"]._check_not_held()
        self.env["recurring.occurrence"]._check_guards()
        recipients = self.env["recurring.task.recipient"].search(
            [("requested_run_id", "in", runs.ids)], order="task_id, id"
        )
        for batch in recipients[:limit].grouped("task_id").values():
            self._run_batch(batch.ids)
        if recipients[limit:]:
            self.env.ref("recurring_billing.ir_cron_generate")._trigger()
        self._after_clicks(runs)

    @api.model
    def _issue_rows(self, rows, runs):
        """Issue failed, held or voided rows because a person asked for it.

        :param dict runs: the run of each company
        """
        self.env["recurring.copy.guard"]._check_not_held()
        self.env["recurring.occurrence"]._check_guards()
        rows.recipient_id.lock_for_update(allow_referencing=True)
        for task, own in rows.grouped("task_id").items():
            self._issue_claimed_rows(own, runs[task.company_id])
        self._after_clicks(self.env["recurring.run"].union(*runs.values()))

    @api.model
    def _issue_claimed_rows(self, rows, run):
        """The same for rows of one task whose recipients are claimed."""
        task = rows.task_id
        today = task._get_today()
        slots = [
            Slot(
                row.recipient_id,
                row._get_period(),
                row.issue_date,
                today,
                None if row.state == "void" else row,
            )
            for row in rows
        ]
        self._issue(task, slots, run)
        rows.recipient_id._refresh_next_date()
        self._note_retries(rows.recipient_id)

    @api.model
    def _after_clicks(self, runs):
        for run in runs:
            run._close_if_finished()
        self.env.ref("recurring_billing.ir_cron_send")._trigger()

    # === CLAIM === #

    @api.model
    def _get_due_domain(self):
        """Recipients with something to issue: their day has come where they live."""
        now = get_now(self.env)
        Task = self.env["recurring.task"]
        zones = Task._read_group([("state", "=", "running")], ["tz"])
        zones_by_day = defaultdict(list)
        for (tz,) in zones:
            zones_by_day[Task.new({"tz": tz})._get_today(now)].append(tz)
        by_zone = Domain.OR(
            Domain("tz", "in", names)
            & Domain("date_next", "<=", day)
            & (Domain("date_retry", "=", False) | Domain("date_retry", "<=", day))
            for day, names in zones_by_day.items()
        )
        return (
            Domain("task_state", "=", "running")
            & Domain("task_id.active", "=", True)
            & Domain("state", "=", "running")
            & (by_zone | Domain("requested_run_id", "!=", False))
        )

    @api.model
    def _get_due_recipients(self):
        return self.env["recurring.task.recipient"].search(
            self._get_due_domain(), order="task_id, id"
        )

    @api.model
    def _dispatch_batches(self, batches):
        """Hand out the work. The seam for scale, and the only place that commits.

        :param batches: each a ``partial`` of a model's method with ids first, so that
            another process may call it as well
        :return: number of records dealt with
        """
        total = 0
        for run_batch in batches:
            done = run_batch()
            total += done
            failpoint("engine:before_commit")
            if not self.env["ir.cron"]._commit_progress(done):
                break  # the slice is used up: the scheduled action calls again
            failpoint("engine:after_commit")
        return total

    @api.model
    def _get_batch_size(self):
        return BATCH_SIZE

    @api.model
    def _run_batch(self, ids, hold_reason=""):
        """Issue what is due for these recipients, of one task or of several alike.

        :param str hold_reason: why it is all held instead
        :return: number of recipients dealt with; what another runner holds is left
        """
        recipients = self.env["recurring.task.recipient"].browse(ids)
        with self._taken_again():
            mine = recipients.try_lock_for_update(allow_referencing=True)
            mine = mine.filtered_domain(self._get_due_domain())
            for run, members in mine.grouped("requested_run_id").items():
                self._process_or_halve(members, run, hold_reason)
        return len(ids)

    # === ISSUE === #

    @api.model
    def _process_or_halve(self, recipients, requested_run, hold_reason=""):
        """Nothing leaves the scheduled action: not even an error in the planning."""
        self._work_or_halve(
            lambda members: self._process(members, requested_run, hold_reason),
            recipients,
            lambda member, error: self._set_aside(member, requested_run, error),
        )

    @api.model
    def _set_aside(self, recipient, requested_run, error):
        """Note that not even the planning worked for this customer."""
        text = self._describe_error(error)
        company = recipient.company_id
        Run = self.env["recurring.run"]
        run = requested_run or Run._open("schedule", company)[company]
        try:
            with self.env.cr.savepoint():
                slots = self.env["recurring.planner"]._get_due_slots(recipient)
                self.env["recurring.occurrence"]._record(slots[:1], run, "failed", text)
                recipient._refresh_next_date()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as again:
            self.env.invalidate_all(flush=False)
            _logger.error("%s cannot be planned", recipient, exc_info=again)
        recipient.write(
            {
                "date_retry": fields.Date.add(recipient.task_id._get_today(), days=1),
                "requested_run_id": False,
                "requested_date": False,
            }
        )

    @api.model
    def _process(self, recipients, requested_run, hold_reason=""):
        """Plan, issue and note what became of it, for claimed recipients of a batch.

        :param requested_run: the run of "Run now", empty for what is due
        :param str hold_reason: why what is due is all held instead
        """
        Occurrence = self.env["recurring.occurrence"]
        task = recipients.task_id[:1]
        engine = self._with_task_company(task)
        skip, held = [], []
        if run := requested_run:  # a person's wish: no rule for missed dates
            issue, hold_reason = self._get_requested_slots(recipients), ""
        else:
            company = recipients.company_id
            run = self.env["recurring.run"]._open("schedule", company)[company]
            slots = self.env["recurring.planner"]._get_due_slots(recipients)
            issue, skip, held = self.env["recurring.planner"]._choose(slots)
        Occurrence._record(skip, run, "skipped", engine._get_skip_reason())
        Occurrence._record(held, run, "held", engine._get_hold_reason())
        runaway = engine.env["recurring.runaway"]
        issue, parked = runaway._sort_out(issue, hold_reason)
        for reason, slots in parked.items():
            Occurrence._record(slots, run, "held", reason)
        self._issue(task, self._take_batch(recipients, issue), run)
        if requested_run:
            recipients.write({"requested_run_id": False, "requested_date": False})
        recipients._refresh_next_date()
        self._note_retries(recipients)
        recipients.task_id._finish_if_over()

    @api.model
    def _take_batch(self, recipients, slots):
        """Many missed dates of these customers make several batches.

        What is left stays due: the scheduled action is called again for it.
        """
        size = max(len(recipients), self._get_batch_size())
        if len(slots) > size:
            self.env.ref("recurring_billing.ir_cron_generate")._trigger()
        return slots[:size]

    @api.model
    def _get_requested_slots(self, recipients):
        """Exactly the dates that were asked for, unless they were issued meanwhile."""
        slots = self.env["recurring.planner"]._get_next_slots(recipients)
        return [
            slot for slot in slots if slot.period.start == slot.recipient.requested_date
        ]

    @api.model
    def _issue(self, task, slots, run):
        """Make the documents; what is known to go wrong is not even tried.

        Nor is what changed more than the company lets pass: see
        ``recurring.change.check``.

        :param task: theirs, or one of them: see :meth:`_get_batch_key`
        """
        engine = self._with_task_company(task)
        recipients = self.env["recurring.task.recipient"].union(
            *(slot.recipient for slot in slots)
        )
        problems = engine.env["recurring.ready.check"]._get_blocking_problems(
            recipients.with_env(engine.env)
        )
        handler = task.with_env(engine.env)._get_handler()
        ready = []
        for slot in slots:
            texts = problems[slot.recipient] + handler._get_date_problems(
                slot.task, slot.document_date
            )
            if texts:
                self.env["recurring.occurrence"]._record(
                    [slot], run, "failed", "\n".join(texts)
                )
            else:
                ready.append(slot)
        ready, parked = engine.env["recurring.change.check"]._sort_out(ready)
        for reason, waiting in parked.items():
            self.env["recurring.occurrence"]._record(waiting, run, "held", reason)
        if ready:
            engine._generate_or_halve(task.with_env(engine.env), ready, run)

    @api.model
    def _with_task_company(self, task):
        """The engine acting for the task's company, quietly, in its language.

        A scheduled action has neither companies nor language nor time zone.
        """
        context = {
            "allowed_company_ids": task.company_id.ids,
            "lang": task.user_id.lang or task.company_id.partner_id.lang,
            "tz": task.tz,
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "mail_notrack": True,
            "mail_auto_subscribe_no_notify": True,
        }
        return self.sudo().with_company(task.company_id).with_context(**context)

    @api.model
    def _generate_or_halve(self, task, slots, run):
        """Issue all, or find the guilty ones and issue the others."""
        record = self.env["recurring.occurrence"]._record
        self._work_or_halve(
            lambda part: self._generate(task, part, run),
            slots,
            lambda slot, error: record(
                slot, run, "failed", self._describe_error(error)
            ),
        )

    @api.model
    def _generate(self, task, slots, run):
        """Ledger rows, documents, numbers and envelopes of one batch."""
        handler = task._get_handler()
        rows = self.env["recurring.occurrence"]._record(slots, run, "generated")
        failpoint("engine:ledger_written")
        rows = rows.with_env(self.env)
        documents = handler._create_documents(rows)
        failpoint("engine:documents_created")
        if task.completion != "draft":
            handler._confirm_documents(documents)
        failpoint("engine:documents_confirmed")
        for row, document in zip(rows, documents, strict=True):
            row.write(handler._prepare_outcome(document))
        if handler._has_amount():
            self._check_totals(rows)
        if task.completion == "send":
            self.env["document.delivery"]._create_for_occurrences(rows)
        self.env.flush_all()
        failpoint("engine:deliveries_created")

    @api.model
    def _check_totals(self, rows):
        """A document over nothing is a mistake in the set-up, not a bill."""
        for row in rows:
            if row.currency_id.is_zero(row.amount_total):
                check = self.env["recurring.ready.check"]
                raise UserError(check._get_zero_message(row.recipient_id))

    @api.model
    def _note_retries(self, recipients):
        """A failed customer is tried again tomorrow, not every hour."""
        pending = self.env["recurring.planner"]._get_pending(recipients)
        for recipient in recipients:
            rows = pending.get(recipient.id, ())
            retry = False
            if any(row.state == "failed" for row in rows):
                today = recipient.task_id._get_today()
                retry = fields.Date.add(today, days=1)
            if recipient.date_retry != retry:
                recipient.sudo().date_retry = retry

    # === WORDS === #

    @api.model
    def _get_skip_reason(self):
        return self.env._(
            "The date was missed, and the task says that missed dates are not issued."
        )

    @api.model
    def _get_hold_reason(self):
        return self.env._(
            "Too many dates were missed at once. Look at them, then release or skip "
            "them."
        )

    @api.model
    def _describe_error(self, error):
        """A reason that a clerk understands, in the responsible's language."""
        if isinstance(error, UserError | RedirectWarning):
            return str(error.args[0])
        if getattr(error, "pgcode", None):
            _logger.warning("Recurring billing: database error", exc_info=error)
            text = self.env["recurring.occurrence"]._sql_error_to_message(error)
            # what follows the first line quotes the whole row of the table
            text = text.splitlines()[0] if text else ""
            return self.env._("The database refused the document: %s", text)
        _logger.warning("Recurring billing: unexpected error", exc_info=error)
        return self.env._(
            "Unexpected error: %(error)s. Show this to your administrator; the "
            "server's log says more.",
            error=f"{type(error).__name__}: {error}",
        )

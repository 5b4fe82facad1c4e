import contextlib
from dataclasses import dataclass

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..rehearsal import Rehearsal
from ..simulation_script import Script
from .recurring_planner import PENDING

#: How often a batch is tried that met somebody else's work.
ATTEMPTS = 3


@dataclass
class Outcome:
    """What a batch would have made.

    shown: values of ``recurring.simulation.document``
    ids: its customers' lines; next_days: when they are next, by id
    """

    shown: list
    ids: list
    next_days: dict


class RecurringSimulator(models.AbstractModel):
    """Plays what the engine would do, day by day, and keeps nothing of it.

    It is the engine itself that works, batch by batch, each in a cursor of its own that
    is rolled back at once: a posted batch blocks the journal for everybody. What
    earlier batches have written into the ledger is written again before each one.
    """

    _name = "recurring.simulator"
    _inherit = ["recurring.simulator.events"]
    _description = "Simulator of recurring documents"

    # === THE PLAY === #

    @api.model
    def _play(self, simulation):
        """Play a simulation to its end.

        :return: generator of lists of values of ``recurring.simulation.document``: one
            list for each batch, whose transaction is over by then
        """
        script = self._get_script(simulation)
        rehearsal = Rehearsal(script.start)
        day, ids, is_first = None, list(script.partners), True
        while ids:
            for batch in self._plan(script, rehearsal, ids, is_first):
                outcome = self._perform(script, rehearsal, batch)
                script.note(self._get_ledger(outcome), outcome.ids, outcome.next_days)
                yield outcome.shown
            script.drop_stuck(day, ids)
            day, ids = script.get_due()
            is_first = False
            if day:
                rehearsal.now = script.get_moment(day)
        yield from self._get_other_events(simulation, rehearsal)
        simulation._note_stuck(script.stuck)

    @api.model
    def _get_script(self, simulation):
        """The script with what was played before this process took over."""
        recipients = simulation._get_recipients()
        script = Script(
            start=simulation.date_start,
            until=simulation.date_until,
            partners={line.id: line.partner_id.id for line in recipients.sudo()},
        )
        for row in simulation.document_ids.filtered("recipient_id"):
            key = row.recipient_id.id, row.scheduled_date
            script.rows[key] = row._get_ledger_values()
        return script

    @api.model
    def _get_ledger(self, outcome):
        model = self.env["recurring.simulation.document"]
        return [model._get_ledger_part(values) for values in outcome.shown]

    # === THE STAGE === #

    @api.model
    @contextlib.contextmanager
    def _stage(self, rehearsal):
        """The environment of the scheduled action, in which nothing is kept."""
        with contextlib.closing(self.env.registry.cursor()) as cr:
            rehearsal.play_on(cr)
            # skip_sms: an app would send it in the middle of the transaction
            context = {"recurring_simulation": True, "skip_sms": True}
            try:
                yield api.Environment(cr, SUPERUSER_ID, context)
            finally:
                cr.postrollback.clear()  # what would tell others of a failure
                cr.rollback()

    @api.model
    def _set_scene(self, env, script, ids):
        """The ledger as it would stand, for these lines and their customers' others."""
        self._start_drafts(env, ids)
        rows = script.get_rows(ids)
        members = env["recurring.task.recipient"].browse(
            {row["recipient_id"] for row in rows}
        )
        Occurrence = env["recurring.occurrence"]
        real = {
            (row.recipient_id.id, row.scheduled_date): row
            for row in Occurrence.search(
                [("recipient_id", "in", members.ids), ("state", "!=", "void")]
            )
        }
        missing = []
        for values in rows:
            row = real.get((values["recipient_id"], values["scheduled_date"]))
            if not row:
                missing.append(values)
            elif row.state in PENDING:
                row.write(values)
        Occurrence.create(missing)
        asked = members.filtered("requested_run_id")
        asked.write({"requested_run_id": False, "requested_date": False})
        members._refresh_next_date()

    @api.model
    def _start_drafts(self, env, ids):
        """A task that is not started yet is simulated as if somebody had."""
        lines = env["recurring.task.recipient"].search(
            [("id", "in", ids), ("task_state", "=", "draft")]
        )
        if not lines:
            return
        params = {"ids": tuple(lines.task_id.ids)}
        env.cr.execute(
            "UPDATE recurring_task SET state = 'running' WHERE id IN %(ids)s", params
        )
        env.cr.execute(
            "UPDATE recurring_task_recipient SET task_state = 'running'"
            " WHERE task_id IN %(ids)s",
            params,
        )
        env.invalidate_all(flush=False)

    # === A DAY === #

    @api.model
    def _plan(self, script, rehearsal, ids, is_first):
        """The batches of a day as the engine cuts them: model, method, arguments.

        :param bool is_first: what is due already, failed before, or released
        """
        with self._stage(rehearsal) as env:
            self._set_scene(env, script, ids)
            engine = env["recurring.engine"]
            due = env["recurring.task.recipient"].search(
                engine._get_due_domain() & Domain("id", "in", ids), order="task_id, id"
            )
            batches = list(engine._get_due_batches(due))
            if is_first:
                script.next_days = self._get_first_days(env, ids)
                released = env["recurring.runaway"]._get_released_rows()
                own = released.filtered_domain([("recipient_id", "in", ids)])
                batches[:0] = engine._get_released_batches(own)
            return [
                (batch.func.__self__._name, batch.func.__name__, batch.args)
                for batch in batches
            ]

    @api.model
    def _get_next_days(self, env, ids):
        """Days of the next new documents, by id."""
        recipients = env["recurring.task.recipient"].browse(ids)
        first = env["recurring.planner"]._get_first_periods(recipients)
        return {recipient.id: day for recipient, (_period, day) in first.items()}

    @api.model
    def _get_first_days(self, env, ids):
        """The same at the beginning: what failed before is tried again, too."""
        days = self._get_next_days(env, ids)
        for recipient in env["recurring.task.recipient"].browse(ids):
            if retry := recipient.date_retry:
                days[recipient.id] = min(days.get(recipient.id, retry), retry)
        return days

    # === A BATCH === #

    @api.model
    def _perform(self, script, rehearsal, batch):
        """Let the engine do a batch, read what it made, and undo it.

        Somebody else's work on the same rows is nobody's fault: once more.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._perform_once(script, rehearsal, batch)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if attempt == ATTEMPTS:
                    raise

    @api.model
    def _perform_once(self, script, rehearsal, batch):
        model, method, args = batch
        with self._stage(rehearsal) as env:
            ids = list(args[0])
            Occurrence = env["recurring.occurrence"]
            if model == "recurring.runaway":  # rows that somebody released
                ids = Occurrence.browse(ids).recipient_id.ids
            self._set_scene(env, script, ids)
            own = Domain("recipient_id", "in", ids)
            before = {row: row.attempts for row in Occurrence.search(own)}
            getattr(env[model], method)(*args)
            env.flush_all()
            rows = Occurrence.search(own, order="issue_date, id").filtered(
                lambda row: row.attempts != before.get(row, 0)
            )
            shown = self.env["recurring.simulation.document"]._describe(rows)
            return Outcome(shown, ids, self._get_next_days(env, ids))

    # === IN THE BACKGROUND === #

    @api.model
    def _cron_simulate(self):
        """Scheduled action: the large simulations, batch by batch.

        Its time may be used up, or the process be killed: the next call goes on behind
        the last batch that was committed. Somebody's cancelling ends it there.
        """
        waiting = self.env["recurring.simulation"].search(
            [("state", "=", "waiting")], order="id"
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(waiting))
        for simulation in waiting:
            if not simulation._go_on():
                return  # the slice is used up: the scheduled action calls again
            cron._commit_progress(1)

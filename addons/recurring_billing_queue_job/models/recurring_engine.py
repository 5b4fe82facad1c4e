from collections import defaultdict

from odoo import api, models

from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED, WAIT_DEPENDENCIES

#: Jobs that nobody has begun.
WAITING = (WAIT_DEPENDENCIES, PENDING, ENQUEUED)


class RecurringEngine(models.AbstractModel):
    """Batches become jobs, which the workers of any host take.

    Nothing relies on a job: it may run twice, later or never. A batch claims its rows
    and looks again at what is due, as it does in the scheduled action, so whatever is
    issued stands in the ledger once. What a dead job leaves behind stays due, and the
    scheduled action hands it out again.
    """

    _inherit = "recurring.engine"

    @api.model
    def _dispatch_batches(self, batches):
        """Make jobs of the batches, without what unfinished jobs have in hand.

        All of them in one call: a job takes milliseconds, and each further call would
        have to look at the growth of a large task once more.
        """
        in_hand = self._get_in_hand()
        total = 0
        for batch in batches:
            ids, *others = batch.args
            work = (batch.func.__self__._name, batch.func.__name__)
            free = [record for record in ids if record not in in_hand[work]]
            if free:
                description = f"{batch.func.__self__._description}: {len(free)}"
                job = self.with_delay(description=description)
                job._run_as_job(*work, free, *others)
            total += len(ids)
            self.env["ir.cron"]._commit_progress(len(ids))
        return total

    @api.model
    def _run_as_job(self, model, method, ids, *others):
        """One batch. As in the scheduled action, the context says nothing.

        A stale snapshot leaves this method: the job is undone and taken again.

        :return: number of records dealt with, which the job keeps as its result
        """
        if self.env["recurring.copy.guard"]._is_held():
            return 0  # a job that came along with a copied database: stays due
        self.env["recurring.occurrence"]._check_guards()
        work = getattr(self.env(context={})[model], method)
        done = work(ids, *others)
        self._wake_after_last_job()
        return done

    @api.model
    def _wake_after_last_job(self):
        """Have the runs closed and reported when no job waits any more.

        Asked with a cursor of its own: ours sees the jobs as they were when this one
        began, and of the last two each would leave it to the other.
        """
        with self.env.registry.cursor() as cr:
            engine = self.with_env(self.env(cr=cr))
            is_last = not engine._get_unfinished_jobs(WAITING, limit=1)
        if is_last:
            self.env.ref("recurring_billing.ir_cron_generate")._trigger()

    # === JOBS === #

    @api.model
    def _get_in_hand(self):
        """What will be dealt with anyway: ``{(model, method): ids}``."""
        in_hand = defaultdict(set)
        for job in self._get_unfinished_jobs():
            model, method, ids, *_others = job.args
            in_hand[model, method].update(ids)
        return in_hand

    @api.model
    def _get_unfinished_jobs(self, states=(*WAITING, STARTED), limit=None):
        """Our jobs that will end by themselves; failed and cancelled ones will not."""
        jobs = self.env["queue.job"].sudo()
        domain = [("method_name", "=", "_run_as_job"), ("state", "in", states)]
        return jobs.search(domain, limit=limit)

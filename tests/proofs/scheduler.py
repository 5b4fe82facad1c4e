"""Odoo's scheduler as a process that may die: no web pages, one runner of actions."""

import itertools
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from harness import OdooServer

from .sabotage import patched

GENERATE = "recurring_billing.ir_cron_generate"
SEND = "recurring_billing.ir_cron_send"
MAIL_QUEUE = "mail.ir_cron_mail_scheduler_action"
ACTIONS = (GENERATE, SEND, MAIL_QUEUE)

#: Seconds between two looks at a condition; every so many looks an hour passes.
POLL = 0.01
NUDGE = 20


class Scheduler(OdooServer):
    """A server that only works on scheduled actions.

    forked: the actions run in a worker process, which a master starts anew when it
    dies, as in production; otherwise in a thread of the only process.
    """

    def __init__(self, db, *, smtp=None, forked=False, patches=(), **changes):
        options = ["--no-http", "--max-cron-threads=1", f"--workers={int(forked)}"]
        if smtp is not None:
            options += [f"--smtp={smtp.host}", f"--smtp-port={smtp.port}"]
        self._wish = db.settings.state / f"{db.name}.wish"
        self._hits = self._wish.with_suffix(".hits")
        change = patched(db.settings, "wish", "not_nice", *patches, **changes)
        env = {**change["env"], "PROOF_WISH": str(self._wish)}
        super().__init__(db, [*options, *change["options"]], env)

    def __enter__(self):
        return self.launch()

    def __exit__(self, *_exc):
        self.kill()
        self.forget_wish()

    def kill_worker(self):
        """kill -9 of the worker alone; its master starts another one."""
        for worker in self._workers():
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    def _workers(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in children.read_text().split()]

    # === FAILPOINTS === #

    def wish(self, failpoint, what="kill"):
        """See addons/proof_bench/wish.py; the last wish is replaced, never missing."""
        self._hits.unlink(missing_ok=True)
        fresh = self._wish.with_suffix(".fresh")
        fresh.write_text(f"{failpoint} {what}")
        fresh.rename(self._wish)

    def forget_wish(self):
        for path in (self._wish, self._hits):
            path.unlink(missing_ok=True)

    @property
    def hits(self):
        """How often the wished failpoint was reached."""
        return self._hits.read_text().count("\n") if self._hits.exists() else 0


def wait_for(db, condition, limit=120, what="the scheduler"):
    """Let hours pass until `condition()` holds; returns what it returned."""
    deadline = time.monotonic() + limit
    rounds = itertools.cycle(range(NUDGE))
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: nothing happened within {limit} s")
        if not next(rounds):
            let_an_hour_pass(db)
        time.sleep(POLL)
    return found


def let_an_hour_pass(db, actions=ACTIONS):
    """What waiting would do: these scheduled actions are due, and somebody looks.

    An action that is at work is left alone: it sets its next time itself.
    """
    db.sql(
        "UPDATE ir_cron SET nextcall = now() at time zone 'UTC' - interval '1 minute'"
        " WHERE id IN (SELECT id FROM ir_cron WHERE id = ANY(%s)"
        "              FOR NO KEY UPDATE SKIP LOCKED)",
        [db.ref(action) for action in actions],
    )
    db.wake_scheduler()

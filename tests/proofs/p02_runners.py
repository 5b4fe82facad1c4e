"""P2: several runners and double clicks are harmless."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import psycopg2

from harness import RpcError, odoo_server

from .audit import audit
from .proof import Proof, Verdict
from .sabotage import drop_guards, patched
from .scheduler import GENERATE
from .workbench import let_first_date_arrive, seed_tasks

TASKS = 4
#: Few documents for each commit: the runners meet often.
BATCH = 5
#: Advisory locks behind which the runners wait: the first two go together, side by
#: side; the others when the first documents are there, one step behind.
FIRST_LINE, SECOND_LINE = 1, 2
USERS = ("bea", "bob")

RUN = """
env.cr.execute("SELECT pg_advisory_lock_shared({line})")
env.cr.execute("SELECT pg_advisory_unlock_shared({line})")
env.cr.commit()
cron = env.ref("recurring_billing.ir_cron_generate")
env["recurring.engine"].with_context(cron_id=cron.id)._cron_generate()
env.cr.commit()
"""

ADD_USERS = f"""
from odoo import Command
for login in {USERS!r}:
    env["res.users"].create({{
        "name": login,
        "login": login,
        "password": login,
        "group_ids": [Command.link(env.ref("recurring_billing.group_billing").id)],
    }})
env.cr.commit()
"""

#: What the log says when the database had to refuse a second row.
REFUSED = re.compile(
    r"^ERROR: +(?:duplicate|conflicting) key value.*_occurrence_", re.M
)

#: A second row for a document that exists: for the same date, and for another date
#: whose period reaches into the first one's.
SECOND_ROWS = {
    "same date": "scheduled_date, period_start, period_end",
    "period that overlaps": "scheduled_date + 1, period_start + 1, period_end + 1",
}
INSERT = """
    INSERT INTO recurring_occurrence
           (recipient_id, issue_date, state, scheduled_date, period_start, period_end)
    SELECT recipient_id, issue_date, state, {dates} FROM recurring_occurrence
     WHERE state = 'generated' ORDER BY id LIMIT 1"""


class Runners(Proof):
    """Runners that start at the same moment, while people press "Run now" on the tasks.

    Each customer gets the date that is due once; "Run now" may add the next one, ahead
    of its date, once a day and not once a click.
    """

    key = "P2"
    promise = "Concurrent runners and double clicks are harmless"
    small = {"customers": 60, "runners": 4, "clicks": 8}
    full = {"customers": 300, "runners": 4, "clicks": 40}
    quick = {"customers": 20, "runners": 3, "clicks": 0}
    sabotages = {
        "no_claim": "the claim on the customers",
        "no_guards": "the database's constraints",
        "next_dates_only": "claim, constraints, and planning from the ledger",
    }
    patches: ClassVar[dict] = {
        "no_claim": ["no_claim"],
        "no_guards": ["no_guard_check"],
        "next_dates_only": ["no_guard_check", "no_claim", "plan_from_dates"],
    }

    def run(self, customers, runners, clicks):
        """
        runners: processes that issue what is due
        clicks: of each user, on a task chosen at random
        """
        verdict = Verdict()
        with self.workbench.database("runners") as db:
            seed_tasks(db, customers, tasks=TASKS, more=ADD_USERS)
            let_first_date_arrive(db)
            self.db = db
            self.changes = patched(db.settings, *self._sabotage(), batch_size=BATCH)
            self._run_together(verdict, runners, clicks)
            self._judge(verdict, customers)
            self._judge_log(verdict)
            self._judge_database(verdict)
            audit(db, verdict)
        return verdict

    def _sabotage(self):
        """Take the protection away; the patches that this needs."""
        patches = self.patches.get(self.sabotage, ())
        if "no_guard_check" in patches:
            drop_guards(self.db)
        return patches

    # === THE CROWD === #

    def _run_together(self, verdict, runners, clicks):
        """People need a server of their own; without them this is quicker."""
        if not clicks:
            self._race(verdict, runners, [], [])
            return
        tasks = [task for (task,) in self.db.sql("SELECT id FROM recurring_task")]
        wishes = [[self.random.choice(tasks) for _ in range(clicks)] for _ in USERS]
        with odoo_server(self.db, allow_log=None, **self.changes) as server:
            people = [server.login(name) for name in USERS]
            self._race(verdict, runners, people, wishes)
            server.run_cron(GENERATE)  # more than 20 customers of a click

    def _race(self, verdict, runners, people, wishes):
        """Everybody waits at the start line, then all go at once."""
        for line in (FIRST_LINE, SECOND_LINE):
            self.db.sql("SELECT pg_advisory_lock(%s)", line)
        with ThreadPoolExecutor(runners + len(people)) as pool:
            running = [
                pool.submit(
                    self.db.shell,
                    RUN.format(line=FIRST_LINE if number < 2 else SECOND_LINE),
                    **self.changes,
                )
                for number in range(runners)
            ]
            self._wait_at_start_line(running)
            self.db.sql("SELECT pg_advisory_unlock(%s)", FIRST_LINE)
            clicking = [
                pool.submit(self._click, *work)
                for work in zip(people, wishes, strict=True)
            ]
            self._wait_for_documents(running)
            self.db.sql("SELECT pg_advisory_unlock(%s)", SECOND_LINE)
            answers = [person.result() for person in clicking]
            for runner in running:
                runner.result()
        counts = sum(answers, Counter())
        verdict.figures["runners"] = runners
        verdict.figures["people"] = len(people)
        verdict.figures["clicks that opened a run"] = counts["run"]
        verdict.figures["clicks told that there is nothing"] = counts["nothing"]
        verdict.expect("clicks that failed", counts["failed"])

    def _wait_at_start_line(self, running):
        waiting = (
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = %s"
        )
        while self.db.scalar(waiting, self.db.name) < len(running):
            for runner in running:
                if runner.done():
                    runner.result()  # it fell over
            time.sleep(0.05)

    def _wait_for_documents(self, running):
        rows = "SELECT count(*) FROM recurring_occurrence"
        while not self.db.scalar(rows) and not running[0].done():
            time.sleep(0.02)

    def _click(self, person, tasks):
        """One user presses "Run now" on one task after another."""
        counts = Counter()
        for task in tasks:
            try:
                person.call("recurring.task", "action_run_now", [task])
                counts["run"] += 1
            except RpcError as error:
                is_told = error.name == "odoo.exceptions.UserError"
                counts["nothing" if is_told else "failed"] += 1
        return counts

    # === VERDICT === #

    def _judge(self, verdict, customers):
        """The due date once for everybody; at most one more, ahead of its date."""
        rows = self.db.sql(
            "SELECT o.recipient_id,"
            "       count(*) FILTER (WHERE o.scheduled_date = t.date_start),"
            "       count(*) FILTER (WHERE o.scheduled_date != t.date_start)"
            "  FROM recurring_occurrence o JOIN recurring_task t ON t.id = o.task_id"
            " WHERE o.state = 'generated' GROUP BY 1"
        )
        verdict.figures["customers"] = customers
        verdict.expect("documents twice", sum(due > 1 for _r, due, _a in rows))
        served = sum(due > 0 for _r, due, _a in rows)
        verdict.expect("customers without a document", customers - served)
        verdict.expect("twice ahead on a day", sum(ahead > 1 for _r, _d, ahead in rows))
        verdict.figures["ahead of their date"] = sum(ahead for _r, _d, ahead in rows)
        verdict.expect(
            "dates that failed",
            self.db.scalar(
                "SELECT count(*) FROM recurring_occurrence WHERE state != 'generated'"
            ),
        )

    def _judge_log(self, verdict):
        """With the claim nobody even tries to write what another one has written."""
        log = self.db.settings.log_dir / f"{self.db.name}.shell.log"
        text = log.read_text(errors="replace")
        verdict.expect("second rows tried by runners", len(REFUSED.findall(text)))

    def _judge_database(self, verdict):
        """Whatever the program does: the database takes no second document."""
        refused = 0
        for name, dates in SECOND_ROWS.items():
            try:
                self.db.sql(INSERT.format(dates=dates))
                verdict.faults.append(f"the database took a second row: {name}")
            except psycopg2.errors.IntegrityError:
                refused += 1
        verdict.figures["second rows refused by the database"] = refused
        self.db.sql("DELETE FROM recurring_occurrence WHERE move_id IS NULL")

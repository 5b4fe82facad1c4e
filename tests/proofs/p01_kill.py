"""P1: killed anywhere, nothing twice, nothing missing."""

import time
from collections import Counter
from contextlib import contextmanager

from harness import SmtpSink

from . import cluster
from .audit import audit
from .cluster import crash_cluster
from .failpoints import FAILPOINTS, PARTS
from .progress import activity, done, is_at_rest, rows_lost, wait_until_at_rest
from .proof import Proof, Verdict
from .sabotage import drop_guards
from .scheduler import Scheduler, wait_for
from .workbench import let_first_date_arrive, seed_tasks

#: Documents of a batch, so that a few customers make many batches and many commits.
BATCH = 3
#: Seconds, about, from a written row to its commit, in each part of the work. A part is
#: one step for each document.
COMMIT_TIMES = {"engine:": 0.3, "delivery:": 0.3, "mail:": 0.03}


class Kill(Proof):
    """kill -9 of the real scheduler while it issues and mails, over and over.

    At random moments: of the worker alone, which its master replaces, and of the whole
    process group; and at every failpoint that the source names. Then it is left alone
    until it has come to rest. The full proof does the same to the database server.
    """

    key = "P1"
    promise = "Killed anywhere, nothing twice, nothing missing"
    small = {"customers": 45, "kills": 12, "group_kills": 1}
    full = {
        "customers": 1000,
        "kills": 201,
        "group_kills": 40,
        "pdf": True,
        "stops": 12,
    }
    quick = {
        "customers": 12,
        "kills": 0,
        "points": ("engine:after_commit", "engine:ledger_written", "mail:after_data"),
    }
    sabotages = {
        "early_commit": "ledger row and document in one transaction",
        "plan_from_dates": "the ledger's constraints, and planning from the ledger",
        "note_after_sending": "the note, committed before a mail leaves, that it does",
    }

    def run(
        self, customers, kills, group_kills=0, pdf=False, stops=0, points=FAILPOINTS
    ):
        """
        kills: at random moments, `group_kills` of them of the whole process group
        points: failpoints at which it is killed besides
        stops: of PostgreSQL itself, with a tenth of the customers
        pdf: print as usual, instead of blank pages
        """
        self.verdict = Verdict()
        self.points = points
        self.patches = [] if pdf else ["blank_pdf"]
        groups = set(self.random.sample(range(kills), group_kills))
        with self._customers(self.workbench, customers, ""):
            with self._new_scheduler() as self.scheduler:
                self._kill(customers, kills, groups)
                wait_until_at_rest(self.db)
            self.verdict.figures["rows of killed batches"] = rows_lost(self.db)
        if stops:
            few = customers // 10
            with (
                crash_cluster(self.workbench.template),
                self._customers(self.workbench, few, "PostgreSQL: "),
            ):
                self._stop_postgres(stops, 3 * few)
        return self.verdict

    @contextmanager
    def _customers(self, workbench, customers, where):
        """A database in which they all are due; judged in the end.

        where: what the names of the figures begin with
        """
        with workbench.database("kill") as self.db, SmtpSink() as self.smtp:
            seed_tasks(self.db, customers, tasks=4, completion="send")
            let_first_date_arrive(self.db)
            yield
            self._judge(customers, where)
            audit(self.db, self.verdict, where=where.rstrip(": "))

    def _new_scheduler(self):
        return Scheduler(
            self.db,
            smtp=self.smtp,
            forked=True,
            patches=[*self.patches, *self._sabotage()],
            batch_size=BATCH,
        )

    def _sabotage(self):
        """Take the protection away; the patches that this needs."""
        if self.sabotage == "plan_from_dates":
            drop_guards(self.db)
            return [self.sabotage, "no_guard_check"]
        return [self.sabotage] if self.sabotage else []

    # === KILLS === #

    def _kill(self, customers, kills, groups):
        """Part by part as the work goes: first at the failpoints, then at random."""
        missed, done_kills = [], 0
        for part, prefix in enumerate(PARTS):
            missed += [
                name
                for name in self.points
                if name.startswith(prefix) and not self._die_at(name)
            ]
            numbers = range(
                part * kills // len(PARTS), (part + 1) * kills // len(PARTS)
            )
            end = (part + 1) * customers
            done_kills += self._kill_at_random(
                numbers, end, groups, COMMIT_TIMES[prefix]
            )
        verdict = self.verdict
        verdict.figures["kills at failpoints"] = len(self.points) - len(missed)
        verdict.expect("failpoints not reached", missed, [])
        # On a busy machine the work may be over before the last of them.
        verdict.expect_at_least("kills at random", done_kills, kills * 2 // 3)
        verdict.figures["of the whole process group"] = len(groups)

    def _die_at(self, name):
        """Have the worker kill itself there, once.

        :return: whether it came there before everything was done
        """
        self.scheduler.wish(name)
        wait_for(self.db, lambda: self.scheduler.hits or is_at_rest(self.db), what=name)
        return bool(self.scheduler.hits)

    def _kill_at_random(self, numbers, end, groups, jitter):
        """Spread over the steps up to `end`, each while something is being written.

        :return: how often there was something to kill
        """
        for count, number in enumerate(numbers):
            left = end - done(self.db)
            share = 2 * left / (numbers.stop - number + 1)
            if not self._wait_for_work(end - left + int(self.random.random() * share)):
                return count
            time.sleep(self.random.random() * jitter)
            if number in groups:
                self.scheduler.kill()
                self.scheduler.launch()
            else:
                self.scheduler.kill_worker()
        return len(numbers)

    def _wait_for_work(self, target):
        """Until so many steps are committed, and the next one has begun.

        :return: False when everything is done already
        """
        wait_for(self.db, lambda: done(self.db) >= target, what=f"step {target}")
        before = activity(self.db, self.smtp)
        wait_for(
            self.db,
            lambda: is_at_rest(self.db) or activity(self.db, self.smtp) != before,
        )
        return not is_at_rest(self.db)

    def _stop_postgres(self, stops, end):
        """Stop the database server at random moments; each time all starts anew."""
        self.verdict.expect("PostgreSQL: fsync", self.db.scalar("SHOW fsync"), "on")
        for number in range(stops):
            with self._new_scheduler():
                left = end - done(self.db)
                share = 2 * left / (stops - number + 1)
                self._wait_for_work(end - left + int(self.random.random() * share))
                time.sleep(self.random.random() * COMMIT_TIMES["engine:"])
                cluster.stop_at_once()
            cluster.start()
            self.db.disconnect()
        with self._new_scheduler():
            wait_until_at_rest(self.db)
        self.verdict.figures["immediate stops of PostgreSQL"] = stops

    # === VERDICT === #

    def _judge(self, customers, where):
        ((issued, served, posted),) = self.db.sql(
            "SELECT count(*), count(DISTINCT o.partner_id),"
            "       count(*) FILTER (WHERE m.state = 'posted')"
            "  FROM recurring_occurrence o LEFT JOIN account_move m ON m.id = o.move_id"
            " WHERE o.state IN ('generated', 'sent')"
        )
        verdict = self.verdict
        verdict.figures[f"{where}customers"] = customers
        verdict.expect(f"{where}documents twice", issued - served)
        verdict.expect(f"{where}customers without a document", customers - served)
        verdict.expect(f"{where}documents not posted", issued - posted)
        verdict.expect(
            f"{where}dates that failed",
            self.db.scalar(
                "SELECT count(*) FROM recurring_occurrence"
                " WHERE state NOT IN ('generated', 'sent')"
            ),
        )
        self._judge_mails(customers, where)

    def _judge_mails(self, customers, where):
        """One mail for each customer, at most; where nobody can know, it says so."""
        received = Counter(
            address
            for message in self.smtp.messages
            for address in message.rcpt_tos
            if address.startswith("customer")
        )
        states = dict(
            self.db.sql(
                "SELECT p.email, d.state FROM document_delivery d"
                "  JOIN res_partner p ON p.id = d.partner_id"
            )
        )
        verdict = self.verdict
        taken = [address for address, state in states.items() if state == "sent"]
        unknown = sum(state == "unknown" for state in states.values())
        verdict.expect(f"{where}mails twice", sum(n - 1 for n in received.values()))
        verdict.expect(f"{where}customers without a delivery", customers - len(states))
        verdict.figures[f"{where}mails taken"] = len(taken)
        verdict.figures[f"{where}mails shown as unknown"] = unknown
        verdict.expect(f"{where}other mails", len(states) - unknown - len(taken))
        verdict.expect(
            f"{where}mails said to be taken that never came",
            sum(not received[address] for address in taken),
        )

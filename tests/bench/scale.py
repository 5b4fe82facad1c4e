"""What docs/scaling.md is computed from: the ceiling of a journal, the cost of each
step, and the bytes that a document leaves behind.

    ./setup/shell.sh env PYTHONPATH=setup:tests python -m bench.scale [documents]
"""

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from harness import Database, SmtpSink, forked, odoo_server
from proofs.scheduler import GENERATE, MAIL_QUEUE, SEND
from proofs.workbench import let_first_date_arrive, seed_tasks
from suite import databases, odoo_log
from suite.settings import Settings

#: Runners and journals that are tried together.
CROWDS = ((1, 1), (2, 1), (2, 2), (4, 1), (4, 4))

#: Runners that start together; each notes how long it kept the journal's numbers.
RUN = """
import time
from multiprocessing import Value, Barrier
held, batches, barrier = Value("d", 0.0), Value("i", 0), Barrier(RUNNERS)
began = Value("d", 0.0)

def work(env):
    cron = env.ref("recurring_billing.ir_cron_generate")
    handler, crons = type(env["recurring.document.invoice"]), type(env["ir.cron"])
    confirm, commit, since = handler._confirm_documents, crons._commit_progress, []

    def _confirm(self, documents):
        since.append(time.monotonic())
        return confirm(self, documents)

    def _commit(self, *args, **options):
        answer = commit(self, *args, **options)
        if since:
            with held.get_lock(), batches.get_lock():
                held.value += time.monotonic() - since[0]
                batches.value += 1
            since.clear()
        return answer

    handler._confirm_documents, crons._commit_progress = _confirm, _commit
    engine = env["recurring.engine"].with_context(cron_id=cron.id)
    due = env["recurring.task.recipient"]
    barrier.wait()
    with began.get_lock():
        began.value = began.value or time.monotonic()
    while due.search_count(engine._get_due_domain()):
        engine._cron_generate()
        env.cr.commit()

runners = [start(work) for _ in range(RUNNERS)]
ends = wait(*runners)
tell({"seconds": time.monotonic() - began.value, "held": held.value,
      "batches": batches.value, "ends": ends})
"""


#: A document of last month for everybody, so that there is something to compare with.
HISTORY = """
INSERT INTO recurring_occurrence
       (recipient_id, task_id, partner_id, company_id, state, document_type,
        scheduled_date, issue_date, document_date, period_start, period_end,
        amount_untaxed, amount_total, currency_id)
SELECT r.id, r.task_id, r.partner_id, r.company_id, 'generated', t.document_type,
       day, day, day, day, day + 7, 10, 10, c.currency_id
  FROM recurring_task_recipient r JOIN recurring_task t ON t.id = r.task_id
  JOIN res_company c ON c.id = r.company_id,
       LATERAL (SELECT t.date_start - 30 AS day) AS days"""

#: What each call of the scheduled action does before its first batch.
PLAN = """
import time
engine = env["recurring.engine"]
began = time.process_time()
first = next(engine._get_batches(engine._get_due_recipients()))
print("SECONDS", time.process_time() - began, len(first.args[0]))
"""


class Bench:
    def __init__(self):
        self.settings = Settings.from_env("test")
        path = self.settings.root / "tests" / "log_ignore.toml"
        self.template = databases.ensure_suite_template(
            self.settings, odoo_log.load_ignores(path), addons=["recurring_billing"]
        )

    @contextmanager
    def due(self, documents, **options):
        """A database with so many documents that are due."""
        db = Database.fresh(self.settings, self.template, "scale")
        try:
            seed_tasks(db, documents, **options)
            let_first_date_arrive(db)
            db.sql("VACUUM ANALYZE")
            yield db
        finally:
            db.drop()

    def measure_plan(self, customers):
        """CPU seconds before the first batch of a task with so many customers."""
        with self.due(customers) as db:
            db.sql(HISTORY)
            db.sql("VACUUM ANALYZE")
            output = db.shell(PLAN)
        (line,) = [line for line in output.splitlines() if line.startswith("SECONDS")]
        _word, seconds, size = line.split()
        assert int(size) == 50, "parked, or nothing due"
        return float(seconds)

    # === JOURNALS === #

    def measure_crowd(self, documents, runners, journals):
        split = JOURNAL_FOR_EACH.format(journals=journals)
        with self.due(documents, tasks=4, more=split) as db:
            found = forked.run(db, RUN, RUNNERS=runners)
            issued = db.scalar("SELECT count(*) FROM recurring_occurrence")
            used = db.scalar(
                "SELECT count(DISTINCT journal_id) FROM account_move"
                " WHERE recurring_task_id IS NOT NULL"
            )
        assert (issued, used) == (documents, journals), (issued, used)
        return {
            "runners": runners,
            "journals": journals,
            "documents a second": round(documents / found["seconds"], 1),
            "batches": found["batches"],
            "journal kept, s a batch": round(found["held"] / found["batches"], 2),
        }

    # === STEPS === #

    def measure_steps(self, documents):
        """Seconds of each step, one process, and the bytes that are left."""
        with self.due(documents, completion="send") as db, SmtpSink() as smtp:
            before = self._get_sizes(db)
            seconds = {}
            with odoo_server(db, smtp=smtp, allow_log=None) as server:
                server.run_cron(MAIL_QUEUE)
                for name, action in (
                    ("issued", GENERATE),
                    ("printed and queued", SEND),
                    ("mailed", MAIL_QUEUE),
                ):
                    began = time.monotonic()
                    while db.scalar(LEFT[name]):
                        server.run_cron(action)
                    seconds[name] = time.monotonic() - began
            db.sql("VACUUM FULL")
            after = self._get_sizes(db)
            assert len(smtp.messages) >= documents
        figures = {f"{k}, ms": round(1000 * v / documents) for k, v in seconds.items()}
        for name in before:
            figures[f"{name}, bytes"] = round((after[name] - before[name]) / documents)
        return figures

    def _get_sizes(self, db):
        db.sql("VACUUM FULL")
        store = Path(self.settings.data_dir) / "filestore" / db.name
        done = subprocess.run(
            ["du", "-sb", str(store)], capture_output=True, text=True, check=True
        )
        size = db.scalar("SELECT pg_database_size(current_database())")
        return {"PostgreSQL": size, "filestore": int(done.stdout.split()[0])}


#: Rows that a step still has to deal with.
LEFT = {
    "issued": "SELECT count(*) FROM recurring_task_recipient WHERE date_next <= now()",
    "printed and queued": "SELECT count(*) FROM document_delivery"
    " WHERE state = 'queued' AND mail_mail_id IS NULL",
    "mailed": "SELECT count(*) FROM document_delivery WHERE state = 'queued'",
}
JOURNAL_FOR_EACH = """
journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
journals = journal + journal.browse(
    [journal.copy({{"code": f"S{{n}}"}}).id for n in range(1, {journals})]
)
for number, task in enumerate(tasks):
    task.journal_id = journals[number % {journals}]
env.cr.commit()
"""


def main(documents=400):
    bench = Bench()
    for customers in (1000, 5000):
        seconds = bench.measure_plan(customers)
        print(f"planning a task of {customers:,}: {seconds:.2f} s", flush=True)
    for name, value in bench.measure_steps(documents).items():
        print(f"{name}: {value:,}", flush=True)
    for runners, journals in CROWDS:
        print(bench.measure_crowd(documents, runners, journals), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

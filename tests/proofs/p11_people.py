"""P11: people can work meanwhile."""

import random
import time
from contextlib import ExitStack

from harness import odoo_server

from .audit import audit
from .p11_clerk import PERIOD, Clerk
from .p11_lock_waits import LockWaits, delays, percentile
from .progress import wait_until_at_rest
from .proof import Proof, Verdict
from .scheduler import Scheduler, let_an_hour_pass
from .workbench import let_first_date_arrive

CLERKS = ("anna", "bert")
#: Moments before and after the run at which people work as well, in seconds.
MARGIN = 2.0
#: What Odoo writes into the log when it repeats a request on its own.
REPEATED = "tries left, try again in"
EXPECTED_LOG = ("could not serialize access", "could not obtain lock")

SEED = """
from datetime import timedelta
from odoo import Command, fields

groups = ("recurring_billing.group_billing", "base.group_partner_manager")
for login in {clerks!r}:
    env["res.users"].create({{
        "name": login, "login": login, "password": login,
        "group_ids": [Command.link(env.ref(group).id) for group in groups],
    }})
product = env["product.product"].create(
    {{"name": "Hosting", "type": "service", "list_price": 10.0}}
)
customers = env["res.partner"].create(
    [{{"name": f"Customer {{i:05d}}"}} for i in range({customers})]
)
tasks = env["recurring.task"].create([{{
    "name": f"Hosting {{part}}",
    "completion": "confirm",
    "date_start": fields.Date.today() + timedelta(days=2),
    "line_ids": [Command.create({{"product_id": product.id}})],
    "recipient_ids": [Command.create({{"partner_id": c.id}}) for c in customers],
}} for part in range({tasks})])
tasks.action_start()
env.cr.commit()
print("PRODUCT", product.id)
"""


class People(Proof):
    """Two people edit customers, tasks, recipients and invoices, and issue invoices of
    their own, while the scheduler bills the same customers.

    Each of them has a server process of her own, so that the database tells apart who
    waits. Waiting is measured as time spent on locks, not by the clock on the wall:
    the machine may be busy with other things.
    """

    key = "P11"
    promise = "People can work meanwhile"
    small = {"customers": 120, "tasks": 4, "batch_size": 10}
    full = {"customers": 1000, "tasks": 3, "batch_size": 100}
    quick = {"customers": 120, "tasks": 2, "batch_size": 10}
    sabotages = {"one_transaction": "a commit after every batch"}

    def run(self, customers, tasks, batch_size):
        """batch_size: documents between two commits, in proportion to their number:
        so that as large a part of what people edit is being billed at a time."""
        verdict = Verdict()
        with self.workbench.database("people") as db:
            output = db.shell(
                SEED.format(clerks=CLERKS, customers=customers, tasks=tasks)
            )
            self.product = int(output.split("PRODUCT")[1].split()[0])
            let_first_date_arrive(db)
            with ExitStack() as stack:
                clerks = self._hire(stack, db)
                waits = self._work(db, clerks, batch_size)
                repeated = sum(c.server.log_text().count(REPEATED) for c in clerks)
            verdict.expect(
                "documents",
                db.scalar("SELECT count(*) FROM recurring_occurrence"),
                customers * tasks,
            )
            self._judge(verdict, db, clerks, waits)
            verdict.figures["requests repeated by Odoo"] = repeated
            verdict.figures["batches taken again"] = self.taken_again
            audit(db, verdict)
        return verdict

    def _hire(self, stack, db):
        clerks = []
        for number, login in enumerate(CLERKS):
            server = stack.enter_context(
                odoo_server(
                    db, options=[f"--db_app_name={login}"], allow_log=EXPECTED_LOG
                )
            )
            rng = random.Random(self.random.random())
            clerk = Clerk(number, server.login(login), rng, db, self.product)
            clerk.server = server
            clerks.append(clerk)
        return clerks

    def _work(self, db, clerks, batch_size):
        """:return: the waits for locks meanwhile"""
        patches = [self.sabotage] if self.sabotage else []
        scheduler = Scheduler(db, patches=patches, batch_size=batch_size)
        with LockWaits(db) as waits, scheduler:
            for clerk in clerks:
                clerk.start()
            time.sleep(MARGIN)
            self.began = time.time()
            let_an_hour_pass(db)
            wait_until_at_rest(db, limit=1800)
            self.ended = time.time()
            time.sleep(MARGIN)
            for clerk in clerks:
                clerk.leave.set()
            for clerk in clerks:
                clerk.join()
        self.taken_again = scheduler.log_text().count("ERROR: could not serialize")
        return waits

    def _judge(self, verdict, db, clerks, waits):
        lost, held_up, operations = 0, [], []
        for clerk, login in zip(clerks, CLERKS, strict=True):
            lost += clerk.count_lost()
            # Before and after the run there is nobody to wait for.
            during = [
                o
                for o in clerk.operations
                if o.end >= self.began and o.start <= self.ended
            ]
            operations += during
            held_up += delays(during, waits.of(login), PERIOD)
        seconds = self.ended - self.began
        figures = verdict.figures
        figures["seconds of the run"] = round(seconds, 1)
        verdict.expect_at_least("operations during the run", len(operations), 20)
        figures["operations a second"] = round(len(operations) / seconds, 1)
        figures["invoices issued by hand"] = sum(len(c.invoices) for c in clerks)
        verdict.expect("updates lost", lost)
        errors = [o.error for o in operations if o.error]
        share = round(100 * len(errors) / max(len(operations), 1), 2)
        verdict.expect_at_most("errors seen by people, %", share, 0.5)
        verdict.faults += sorted(set(errors))[:5] if share > 0.5 else []
        p95 = round(1000 * percentile(held_up, 95))
        verdict.expect_at_most("held up by locks, p95, ms", p95, 1000)
        figures["held up by locks, longest, ms"] = round(
            1000 * max(held_up, default=0.0)
        )
        figures["waited for, seconds by table"] = waits.by_table(CLERKS)
        spent = [o.end - o.start for o in operations]
        figures["whole operation, p95, ms"] = round(1000 * percentile(spent, 95))
        self._judge_invoices(verdict, db, clerks)

    def _judge_invoices(self, verdict, db, clerks):
        """What people issued themselves stands, each with a number."""
        ids = [invoice for clerk in clerks for invoice in clerk.invoices]
        posted = db.scalar(
            "SELECT count(DISTINCT name) FROM account_move"
            " WHERE id = ANY(%s) AND state = 'posted'",
            ids,
        )
        verdict.expect("invoices by hand that got lost", len(ids) - posted)

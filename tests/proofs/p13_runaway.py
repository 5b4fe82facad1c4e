"""P13: a runaway stops itself, and a year of ordinary business is never stopped."""

import json
from typing import ClassVar

from harness import SmtpSink, odoo_server

from .audit import audit
from .proof import Proof, Verdict
from .sabotage import patched

#: Taken away in every process of the proof.
SABOTAGE = {
    "no_growth_limit": "env.registry['recurring.runaway']._get_parked = "
    "lambda runaway, recipients: (recipients.browse(), '')",
    "no_daily_limit": "env.registry['recurring.runaway']._get_crowded = "
    "lambda runaway, slots: {}",
    "no_cap": "env.registry['res.company']._get_catch_up_cap = lambda company: 0",
    "bit_by_bit": """
from functools import partial
env.registry["recurring.engine"]._get_batches = lambda engine, recipients: (
    partial(engine._run_batch, one.ids, reason)
    for members in recipients.grouped("task_id").values()
    for reason in [engine.env["recurring.runaway"]._get_parked(members)[1]]
    for one in members
)
""",
}

#: A year of business: prices grow by 5 to 10 % a month, customers come all the time,
#: July's run is missed and caught up in August.
ORDINARY_YEAR = """
import json
from freezegun import freeze_time
from odoo import Command
{sabotage}
plan = json.loads({plan!r})
product = env["product.product"].create({{"name": "Hosting", "list_price": 50.0}})
customers = env["res.partner"].create([
    {{"name": f"Customer {{n:04}}", "email": f"customer{{n:04}}@customers.example"}}
    for n in range(plan["customers"])
])
half = len(customers) // 2

def start(name, members, **values):
    task = env["recurring.task"].create({{
        "name": name,
        "date_start": "2024-02-01",
        "completion": "confirm",
        "line_ids": [Command.create({{"product_id": product.id}})],
        "recipient_ids": [Command.create({{"partner_id": c.id}}) for c in members],
        **values,
    }})
    task.action_start()
    return task

with freeze_time("2024-01-15 08:00:00") as clock:
    kept = start("10 times the price", customers[:half])
    listed = start("10 times as many", customers[half:], price_mode="pricelist")
    start("Weekly", customers[:3], interval_unit="week")
    env.cr.commit()
    for month, growth in enumerate(plan["growth"], 2):
        if month != 7:
            year, month_of_year = divmod(month - 1, 12)
            clock.move_to(f"{{2024 + year}}-{{month_of_year + 1:02}}-01 06:00:00")
            engine = env["recurring.engine"]
            for _call in range(100):  # missed dates are served bit by bit
                if engine._get_due_recipients():
                    engine._cron_generate()
        kept.line_ids.price_unit *= growth
        product.list_price *= growth
        kept._add_recipients(customers[half:][month * half // 14 :][: half // 14 + 1])
        env.cr.commit()
"""

#: The mistakes, each noticed by one rule alone. They send e-mails, had they their way.
MISTAKES = """
from freezegun import freeze_time
from odoo import Command, fields
{sabotage}
kept, listed, weekly = (
    env["recurring.task"].search([("name", "=", name)])
    for name in ("10 times the price", "10 times as many", "Weekly"))
partners = env["res.partner"].create([
    {{"name": f"Copied {{n}}", "email": f"copied{{n}}@customers.example"}}
    for n in range({copied_to} + 2)
])

def start(name, members, **values):
    return env["recurring.task"].create({{
        "name": name,
        "completion": "send",
        "line_ids": [Command.create({{"name": "Work", "price_unit": 10}})],
        "recipient_ids": [Command.create({{"partner_id": c.id}}) for c in members],
        **values,
    }})

with freeze_time("2025-01-15 08:00:00"):
    weekly.action_stop()
    (kept + listed).completion = "send"
    kept.line_ids.price_unit *= 10
    listed.line_ids.quantity *= 10
    copied = start("Copies", partners[:{copied_to}], date_start="2025-02-01")
    copies = copied + copied.browse(
        copied.copy({{"name": "Copies"}}).id for _number in range(29))
    copies.action_start()
    start("15 days", partners[-2], interval_unit="day",
          date_start="2025-01-18").action_start()
    # its server stood still for 400 days
    late = start("400 days", partners[-1], interval_unit="day",
                 date_start="2025-02-01")
    late.action_start()
    env.flush_all()
    env.cr.execute("UPDATE recurring_task SET date_start = '2023-12-30' WHERE id = %s",
                   late.ids)
    env.cr.execute("UPDATE recurring_task_recipient SET date_next = '2023-12-30'"
                   " WHERE task_id = %s", late.ids)
    biller = env["res.users"].with_context(no_reset_password=True).create({{
        "name": "Biller", "login": "biller",
        "group_ids": [Command.set(env.ref("recurring_billing.group_billing").ids)]}})
    env.cr.commit()
"""

RUN = """
from freezegun import freeze_time
{sabotage}
with freeze_time("2025-02-01 06:00:00"):
    env["recurring.engine"]._cron_generate()
    env.cr.commit()
"""

#: One click on a task, one on the run; what is more than 20 comes from the action.
RELEASE = """
from freezegun import freeze_time
{sabotage}
with freeze_time("2025-02-01 09:00:00"):
    env = env(user=env["res.users"].search([("login", "=", "biller")]).id)
    task = env["recurring.task"].search([("name", "=", "10 times the price")])
    if task.waiting_count:
        task.action_release()
        env.cr.commit()
    rows = env["recurring.occurrence"].search([
        ("state", "=", "held"), ("release_run_id", "=", False)])
    for run in rows.run_id:
        run.action_release()
        env.cr.commit()
    for _again in range(2):
        env(user=1)["recurring.engine"]._cron_generate()
        env.cr.commit()
"""

#: The first in the alphabet: its documents would be issued first.
FIRST = "10 times as many"

#: By name of the mistake: ledger rows, those held, issued, and documents' deliveries.
OUTCOME = """
    SELECT t.name, count(*), count(*) FILTER (WHERE o.state = 'held'),
           count(*) FILTER (WHERE o.res_id IS NOT NULL),
           (SELECT count(*) FROM document_delivery d
             WHERE d.occurrence_id = ANY (array_agg(o.id)))
      FROM recurring_occurrence o JOIN recurring_task t ON t.id = o.task_id
     WHERE NOT o.id = ANY (%s) GROUP BY t.name
"""


class RunawaysStop(Proof):
    key = "P13"
    promise = "A runaway stops itself"
    small: ClassVar[dict] = {"customers": 60, "copied_to": 3}
    full: ClassVar[dict] = {"customers": 1000, "copied_to": 100}
    quick: ClassVar[dict] = {"customers": 8, "copied_to": 2}
    sabotages: ClassVar[dict] = {
        "no_growth_limit": "a task's total is not compared with what was usual",
        "no_daily_limit": "a customer may get any number of documents on a day",
        "no_cap": "any number of missed dates is issued at once",
        "bit_by_bit": "the customers of a task are parked one after the other",
    }

    def run(self, customers, copied_to):
        """
        :param customers: of the ordinary year; all get a document that is ten times
            too much in the end
        :param copied_to: customers of thirty copies of a task
        """
        verdict = Verdict(figures={"seed": self.seed})
        with self.workbench.database("runaway") as db:
            self._live_an_ordinary_year(db, verdict, customers)
            known = [id_ for (id_,) in db.sql("SELECT id FROM recurring_occurrence")]
            due = self._make_mistakes(db, copied_to)
            self._die_while_parking(db, verdict, known, due)
            self._shell(db, RUN)
            self._expect_parked(db, verdict, known, due)
            self._expect_no_mail(db, verdict)
            self._shell(db, RELEASE)
            self._expect_issued_once(db, verdict, known, due)
            audit(db, verdict)
        return verdict

    def _shell(self, db, script, **options):
        sabotage = SABOTAGE.get(self.sabotage, "")
        patches = options.pop("patches", {})
        return db.shell(
            script.format(sabotage=sabotage, **options), timeout=7200, **patches
        )

    def _live_an_ordinary_year(self, db, verdict, customers):
        growth = [self.random.uniform(1.05, 1.10) for _month in range(12)]
        plan = {"customers": customers, "growth": growth}
        self._shell(db, ORDINARY_YEAR, plan=json.dumps(plan))
        states = dict(
            db.sql("SELECT state, count(*) FROM recurring_occurrence GROUP BY 1")
        )
        verdict.expect_at_least(
            "documents of an ordinary year", states.get("generated", 0), 12 * customers
        )
        verdict.expect("stopped by mistake", states.get("held", 0))
        verdict.expect("failed", states.get("failed", 0))

    def _make_mistakes(self, db, copied_to):
        """:return: documents that would be issued, by name of the mistake"""
        self._shell(db, MISTAKES, copied_to=copied_to)
        members = dict(
            db.sql(
                """SELECT t.name, count(*) FROM recurring_task_recipient r
                     JOIN recurring_task t ON t.id = r.task_id GROUP BY 1"""
            )
        )
        return {
            "10 times the price": members["10 times the price"],
            FIRST: members[FIRST],
            "Copies": 30 * copied_to,
            "15 days": 15,
            "400 days": 400,
        }

    def _die_while_parking(self, db, verdict, known, due):
        """Killed after the first commit: a task is parked as a whole, or not at all."""
        patches = patched(db.settings, batch_size=3, failpoint="engine:after_commit")
        try:
            self._shell(db, RUN, patches=patches)
        except RuntimeError:
            verdict.figures["killed while parking"] = 1
        else:
            verdict.faults.append("the process was to be killed, and lived")
        outcome = self._read(db, known)
        held = outcome.get(FIRST, (0, 0))[1]
        verdict.figures["parked before the kill"] = held
        if held not in (0, due[FIRST]):
            verdict.faults.append(f"{held} of {due[FIRST]} parked before the kill")

    def _expect_parked(self, db, verdict, known, due):
        outcome = self._read(db, known)
        for name, count in due.items():
            rows, held, issued, mails = outcome.get(name, (0, 0, 0, 0))
            verdict.expect(f"{name}: parked", held, count)
            verdict.expect(f"{name}: issued", issued)
            verdict.expect(f"{name}: e-mails", mails)
            verdict.expect(f"{name}: anything else", rows - held)

    def _expect_no_mail(self, db, verdict):
        with SmtpSink() as sink, odoo_server(db, smtp=sink, allow_log=None) as server:
            server.run_cron("recurring_billing.ir_cron_send")
            server.run_cron("mail.ir_cron_mail_scheduler_action")
        addresses = [a for message in sink.messages for a in message.rcpt_tos]
        to_customers = [a for a in addresses if a.endswith("@customers.example")]
        verdict.expect("mails at the mail server", len(to_customers))

    def _expect_issued_once(self, db, verdict, known, due):
        outcome = self._read(db, known)
        verdict.expect(
            "released and issued",
            {name: outcome.get(name, (0, 0, 0))[2] for name in due},
            due,
        )
        verdict.expect("still held", sum(row[1] for row in outcome.values()))
        verdict.expect(
            "documents without an e-mail",
            sum(issued - mails for _rows, _held, issued, mails in outcome.values()),
        )
        verdict.expect(
            "documents of a customer and date, too many",
            db.scalar(
                """SELECT coalesce(sum(n - 1), 0)::int FROM (
                       SELECT count(*) AS n FROM account_move m
                         JOIN recurring_occurrence o ON o.id = m.recurring_occurrence_id
                        GROUP BY o.recipient_id, o.scheduled_date) AS counts"""
            ),
        )

    @staticmethod
    def _read(db, known):
        return {name: tuple(figures) for name, *figures in db.sql(OUTCOME, known)}

"""P3: one bad customer harms nobody. Many kinds of errors in one run."""

import json
import re

from .audit import audit
from .proof import Proof, Verdict

#: What a repair takes away: the first error ends the work for all of the batch, as a
#: loop with one ``try`` around it would.
SABOTAGE = {
    "no_halving": """
def fail_together(engine, work, items, set_aside):
    try:
        with env.cr.savepoint():
            work(items)
    except Exception as error:
        env.invalidate_all(flush=False)
        for item in items:
            set_aside([item] if isinstance(items, list) else item, error)
env.registry["recurring.engine"]._work_or_halve = fail_together
""",
    "no_retry": """
env.registry["recurring.planner"]._get_failed_slots = lambda *args: []
""",
}

PLAY = """
import json, sys
sys.path.insert(0, {tests!r})
from proofs import loud_faults
from proofs.fault_bench import FAULTS, Bench
{sabotage}

def run():
    env["recurring.engine"]._cron_generate()
    env.cr.commit()
    env.invalidate_all()

def later(days):
    "What so many days of waiting would do."
    env.flush_all()
    env.cr.execute("UPDATE recurring_task SET date_start = date_start - %s", (days,))
    env.cr.execute(
        "UPDATE recurring_task_recipient SET date_next = date_next - %s,"
        " date_retry = date_retry - %s", (days, days)
    )
    env.cr.commit()
    env.invalidate_all()

def tell():
    rows = env["recurring.occurrence"].search([])
    return [{{
        "id": row.id,
        "task": row.task_id.name,
        "customer": row.partner_id.name,
        "owner": row.user_id.login,
        "state": row.state,
        "document": row.move_id.state,
        "error": row.error or "",
        "delivery": row.delivery_state,
        "attempts": row.attempts,
    }} for row in rows]

env["res.users"].create([
    {{"name": name, "login": name, "email": name + "@example.com", "group_ids": [
        (4, env.ref("recurring_billing.group_manager").id)
    ]}} for name in ("ana", "bea")
])
ana, bea = (env["res.users"].search([("login", "=", name)]) for name in ("ana", "bea"))
bench = Bench(env)
own = bench.start_all(FAULTS)
own.user_id = ana
bench.start_shared({customers}, tasks=4, user_id=bea.id)
later(2)
bench.step_all()
run()
env["document.delivery"]._cron_send()
env["recurring.run"]._send_due_reports()
env.cr.commit()
first = tell()
mails = env["mail.mail"].search([("model", "=", "recurring.run")])
bench.step_all()
later(1)
run()
print("TOLD " + json.dumps({{
    "harmless": [f.__name__ for f in FAULTS.values() if hasattr(f, "is_harmless")],
    "faults": list(FAULTS),
    "first": first,
    "second": tell(),
    "mails": [{{"to": mail.email_to, "body": mail.body_html}} for mail in mails],
}}))
"""


class OneBadCustomer(Proof):
    key = "P3"
    promise = "One bad customer harms nobody"
    small = {"customers": 100}
    full = {"customers": 1000}
    quick = {"customers": 40}
    sabotages = {
        "no_halving": "one error ends the work for the customers beside it",
        "no_retry": "what failed is forgotten",
    }

    def run(self, customers):
        """
        :param customers: number of those who share tasks; a few more have their own
        """
        verdict = Verdict()
        with self.workbench.database("loud") as db:
            told = self._play(db, customers)
            faults = {
                f"{name} invoice"
                for name in told["faults"]
                if name not in told["harmless"]
            }
            verdict.expect_at_least("kinds of faults", len(faults), 10)
            self._judge_first_run(verdict, told, faults, customers)
            self._judge_reports(verdict, told)
            self._judge_link(db, verdict)
            self._judge_second_run(verdict, told)
            audit(db, verdict)
        return verdict

    def _play(self, db, customers):
        output = db.shell(
            PLAY.format(
                tests=str(self.workbench.settings.root / "tests"),
                customers=customers,
                sabotage=SABOTAGE.get(self.sabotage, ""),
            ),
            timeout=3600,
        )
        (line,) = [line for line in output.splitlines() if line.startswith("TOLD ")]
        return json.loads(line.removeprefix("TOLD "))

    @staticmethod
    def _judge_first_run(verdict, told, faults, customers):
        """Exactly the bad ones failed, each with a reason, known to its responsible."""
        failed = {
            row["customer"]: row for row in told["first"] if row["state"] == "failed"
        }
        issued = [row for row in told["first"] if row["document"] == "posted"]
        verdict.expect_at_least(
            "issued in the first run", len(issued), customers - len(faults)
        )
        verdict.expect(
            "neither issued nor failed", len(told["first"]) - len(issued) - len(failed)
        )
        harmed = [row for name, row in failed.items() if name not in faults]
        verdict.expect("harmed by others", len(harmed))
        verdict.faults += [f"{row['customer']}: {row['error']}" for row in harmed[:5]]
        verdict.expect("bad ones not noticed", sorted(faults - set(failed)), [])
        harmless = {f"{name} invoice" for name in told["harmless"]}
        served = {row["customer"] for row in issued}
        verdict.expect("stopped without a reason", sorted(harmless - served), [])
        verdict.faults += [
            f"no reason for {name}"
            for name, row in failed.items()
            if len(row["error"]) < 15
        ]
        verdict.faults += [
            f"{name} belongs to {row['owner']}"
            for name, row in failed.items()
            if row["owner"] != ("bea" if row["task"].startswith("Shared") else "ana")
        ]
        (mail,) = [
            r for r in told["first"] if r["customer"] == "broken_mail_template invoice"
        ]
        if (mail["document"], mail["delivery"]) != ("posted", "blocked"):
            verdict.faults.append(f"the broken e-mail: {mail}")

    @staticmethod
    def _judge_reports(verdict, told):
        """Each responsible reads his own: customer, reason, link; nobody else's."""
        unreported = []
        bodies = {
            re.sub(r".*<|@.*", "", mail["to"]): plain(mail["body"])
            for mail in told["mails"]
        }
        for row in told["first"]:
            if row["state"] != "failed":
                continue
            parts = [
                row["customer"],
                f'/odoo/recurring-documents/{row["id"]}"',
                plain(row["error"]),
            ]
            body = bodies.get(row["owner"], "")
            unreported += [
                f"{part} not told to {row['owner']}"
                for part in parts
                if part not in body
            ]
            unreported += [
                f"{row['customer']} told to {other}"
                for other in bodies
                if other != row["owner"] and f'documents/{row["id"]}"' in bodies[other]
            ]
        if "broken_mail_template invoice" not in bodies.get("ana", ""):
            unreported.append("the e-mail that could not be made")
        verdict.expect("not in the reports", len(unreported))
        verdict.faults += unreported[:5]

    @staticmethod
    def _judge_link(db, verdict):
        """The link opens the ledger's row, which opens customer and task."""
        model = db.scalar(
            "SELECT res_model FROM ir_act_window WHERE path = 'recurring-documents'"
        )
        verdict.expect("the links open", model, "recurring.occurrence")

    @staticmethod
    def _judge_second_run(verdict, told):
        """Mended, and nobody touched the ledger: the same rows are issued."""
        wrong = [
            row for row in told["second"] if row["document"] != "posted" or row["error"]
        ]
        again = [row for row in told["second"] if row["attempts"] == 2]
        failed = [row for row in told["first"] if row["state"] == "failed"]
        verdict.expect("not issued after the repair", len(wrong))
        verdict.expect("issued at the second try", len(again), len(failed))
        verdict.expect("rows added by it", len(told["second"]) - len(told["first"]))
        verdict.faults += [f"{row['customer']}: {row['error']}" for row in wrong[:5]]


def plain(text):
    """Text as it stands in HTML, whatever the white space."""
    for character, entity in (
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&amp;", "&"),
    ):
        text = text.replace(character, entity)
    return re.sub(r"\s+", " ", text)

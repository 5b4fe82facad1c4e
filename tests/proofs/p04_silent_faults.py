"""P4: nothing is silently wrong. Faults that Odoo posts without a word are told before
the run, stop it, and are told after it in the same words."""

import json
import re

from .audit import audit
from .proof import Proof, Verdict

SABOTAGE = {
    "unchecked": """
env.registry["recurring.ready.check"]._get_blocking_problems = (
    lambda check, recipients: {recipient: [] for recipient in recipients}
)
env.registry["recurring.document.invoice"]._get_date_problems = lambda *args: []
""",
}

PLAY = """
import json, sys
from freezegun import freeze_time
from odoo.tools import html2plaintext
sys.path.insert(0, {tests!r})
from proofs import silent_faults
from proofs.fault_bench import FAULTS, Bench

{sabotage}

def tell(moment, tasks):
    env.invalidate_all()
    for recipient in tasks.recipient_ids:
        told.setdefault(recipient.task_id.name, {{}})[moment] = {{
            "ready": recipient.ready,
            "message": recipient.ready_message,
            "text": recipient.ready_text,
        }}

def play(names, kind, policy):
    "Start, break, ask, let the day come, ask again, run; the report is mailed."
    with freeze_time(play.today) as clock:
        env.company.write(policy)
        bench = Bench(env, kind)
        tasks = bench.start_all({{name: FAULTS[name] for name in names}})
        bench.step_all()
        tell("before", tasks)
        clock.move_to(bench.date_start)
        tell("at the run", tasks)
        env["recurring.engine"]._cron_generate()
        env["document.delivery"]._cron_send()
        env["recurring.run"]._send_due_reports()
        bench.step_all()
        tasks.filtered(lambda task: task.state != "done").action_stop()
        env.cr.commit()
        play.today = str(bench.date_start)

told = {{}}
play.today = "2026-05-05"
for names, kind, policy in json.loads({rounds!r}):
    play(names, kind, policy)
reports = env["mail.mail"].search([("model", "=", "recurring.run")])
print("TOLD " + json.dumps({{
    "before": told,
    "report": " ".join(html2plaintext(mail.body_html) for mail in reports),
}}))
"""

AFTER = """
    SELECT t.name, o.state, o.error, o.delivery_state, o.res_id
      FROM recurring_task t
      LEFT JOIN recurring_occurrence o ON o.task_id = t.id
"""

#: Faults of one run and the company's settings meanwhile. A locked period is every
#: customer's, so those have a run of their own each.
HOLD, ISSUE = ({"recurring_hold_without_address": hold} for hold in (True, False))
RECORDS = (
    "archived_customer",
    "archived_invoice_address",
    "customer_of_another_company",
    "archived_product",
    "archived_tax",
    "archived_tax_of_the_fiscal_position",
    "archived_fiscal_position",
    "archived_payment_terms",
    "archived_payment_terms_of_the_customer",
    "archived_pricelist",
    "archived_pricelist_of_the_customer",
    "archived_journal",
    "archived_account",
    "no_exchange_rate",
    "no_exchange_rate_for_the_pricelist",
    "total_of_zero",
    "total_of_zero_by_pricelist",
    "no_address",
)
LOCKS = ("locked_fiscal_year", "locked_sales", "locked_taxes", "locked_for_good")
ALLOWED, ENDED = "no_address_is_no_hindrance", "stopped_customer"
OTHERS = tuple(name for name in RECORDS if name != "archived_account")
SMALL = [(RECORDS, "invoice", HOLD), ((ALLOWED, ENDED), "invoice", ISSUE)]
FULL = [
    *SMALL,
    *((OTHERS, kind, HOLD) for kind in ("order", "quotation", "proforma")),
    *(((lock,), "invoice", HOLD) for lock in LOCKS),
]


class NothingIsSilentlyWrong(Proof):
    key = "P4"
    promise = "Nothing is silently wrong"
    small = {"rounds": [*SMALL, (LOCKS[:1], "invoice", HOLD)]}
    full = {"rounds": FULL}
    sabotages = {"unchecked": "nobody asks for what Odoo would not mind"}

    def run(self, rounds):
        """
        :param rounds: names of faults that share a run, kind of document, and the
            company's settings
        """
        verdict = Verdict()
        names = {f"{name} {kind}" for own, kind, _policy in rounds for name in own}
        allowed = {f"{name} invoice" for name in (ALLOWED, ENDED)}
        with self.workbench.database("silent") as db:
            told = self._play(db, rounds)
            after = {name: row for name, *row in db.sql(AFTER)}
            self._judge_blocking(verdict, sorted(names - allowed), told, after)
            self._judge_policy(verdict, told, after)
            audit(db, verdict)
        return verdict

    def _play(self, db, rounds):
        output = db.shell(
            PLAY.format(
                tests=str(self.workbench.settings.root / "tests"),
                rounds=json.dumps(rounds),
                sabotage=SABOTAGE.get(self.sabotage, ""),
            )
        )
        (line,) = [line for line in output.splitlines() if line.startswith("TOLD ")]
        return json.loads(line.removeprefix("TOLD "))

    def _judge_blocking(self, verdict, names, told, after):
        """Nothing issued; told before, at, and after the run, in the same words."""
        issued, untold, different, unreported = [], [], [], []
        for name in names:
            state, error, _delivery, document = after[name]
            before, at_the_run = (
                told["before"][name][m] for m in ("before", "at the run")
            )
            if state != "failed" or document:
                issued.append(f"{name}: {state}, document {document}")
            if before["ready"] or not before["message"]:
                untold.append(f"{name}: {before['text']}")
            if not error == before["message"] == at_the_run["message"]:
                different.append(
                    f"{name}: {before['message']!r}, {at_the_run['message']!r}, "
                    f"afterwards {error!r}"
                )
            if not error or plain(error) not in plain(told["report"]):
                unreported.append(name)
        verdict.expect_at_least("silent faults", len(names), 9)
        verdict.expect("issued all the same", len(issued))
        verdict.expect("not told before the run", len(untold))
        verdict.expect("told in other words afterwards", len(different))
        verdict.expect("not in the report", len(unreported))
        verdict.faults += [*issued, *untold, *different, *unreported]

    @staticmethod
    def _judge_policy(verdict, told, after):
        """What the settings allow is issued, and told all the same."""
        name = f"{ALLOWED} invoice"
        state, _error, delivery, _document = after[name]
        found = f"{state}, {delivery}"
        verdict.expect("allowed by the settings", found, "generated, no_address")
        before = told["before"][name]["before"]
        if before["ready"] or "e-mail" not in before["message"]:
            verdict.faults.append(f"not told before: {before}")
        if name not in told["report"]:
            verdict.faults.append("the report does not name who got no e-mail")
        name = f"{ENDED} invoice"
        text = told["before"][name]["before"]["text"]
        if after[name][0] or not text.startswith("Stopped"):
            verdict.faults.append(f"a stopped customer: {after[name]}, {text}")


def plain(text):
    return re.sub(r"\s+", " ", text or "nothing")

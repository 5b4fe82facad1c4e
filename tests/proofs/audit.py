"""P12, the run report is true: checked at the end of every proof that ran the engine.

The ledger, the documents, the journal items and what the runs tell about them are
counted independently: SQL on one side, the suite's own words on the other.
"""

import json
import re
from collections import Counter

#: States of a ledger row that stands for a document.
LIVE = "('generated', 'sent')"

#: name of the fault: rows that must not exist. Each is one way to lose or to double.
RULES = {
    "date issued twice": f"""
        SELECT recipient_id, scheduled_date FROM recurring_occurrence
         WHERE state IN {LIVE} GROUP BY 1, 2 HAVING count(*) > 1""",
    "periods that overlap": f"""
        SELECT a.id, b.id FROM recurring_occurrence a
          JOIN recurring_occurrence b
            ON b.recipient_id = a.recipient_id AND b.id > a.id
           AND daterange(a.period_start, a.period_end)
               && daterange(b.period_start, b.period_end)
         WHERE a.state IN {LIVE} AND b.state IN {LIVE}""",
    "ledger row without its document": f"""
        SELECT o.id FROM recurring_occurrence o
          LEFT JOIN account_move m ON m.id = o.move_id AND m.state != 'cancel'
               AND m.recurring_occurrence_id = o.id
          LEFT JOIN sale_order s ON s.id = o.sale_order_id AND s.state != 'cancel'
               AND s.recurring_occurrence_id = o.id
         WHERE o.state IN {LIVE} AND m.id IS NULL AND s.id IS NULL""",
    "invoice without its ledger row": f"""
        SELECT m.id FROM account_move m
         WHERE m.recurring_task_id IS NOT NULL AND m.state != 'cancel'
           AND 1 != (SELECT count(*) FROM recurring_occurrence o
                      WHERE o.move_id = m.id AND o.state IN {LIVE})""",
    "order without its ledger row": f"""
        SELECT s.id FROM sale_order s
         WHERE s.recurring_task_id IS NOT NULL AND s.state != 'cancel'
           AND 1 != (SELECT count(*) FROM recurring_occurrence o
                      WHERE o.sale_order_id = s.id AND o.state IN {LIVE})""",
    "orphan draft": """
        SELECT m.id FROM account_move m
          JOIN recurring_task t ON t.id = m.recurring_task_id
         WHERE m.state = 'draft' AND t.completion != 'draft'""",
    "voided row whose document stands": """
        SELECT o.id FROM recurring_occurrence o
          LEFT JOIN account_move m ON m.id = o.move_id
          LEFT JOIN sale_order s ON s.id = o.sale_order_id
         WHERE o.state = 'void' AND (m.state != 'cancel' OR s.state != 'cancel')""",
    "gap in the numbers": """
        SELECT journal_id, sequence_prefix FROM account_move
         WHERE sequence_number > 0 AND name != '/'
         GROUP BY 1, 2
        HAVING min(sequence_number) != 1
            OR max(sequence_number) != count(DISTINCT sequence_number)""",
    "number used twice": """
        SELECT journal_id, name FROM account_move
         WHERE state = 'posted' GROUP BY 1, 2 HAVING count(*) > 1""",
    "marked as mailed without a mail": """
        SELECT o.id FROM recurring_occurrence o
         WHERE o.state = 'sent' AND NOT EXISTS (
               SELECT FROM document_delivery d
                WHERE d.occurrence_id = o.id AND d.mail_message_id IS NOT NULL)""",
}

#: Sums of the standing invoices by currency, each counted in another table.
SUMS = {
    "ledger": f"""
        SELECT currency_id, sum(amount_total) FROM recurring_occurrence
         WHERE state IN {LIVE} AND move_id IS NOT NULL GROUP BY 1""",
    "invoices": """
        SELECT currency_id, sum(amount_total) FROM account_move
         WHERE recurring_task_id IS NOT NULL AND state != 'cancel' GROUP BY 1""",
    "receivables": """
        SELECT l.currency_id, sum(l.amount_currency) FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
         WHERE m.recurring_task_id IS NOT NULL AND m.state != 'cancel'
           AND l.display_type = 'payment_term' GROUP BY 1""",
    "income and taxes": """
        SELECT l.currency_id, -sum(l.amount_currency) FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
         WHERE m.recurring_task_id IS NOT NULL AND m.state != 'cancel'
           AND l.display_type IN ('product', 'tax', 'rounding', 'epd') GROUP BY 1""",
}
ORDER_SUMS = {
    "ledger": f"""
        SELECT currency_id, sum(amount_total) FROM recurring_occurrence
         WHERE state IN {LIVE} AND sale_order_id IS NOT NULL GROUP BY 1""",
    "orders": """
        SELECT currency_id, sum(amount_total) FROM sale_order
         WHERE recurring_task_id IS NOT NULL AND state != 'cancel' GROUP BY 1""",
}

#: Rows of each run by state, and how many of them a mail server took.
RUN_ROWS = """
    SELECT run_id, state, count(*), count(*) FILTER (WHERE attempts > 1) FROM
           recurring_occurrence WHERE run_id IS NOT NULL GROUP BY 1, 2"""
RUN_SENT = """
    SELECT o.run_id, count(*) FROM recurring_occurrence o
     WHERE EXISTS (SELECT FROM document_delivery d
                    WHERE d.occurrence_id = o.id AND d.state = 'sent')
       AND NOT EXISTS (
           SELECT FROM document_delivery d
            WHERE d.occurrence_id = o.id AND d.state NOT IN ('sent', 'cancelled')
              AND NOT EXISTS (SELECT FROM document_delivery later
                               WHERE later.attempt_of_id = d.id))
     GROUP BY 1"""
RUN_SUMS = """
    SELECT run_id, currency_id, count(*), sum(amount_total)
      FROM recurring_occurrence
     WHERE state IN ('generated', 'sent', 'void') AND run_id IS NOT NULL
     GROUP BY 1, 2"""

#: What the suite itself says about its runs.
ASK_RUNS = """
import json
from odoo.tools import format_amount, html2plaintext
def plain(text):
    return " ".join(text.replace("\\N{NO-BREAK SPACE}", " ").split())
runs = env["recurring.run"].search([])
report = env["recurring.run.report"]
told = []
for run in runs:
    totals = report._get_figures(run, run.occurrence_ids)["totals"]
    text = plain(html2plaintext(run.report_html))
    printed = [plain(format_amount(env, t, c)) for _kind, c, _number, t in totals]
    told.append({
        "id": run.id,
        "state": run.state,
        "closed": bool(run.summary),
        **{name: run[f"{name}_count"] for name in (
            "planned", "generated", "sent", "failed", "skipped", "held")},
        "totals": [[c.id, number, total] for _kind, c, number, total in totals],
        "unprinted": [amount for amount in printed if amount not in text],
        "subjects": env["mail.mail"].search(
            [("model", "=", "recurring.run"), ("res_id", "=", run.id)]
        ).mapped("subject") if run.report_date else [],
    })
print("RUNS " + json.dumps(told))
"""


def audit(db, verdict, *, where=""):
    """Check the whole database; faults go to the verdict, with `where` before them.

    The engine must have come to rest. Takes about three seconds (one `odoo shell`);
    where something is wrong already, the runs are not asked any more.
    """
    faults = [*_broken_rules(db), *_wrong_sums(db)]
    if not faults and not verdict.faults:
        faults += _wrong_runs(db, verdict)
    verdict.faults += [f"{where}: {fault}" if where else fault for fault in faults]
    _count(verdict, "audits")
    _count(verdict, "audit faults", len(faults))


def _count(verdict, name, more=1):
    verdict.figures[name] = verdict.figures.get(name, 0) + more


def _broken_rules(db):
    for name, query in RULES.items():
        rows = db.sql(query)
        if rows:
            yield f"{name}: {len(rows)}, e.g. {rows[0]}"


def _wrong_sums(db):
    """Every table must name the same sums, to the cent."""
    for queries in (SUMS, ORDER_SUMS):
        sums = {
            table: {
                currency: round(float(total), 2)
                for currency, total in db.sql(query)
                if total
            }
            for table, query in queries.items()
        }
        if len({json.dumps(own, sort_keys=True) for own in sums.values()}) > 1:
            yield f"sums by currency differ: {sums}"


def _wrong_runs(db, verdict):
    if not db.scalar("SELECT count(*) FROM recurring_run"):
        return
    try:
        output = db.shell(ASK_RUNS)
    except RuntimeError as error:
        yield f"the suite cannot tell of its runs: {str(error).splitlines()[-1]}"
        return
    (line,) = [line for line in output.splitlines() if line.startswith("RUNS ")]
    rows = {}
    for run, state, count, again in db.sql(RUN_ROWS):
        rows.setdefault(run, {})[state] = (count, again)
    sent = dict(db.sql(RUN_SENT))
    sums = {}
    for run, currency, count, total in db.sql(RUN_SUMS):
        sums.setdefault(run, {})[currency] = (count, round(float(total), 2))
    # A row that was taken again has left the run that told of its failure.
    moved = any(again for own in rows.values() for _count, again in own.values())
    told_runs = json.loads(line.removeprefix("RUNS "))
    for told in told_runs:
        own = {
            state: count for state, (count, _again) in rows.get(told["id"], {}).items()
        }
        for fault in (
            *_wrong_counts(told, own, moved),
            *_wrong_words(told, own, sent.get(told["id"], 0), sums.get(told["id"], {})),
        ):
            yield f"run {told['id']}: {fault}"
    _count(verdict, "runs audited", len(told_runs))


def _wrong_counts(told, own, moved):
    """The run's counters against the ledger.

    A closed run keeps the figures of its end; failed and held rows that somebody
    dealt with later may stand elsewhere by now, issued ones may not.
    """
    issued = sum(own.get(state, 0) for state in ("generated", "sent", "void"))
    if told["generated"] != issued:
        yield f"tells of {told['generated']} issued, the ledger of {issued}"
    outcomes = sum(told[name] for name in ("generated", "failed", "skipped", "held"))
    if told["planned"] != outcomes:
        yield f"{told['planned']} were due, {outcomes} are accounted for"
    later = told["closed"] and moved
    for name in ("failed", "skipped", "held"):
        found = own.get(name, 0)
        if told[name] != found and not (later and told[name] > found):
            yield f"tells of {told[name]} {name}, the ledger of {found}"


def _wrong_words(told, own, sent, sums):
    """What the responsible reads, against the ledger."""
    if told["sent"] != sent:
        yield f"tells of {told['sent']} mails taken, the deliveries of {sent}"
    totals = {}
    for currency, number, total in told["totals"]:
        known = totals.get(currency, (0, 0.0))
        totals[currency] = (known[0] + number, round(known[1] + total, 2))
    if totals != sums:
        yield f"the report's totals are {totals}, the ledger's {sums}"
    if told["unprinted"]:
        yield f"these totals are not in the report: {told['unprinted']}"
    numbers = Counter()
    for subject in told["subjects"]:
        if "later" not in subject:
            numbers["issued"] += int(re.search(r"\d+", subject).group())
    if told["subjects"] and numbers["issued"] != told["generated"]:
        yield f"the mails tell of {numbers['issued']} issued, not {told['generated']}"

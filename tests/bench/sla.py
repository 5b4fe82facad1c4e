"""Measures what keeping SLAs costs: crm_sla beside OCA's helpdesk_mgmt_sla.

Each side in a fresh database and process, the same steps in the same order. With the
full 10,000 tickets the page goes to docs/, otherwise to the state folder.
"""

import argparse
import json
import os
import sys
import time

from suite import databases, odoo_log
from suite.settings import Settings

from . import conditions
from .stage import Stage

SIDES = {
    "ours": ("crm_sla (this suite)", ("crm_sla",)),
    "peer": ("OCA helpdesk_mgmt_sla", ("helpdesk_mgmt", "helpdesk_mgmt_sla")),
}
STEPS = {
    "create": "create, deadlines worked out",
    "list_expired": "list the expired",
    "group": "count by state, as lists and reports group them",
    "move": "move all to the closed stage",
}
FULL = 10_000


def measure(settings, n):
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    stage = Stage(settings, ignores, os.environ["BENCH_PEERS"], say, ["crm_sla"])
    facts = conditions.get_conditions(stage)
    rows = {}
    for side, (label, modules) in SIDES.items():
        template = stage.ensure_template(modules)
        with stage.database(template) as database:
            stage.settle(database)
            say(f"{label}: {n} tickets")
            rows[side] = stage.do("sla", database, side=side, n=n)
    return facts, rows


def get_faults(rows, n):
    """A figure counts only if the work was done."""
    ours = rows["ours"]
    wanted = {"create": n, "list_expired": n // 2, "group": n // 2, "move": n}
    faults = [
        f"ours, {step}: {ours[step]['answer']} instead of {count}"
        for step, count in wanted.items()
        if ours[step]["answer"] != count
    ]
    return faults + [
        f"peer, {step}: {rows['peer'][step]['answer']} instead of {count}"
        for step, count in wanted.items()
        if step != "group" and rows["peer"][step]["answer"] != count
    ]


def render(facts, rows, n):
    lines = [
        "# What keeping SLAs costs",
        "",
        f"{n:,} tickets with one SLA of four working hours until closing; one process "
        "and a fresh database for each side. CPU time is that of Odoo and PostgreSQL, "
        "per ticket.",
        "",
        f"{facts['date']}, commit {facts['commit']}, Odoo {facts['odoo']}, PostgreSQL "
        f"{facts['postgresql']}, Python {facts['python']}, {facts['cores']} cores, "
        f"{facts['processor']}.",
        "",
        "| step | side | CPU ms | wall ms | SQL | found |",
        "|---|---|---|---|---|---|",
    ]
    for step, what in STEPS.items():
        for side, (label, _modules) in SIDES.items():
            row = rows[side][step]
            lines.append(
                f"| {what} | {label} | {row['cpu_ms']} | {row['wall_ms']} | "
                f"{row['sql']} | {row['answer']:,} |"
            )
    found = rows["peer"]["group"]["answer"]
    lines += [
        "",
        "Before *list* and *count* half of the deadlines pass while nobody touches a "
        f"ticket. Grouped by its stored state the peer finds {found:,} expired tickets "
        f"of {n // 2:,}: it learns of a missed deadline when the ticket is moved.",
        "",
        "The tickets are imported 500 at a time and closed all at once, and nobody is "
        "assigned. Working time until closing, which Odoo keeps for every task, is "
        "asked for once per import by this suite and once per ticket by the peer; of "
        "tickets made one by one both ask it once for each.",
        "",
        "Written by `./tests/bench.sh --sla`.",
        "",
    ]
    return "\n".join(lines)


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def main(arguments):
    parser = argparse.ArgumentParser(prog="./tests/bench.sh --sla", description=__doc__)
    parser.add_argument("n", type=int, nargs="?", default=FULL, help="tickets")
    n = parser.parse_args(arguments).n
    settings = Settings.from_env("test")
    databases.drop_scratch(settings)
    facts, rows = measure(settings, n)
    faults = get_faults(rows, n)
    for fault in faults:
        say(fault)
    if not faults:
        folder = settings.root / "docs" if n == FULL else settings.state
        path = folder / "performance-sla.md"
        path.write_text(render(facts, rows, n), encoding="utf-8")
        say(f"written: {path}")
    print(json.dumps(rows))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(sys.argv[1:])

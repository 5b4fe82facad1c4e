"""Measures how long the forecast takes to read: 24 months of very many customers.

With the full 100,000 the page goes to docs/, otherwise to the state folder.
"""

import argparse
import os
import sys
import time

from suite import databases, odoo_log
from suite.settings import Settings

from . import conditions
from .stage import Stage

FULL = 100_000
#: Customers of one task.
EACH = 100
#: Seconds that a person waits for the first table, from issue 8.
GOAL = 3.0


def measure(settings, n):
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    stage = Stage(settings, ignores, os.environ["BENCH_PEERS"], say)
    facts = conditions.get_conditions(stage)
    template = stage.ensure_template(("recurring_billing",))
    with stage.database(template) as database:
        say(f"Making {n:,} customers on {n // EACH:,} tasks, a year of documents each")
        stage.do("forecast_fill", database, recipients=n, tasks=n // EACH)
        stage.settle(database)
        rows = stage.do("forecast", database)
    return facts, rows


def render(facts, rows, n):
    lines = [
        "# Reading the forecast",
        "",
        f"{n:,} customers on {n // EACH:,} monthly tasks, three lines each, a year of "
        "documents behind them; 24 months ahead, read by a clerk; the best of three "
        "turns, in one process. By month the goal is "
        f"{GOAL:.0f} seconds.",
        "",
        f"{facts['date']}, commit {facts['commit']}, Odoo {facts['odoo']}, PostgreSQL "
        f"{facts['postgresql']}, {facts['cores']} cores, {facts['processor']}.",
        "",
        "| look | seconds | rows |",
        "|---|---|---|",
    ]
    for name, row in rows.items():
        lines.append(f"| {name} | {row['seconds']:.2f} | {row['rows']:,} |")
    lines += ["", "Written by `./tests/bench.sh --forecast`.", ""]
    return "\n".join(lines)


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="./tests/bench.sh --forecast", description=__doc__
    )
    parser.add_argument("n", type=int, nargs="?", default=FULL, help="customers")
    n = parser.parse_args(arguments).n
    settings = Settings.from_env("test")
    databases.drop_scratch(settings)
    facts, rows = measure(settings, n)
    page = render(facts, rows, n)
    folder = settings.root / "docs" if n == FULL else settings.state
    path = folder / "performance-forecast.md"
    path.write_text(page, encoding="utf-8")
    say(f"written: {path}")
    print(page)
    sys.exit(0 if rows["by month"]["seconds"] < GOAL else 1)


if __name__ == "__main__":
    main(sys.argv[1:])

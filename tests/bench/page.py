"""docs/performance.md, from the kept rows."""

from . import figures, plan
from .contenders import CONTENDERS, OURS

HEAD = """# Performance

Written by `./tests/bench.sh`; do not edit. Measured on {date}, commit {commit}:
{processor}, {cores} cores, {memory_gib} GiB; Odoo {odoo} Community with {modules}
modules, Python {python}, PostgreSQL {postgresql} with {settings}. Rows:
[performance.jsonl](performance.jsonl).

N customers are due at once, and each gets the same invoice: three lines, one 21 % tax,
{total} in all, five journal items. **CPU** is the time of the Odoo process, its
children and all its database backends, divided by N. Other work on the machine makes
wall time much longer and CPU time somewhat (up to a third when each core has several
takers); "load", of the minute before the start, tells how much there was. Each figure
is from a fresh process on a fresh database which holds the add-ons of its own contender
only, after one invoice that was made and rolled back. At N = {repeated:,} ours, OCA
contract and the best batch took turns: the figures there are the least time of their
turns, because other work can only add to it, "worst" is the CPU of the slowest turn.

A run counts only when the number of invoices and of their numbers, the total, and every
amount, account, tax and tax tag of the journal items are the same as with all others;
otherwise this page is not written.
"""

CONTENDERS_HEAD = """
## Who is compared

| | |
|---|---|
"""

INVOICES_HEAD = """
## What an invoice costs

"DB" is PostgreSQL's part of the CPU time, "MiB" the peak memory of the Odoo process,
"ours : it" the ratio of CPU times.

![CPU for each invoice](images/performance-cost.svg)

![Growth with N](images/performance-growth.svg)

| N | contender | CPU ms | worst | DB | wall ms | SQL | MiB | ours : it | runs | load |
|---|---|---|---|---|---|---|---|---|---|---|
"""

SENDING_HEAD = """
## PDF and e-mail

The scheduled action that prints N issued invoices and queues their mails, up to the
mail server. Wall and CPU are for each invoice; CPU holds the PDF engine and the server
that hands out the style sheets. "Delay" is Odoo's system parameter
`report.print_delay`: the engine waits so long for scripts, which invoices do not have
(1000 ms when nobody sets it). The engine with patched Qt prints many invoices in one
call, Debian's one by one.

| N | engine | delay ms | wall ms | CPU ms | of it PDF engine | SQL | load |
|---|---|---|---|---|---|---|---|
"""

DUE_HEAD = """
## Finding what is due

The search with which each run begins; with many tasks there are five time zones. Median
of five, warm.

| recipients | tasks | due | wall ms | slowest |
|---|---|---|---|---|
"""


def render(kept):
    """The whole page.

    :param Kept kept: rows; kinds without any are left out
    """
    invoices, sending = kept.get("invoices"), kept.get("sending")
    due = kept.get("selection")
    parts = [_render_head(kept.conditions), *_render_goals(invoices, sending, due)]
    if invoices:
        parts += [INVOICES_HEAD, *_render_invoices(invoices)]
    if sending:
        parts += [SENDING_HEAD, *map(_render_sending, sending)]
    if due:
        parts += [DUE_HEAD, *map(_render_due, due), *map(_render_plan, due)]
    parts += [CONTENDERS_HEAD, *_render_contenders(kept.conditions, invoices)]
    return "".join(parts)


def _render_head(facts):
    settings = facts.get("postgresql_settings", {})
    values = {
        **facts,
        "settings": ", ".join(f"{name} {value}" for name, value in settings.items()),
        "rows": "performance.jsonl",
        "total": figures.get_invoice_total(),
        "repeated": plan.REPEATED,
    }
    return HEAD.format(**values)


def _render_goals(invoices, sending, due):
    yield "\n## Goals\n\n| goal | reached | at most | |\n|---|---|---|---|\n"
    goals = figures.get_goals(invoices)
    goals += figures.get_sending_goals(sending) + figures.get_due_goals(due)
    for goal in goals:
        reached = "–" if goal.figure is None else _number(goal.figure, goal.unit)
        limit = _number(goal.limit, goal.unit)
        yield f"| {goal.text} | {reached} | {limit} | {goal.verdict} |\n"


def _number(value, unit=""):
    """Ratios with two digits, times and sizes without needless ones."""
    text = f"{value:.2f}" if not unit and value < 2 else f"{value:.1f}"
    return f"{text.removesuffix('.0')} {unit}".strip()


def _render_invoices(rows):
    for n in sorted({row["n"] for row in rows}):
        for contender in CONTENDERS:
            own = [r for r in rows if r["n"] == n and r["what"] == contender.key]
            if own:
                yield _render_contender(rows, own, contender, n)


def _render_contender(rows, own, contender, n):
    def figure(name, digits=1):
        return f"{figures.get_figure(rows, contender.key, n, name):.{digits}f}"

    is_ours = contender is OURS
    ratio = figures.get_ratio(rows, "cpu_ms", OURS.key, contender.key, n)
    cells = (
        f"{n:,}",
        f"**{contender.label}**" if is_ours else contender.label,
        figure("cpu_ms"),
        f"{max(row['cpu_ms'] for row in own):.1f}",
        figure("postgres_cpu_ms"),
        figure("wall_ms"),
        figure("sql"),
        figure("rss_mib", 0),
        "" if is_ours or ratio is None else f"{ratio:.2f}",
        len(own),
        " ".join(f"{row['load']:.1f}" for row in own),
    )
    return f"| {' | '.join(map(str, cells))} |\n"


def _render_sending(row):
    return (
        f"| {row['n']} | {row['engine']} | {row['delay_ms']} | {row['wall_ms']:.0f}"
        f" | {row['cpu_ms']:.0f} | {row['children_cpu_ms']:.0f} | {row['sql']:.0f}"
        f" | {row['load']:.1f} |\n"
    )


def _render_due(row):
    return (
        f"| {row['recipients']:,} | {row['tasks']} | {row['due']:,}"
        f" | {row['wall_ms']:.1f} | {row['slowest_ms']:.1f} |\n"
    )


def _render_plan(row):
    plan = "\n".join(row["plan"])
    tasks = f"{row['tasks']} task" + ("s" if row["tasks"] > 1 else "")
    return (
        f"\n<details><summary>EXPLAIN (ANALYZE, BUFFERS), {tasks}</summary>\n\n"
        f"```\n{plan}\n```\n\n</details>\n"
    )


def _render_contenders(facts, rows):
    seen = {row["what"] for row in rows}
    for contender in CONTENDERS:
        if contender.key in seen:
            yield f"| {contender.label} | {contender.remark} |\n"
    yield "\n" + "".join(f"- {peer}\n" for peer in facts.get("peers", ()))

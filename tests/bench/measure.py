"""One measurement each: a fresh database, fresh processes, one row of figures."""

import shutil
import time

from harness import Database, odoo_server

from . import figures
from .contenders import OURS

#: The PDF engines: the one that the suite brings, and Debian's where it is installed.
DEBIAN_ENGINE = "/usr/bin/wkhtmltopdf"
DELAYS = (1000, 50)
OWN_ENGINE = "the suite's"
SENDING_SIZES = (20, 100)
RECIPIENTS = 1_000_000
DUE = 1000
TASK_COUNTS = (1, 100)


def measure_invoices(stage, run):
    """One contender makes n invoices."""
    contender = run.contender
    job = {"adapter": contender.adapter, "mode": contender.mode, "n": run.n}
    with stage.database(stage.ensure_template(contender.modules)) as database:
        stage.do("seed", database, **job)
        stage.settle(database)
        row = stage.do("run", database, **job)
    row |= {"what": contender.key, "n": run.n, "turn": run.turn}
    row["state"] = contender.state
    return row


def get_engines():
    """{name: folder that is put first on PATH}, of those that this machine has."""
    found = {OWN_ENGINE: None}
    if shutil.which(DEBIAN_ENGINE):
        found["Debian's"] = "/usr/bin"
    return found


def get_sending_jobs(quick=False):
    sizes = SENDING_SIZES[:1] if quick else SENDING_SIZES
    return [
        {"maker": maker, "n": n, "delay_ms": delay}
        for maker in get_engines()
        # one document at a call: many of them take minutes and say the same
        for n in (sizes if maker == OWN_ENGINE else sizes[:1])
        for delay in DELAYS
    ]


def measure_sending(stage, job):
    """Our deliveries are printed and queued; a server hands out the style sheets."""
    folder = get_engines()[job["maker"]]
    with stage.database(stage.ensure_template(OURS.modules)) as name:
        stage.do("sending_seed", name, **job)
        stage.settle(name)
        database = Database(stage.settings, name)
        with odoo_server(database, allow_log=None) as server:
            _fetch_styles(server)
            row = stage.do(
                "sending", name, first_on_path=folder, server=server.process.pid, **job
            )
    return {**row, **job}


def _fetch_styles(server):
    """The first request of a new server is slow, whoever makes it."""
    server.call("res.users", "search_count", [])
    time.sleep(1)


def get_selection_jobs(quick=False):
    recipients = RECIPIENTS // 20 if quick else RECIPIENTS
    return [
        {"tasks": tasks, "recipients": recipients, "due": DUE} for tasks in TASK_COUNTS
    ]


def measure_selection(stage, job):
    """Parallel workers are allowed here: only the wall time counts."""
    plain = {"PGOPTIONS": ""}
    with stage.database(stage.ensure_template(OURS.modules)) as name:
        stage.do("selection_fill", name, **job)
        stage.settle(name)
        return {**job, **stage.do("selection", name, env=plain)}


def get_faults(kind, row):
    """Why a row is not worth anything; empty = it did its work."""
    if kind == "invoices":
        return figures.get_faults(row)
    if kind == "selection":
        if row["found"] == row["due"]:
            return []
        return [f"selection: found {row['found']} of {row['due']}"]
    wanted = {"queued": row["n"], "printed": row["n"], "left_the_house": 0}
    return [
        f"sending {row['n']}: {name} {row[name]}, expected {count}"
        for name, count in wanted.items()
        if row[name] != count
    ]

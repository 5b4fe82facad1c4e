"""Measures what an invoice costs: this suite, OCA's add-ons, bare Odoo, side by side.

Without options everything is measured, which takes about 50 minutes, and
docs/performance.md is written. With --quick, --n or --only the page goes to the state
folder instead.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from suite import databases, odoo_log
from suite.settings import Settings

from . import conditions, figures, measure, page, plan
from .contenders import BY_KEY, CONTENDERS
from .kept import Kept
from .stage import Stage

EXTRAS = ("sending", "selection")
KEPT_NAME = "performance.jsonl"


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./tests/bench.sh", description=__doc__)
    parser.add_argument(
        "--n",
        type=lambda text: tuple(int(part) for part in text.split(",")),
        help=f"numbers of invoices, default {','.join(map(str, plan.SIZES))}",
    )
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", choices=[*BY_KEY, *EXTRAS], default=()
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, no turns")
    parser.add_argument(
        "--resume", action="store_true", help="go on where the last call was stopped"
    )
    parser.add_argument(
        "--page", action="store_true", help="only write the page again, from its rows"
    )
    options = parser.parse_args(arguments)
    options.is_full = not (options.quick or options.n or options.only)
    options.sizes = options.n or (plan.QUICK_SIZES if options.quick else plan.SIZES)
    return options


class Bench:
    """The whole measurement: jobs, rows and the page."""

    def __init__(self, settings, options):
        self.settings = settings
        self.options = options
        name = "full" if options.is_full else "part"
        self.folder = settings.state / "bench" / name
        self.kept = Kept(self.folder / KEPT_NAME)
        ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
        self.stage = Stage(settings, ignores, os.environ["BENCH_PEERS"], say)
        self.faults = []

    @property
    def docs(self):
        """Where the page goes: only whole measurements go into the repository."""
        return self.settings.root / "docs" if self.options.is_full else self.folder

    # === JOBS === #

    def get_jobs(self):
        """(kind, job for the record, seconds roughly, function that measures it)"""
        quick, only = self.options.quick, self.options.only
        chosen = [c for c in CONTENDERS if not only or c.key in only]
        for run in plan.get_runs(chosen, self.options.sizes, repeat=not quick):
            yield "invoices", run.key, run.seconds, measure.measure_invoices, run
        if not only or "sending" in only:
            for job in measure.get_sending_jobs(quick):
                seconds = 20 + job["n"] * 0.7
                yield "sending", job, seconds, measure.measure_sending, job
        if not only or "selection" in only:
            for job in measure.get_selection_jobs(quick):
                yield "selection", job, 60, measure.measure_selection, job

    def measure(self):
        if not self.options.resume:
            self.kept.clear()
        jobs = [job for job in self.get_jobs() if not self.kept.has(*job[:2])]
        minutes = sum(job[2] for job in jobs) / 60
        say(f"{len(jobs)} measurements, about {minutes:.0f} minutes on an idle core")
        facts = conditions.get_conditions(self.stage)
        self.kept.add("conditions", facts)
        for kind, key, _seconds, function, job in jobs:
            say(f"{kind} {key}")
            self._measure_one(kind, key, function, job)
        self.faults += figures.get_disagreements(self.kept.get("invoices"))
        started_with = {row["addons"] for row in self.kept.get("conditions")}
        if started_with != {databases.addons_digest(self.settings)}:
            self.faults.append("the add-ons were changed during the measurement")

    def _measure_one(self, kind, key, function, job):
        try:
            row = function(self.stage, job)
        except Exception as error:  # the others are still worth their time
            self.faults.append(f"{kind} {key}: {error}")
            say(self.faults[-1])
            return
        faults = measure.get_faults(kind, row)
        self.faults += faults
        for fault in faults:
            say(fault)
        if not faults:
            self.kept.add(kind, row, key)
            cpu = f", {row['cpu_ms']} ms CPU" if "cpu_ms" in row else ""
            say(f"    {row['wall_ms']} ms wall{cpu}")

    # === PAGE === #

    def write(self):
        """The page, its pictures and, next to them, the rows they are made from."""
        images = self.docs / "images"
        images.mkdir(parents=True, exist_ok=True)
        source = self.docs / KEPT_NAME
        if self.options.is_full and not self.options.page:
            shutil.copy(self.kept.path, source)
        kept = Kept(source)
        plots = Path(__file__).with_name("plots.py")
        subprocess.run(
            [os.environ["BENCH_PLOT_PYTHON"], str(plots), str(source), str(images)],
            check=True,
            env={**os.environ, "PYTHONPATH": str(self.settings.root / "tests")},
        )
        path = self.docs / "performance.md"
        path.write_text(page.render(kept), encoding="utf-8")
        say(f"written: {path}")


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def main(arguments):
    settings = Settings.from_env("test")
    bench = Bench(settings, parse(arguments))
    if not bench.options.page:
        databases.drop_scratch(settings)
        bench.measure()
    if not bench.faults:
        bench.write()
    print(f"{len(bench.faults)} faults" if bench.faults else "no fault")
    for fault in bench.faults:
        print(f"    {fault}")
    sys.exit(1 if bench.faults else 0)


if __name__ == "__main__":
    main(sys.argv[1:])

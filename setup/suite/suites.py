"""The suites: each function runs one and returns a SuiteResult."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from . import databases, lint, odoo_log, process
from .verdict import SuiteResult, judge_odoo_run


def run_lint(context, _pattern):
    result = SuiteResult("lint")
    for outcome in lint.run_checks():
        if outcome.failed:
            result.failed[outcome.name] = outcome.output
        else:
            result.passed += 1
    return result


def _addon_tags(context, pattern, *, tours):
    """Odoo's --test-tags for the add-ons, or for what a pattern names."""
    if pattern:
        return f"{'*' if tours is None else ''}/{pattern}"
    names = databases.our_addons(context.settings)
    if tours:
        return ",".join(f"tour/{name}" for name in names)
    return ",".join([*(f"/{name}" for name in names), "-tour"])


def _run_in_odoo(context, name, tags):
    """Run tests in a copy of the template. At_install tests would need an installation
    of their own; ours are all post_install (verdict.judge_left_out sees to that)."""
    settings = context.settings
    result = SuiteResult(name)
    if not databases.our_addons(settings):
        result.note = "no add-ons yet"
        return result
    database = databases.scratch_name(name)
    log = settings.log_dir / f"suite-{name}.log"
    log.unlink(missing_ok=True)
    databases.copy(settings, context.template, database)
    try:
        code = process.run_odoo(
            settings,
            database,
            f"--test-tags={tags}",
            "--stop-after-init",
            "--max-cron-threads=0",
            "--log-handler=odoo.tests.stats:DEBUG",
            f"--screenshots={settings.state / 'screenshots'}",
            log=log,
        )
    finally:
        databases.drop(settings, database)
    with log.open(errors="replace") as stream:
        report = odoo_log.read_log(stream, context.ignores)
    judge_odoo_run(result, report, code, log)
    return result


def run_python(context, pattern):
    if pattern and ":" in pattern:
        # A class that is named is run whatever its tags are.
        return _run_in_odoo(
            context, "python", _addon_tags(context, pattern, tours=None)
        )
    tags = _addon_tags(context, pattern, tours=False)
    return _run_in_odoo(context, "python", f"{tags},-tour" if pattern else tags)


def run_tours(context, pattern):
    return _run_in_odoo(context, "tours", _addon_tags(context, pattern, tours=True))


def run_blackbox(context, pattern):
    settings = context.settings
    result = SuiteResult("blackbox")
    junit = settings.log_dir / "blackbox.xml"
    junit.unlink(missing_ok=True)
    log = settings.log_dir / "suite-blackbox.log"
    paths = [pattern] if pattern else [str(settings.root / "tests")]
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={junit}", *paths]
    command += ["-o", "junit_family=xunit1", "--durations=5"]
    with log.open("wb") as stream:
        done = subprocess.run(
            command,
            cwd=settings.root,
            env=dict(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if not junit.exists():
        text = log.read_text(errors="replace")
        result.failed[f"pytest stopped with exit code {done.returncode}"] = text[-5000:]
        return result
    read_junit(result, junit)
    # Exit code 5 = no test found, which the floor or the pattern's check reports.
    if done.returncode not in (0, 1, 5) and not result.failed:
        result.failed[f"pytest's exit code was {done.returncode}"] = f"see {log}"
    return result


def read_junit(result, path):
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('file') or case.get('classname')}::{case.get('name')}"
        broken = [item for item in case if item.tag in ("failure", "error")]
        skipped = case.find("skipped")
        if broken:
            result.failed[name] = "\n".join(
                f"{item.get('message')}\n{item.text or ''}" for item in broken
            )
        elif skipped is not None:
            result.skipped[name] = skipped.get("message")
        else:
            result.passed += 1


SUITES = {
    "lint": run_lint,
    "python": run_python,
    "tours": run_tours,
    "blackbox": run_blackbox,
}
# What needs the database with our add-ons before it can start.
NEEDS_TEMPLATE = {"python", "tours", "blackbox"}

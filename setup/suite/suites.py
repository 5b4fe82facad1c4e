"""The suites: each function runs one and returns a SuiteResult."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from . import databases, lint, odoo_log, process, shards
from .toml_files import load_toml
from .verdict import SuiteResult, judge_odoo_run


def run_lint(context, _pattern):
    result = SuiteResult("lint")
    for outcome in lint.run_checks():
        if outcome.failed:
            result.failed[outcome.name] = outcome.output
        else:
            result.passed += 1
    return result


def _fresh_log(settings, name, keep=40):
    """A log of this run alone; those of the last few runs stay for a look."""
    ages = {}
    for path in settings.log_dir.glob("*"):
        with suppress(FileNotFoundError):  # another suite tidies up at the same time
            ages[path] = path.stat().st_mtime
    for path in sorted(ages, key=ages.get)[:-keep]:
        path.unlink(missing_ok=True)
    return settings.log_dir / f"suite-{name}-{os.getpid()}.log"


def _run_in_odoo(context, name, tags, template=None):
    """Run tests in a copy of a template. At_install tests would need an installation
    of their own; ours are all post_install (verdict.judge_left_out sees to that)."""
    settings = context.settings
    result = SuiteResult(name)
    database = databases.scratch_name(name)
    log = _fresh_log(settings, name)
    databases.copy(settings, template or context.template, database)
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
            launcher=settings.test_launcher,
        )
    finally:
        databases.drop(settings, database)
    lines = log.read_text(errors="replace").splitlines()
    judge_odoo_run(result, odoo_log.read_log(lines, context.ignores), code, log)
    result.times = shards.class_times(lines)
    return result


def _run_alone(context, addon):
    """Tests tagged "alone", where only what the add-on needs is installed."""
    template = databases.ensure_suite_template(
        context.settings, context.ignores, context.say, [addon]
    )
    result = _run_in_odoo(context, f"alone-{addon}", f"alone/{addon}", template)
    if not result.passed:
        result.failed[f"{addon}: no test tagged alone passed"] = (
            "Tag some of its test classes with “alone”: they run without the other "
            "add-ons as well."
        )
    result.times = {}  # of these files as a whole, the other runs tell
    return result


def _run_apart(context, addon, pattern=None):
    """The tests of an add-on that changes how the others run, see databases.APART."""
    settings = context.settings
    template = databases.ensure_suite_template(
        settings, context.ignores, context.say, [addon]
    )
    context = replace(context, settings=settings.with_oca())
    return _run_in_odoo(context, f"apart-{addon}", pattern or f"/{addon}", template)


def _get_seconds(settings, name, memory):
    """How long each file takes: as this machine measured it, else as others did."""
    usual = load_toml(settings.root / "tests" / "seconds.toml")[name]
    return {**usual, **shards.load_times(memory)}


def _run_side_by_side(result, memory, jobs, width=shards.SHARDS):
    """Do the jobs (a function and its arguments) and add up what they say.

    :param memory: file that keeps how long each part took, for the next run
    """
    with ThreadPoolExecutor(width) as pool:
        for run in [pool.submit(*job) for job in jobs]:
            result.add(run.result())
    if not result.failed:  # what broke off took no time worth knowing
        shards.save_times(memory, result.times)
    return result


def run_python(context, pattern):
    named = pattern and ":" in pattern
    addon = pattern and pattern.partition(":")[0]
    # A class that is named is run whatever its tags are.
    if addon in databases.APART:
        return _run_apart(context, addon, f"*/{pattern}" if named else None)
    if named:
        return _run_in_odoo(context, "python", f"*/{pattern}")
    settings = context.settings
    # Without the slow tests the same files weigh less.
    memory = settings.state / ("times_quick.json" if pattern else "times.json")
    files = [
        name
        for name in shards.test_files(settings.addons, pattern)
        if name.partition("/")[0] not in databases.APART
    ]
    parts = shards.split(files, _get_seconds(settings, "python", memory))
    result = SuiteResult("python", note="" if parts else "no tests yet")
    jobs = []
    if not pattern:
        # First: the long ones that follow end together, and no core waits.
        alone = databases.standing_alone(settings)
        jobs += [(_run_apart, context, addon) for addon in databases.APART]
        jobs += [(_run_alone, context, addon) for addon in alone]
    for number, part in enumerate(parts, 1):
        tags = shards.tags(part, quick=bool(pattern))
        jobs.append((_run_in_odoo, context, f"python-{number}", tags))
    _run_side_by_side(result, memory, jobs)
    result.note = result.note or f"slowest: {shards.slowest(result.times)}"
    if pattern:
        result.note += "; tests tagged slow are left out, `python` runs them all"
    return result


def run_tours(context, pattern):
    """Files side by side: a browser and its server seldom work at the same moment."""
    settings = context.settings
    memory = settings.state / "times_tours.json"
    files = shards.tour_files(settings.addons, pattern)
    parts = shards.split(files, _get_seconds(settings, "tours", memory))
    result = SuiteResult("tours", note="" if parts else "no tours yet")
    jobs = [
        (_run_in_odoo, context, f"tours-{number}", shards.tour_tags(part))
        for number, part in enumerate(parts, 1)
    ]
    return _run_side_by_side(result, memory, jobs)


def run_blackbox(context, pattern):
    """Files side by side: much of their time is waiting for servers to start."""
    if pattern:
        return _run_pytest(context, "blackbox", [pattern])
    settings = context.settings
    memory = settings.state / "times_blackbox.json"
    tests = settings.root / "tests"
    files = [path.stem for path in sorted(tests.glob("test_*.py"))]
    seconds = _get_seconds(settings, "blackbox", memory)
    parts = shards.split(files, seconds, shards.BLACKBOX_SHARDS)
    jobs = []
    for number, part in enumerate(parts, 1):
        paths = [str(tests / f"{name}.py") for name in part]
        options = ["-m", f"not {shards.RELEASE}", *paths]
        jobs.append((_run_pytest, context, f"blackbox-{number}", options))
    result = SuiteResult("blackbox")
    return _run_side_by_side(result, memory, jobs, shards.BLACKBOX_SHARDS)


def run_long(context):
    """What ``run_python`` and ``run_blackbox`` leave to a release."""
    result = _run_in_odoo(context, "long-python", shards.RELEASE)
    tests = str(context.settings.root / "tests")
    options = ["-m", shards.RELEASE, f"--ignore={tests}/release", tests]
    result.add(_run_pytest(context, "long-blackbox", options))
    return result


def _run_pytest(context, name, options):
    settings = context.settings
    result = SuiteResult("blackbox")
    log = _fresh_log(settings, name)
    junit = log.with_suffix(".xml")
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={junit}", *options]
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
        file = case.get("file") or case.get("classname")
        name = f"{file}::{case.get('name')}"
        key = (Path(file).stem, case.get("name"))
        result.times[key] = float(case.get("time") or 0)
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

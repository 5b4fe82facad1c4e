"""`./setup/test.sh [pattern]`: runs the suites and prints the verdict.

The last line is always `N passed, N failed`; exit code 0 means that nothing failed.
"""

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from . import databases, odoo_log
from .settings import Settings
from .suites import NEEDS_TEMPLATE, SUITES
from .toml_files import load_toml
from .verdict import SuiteResult, judge_left_out, judge_run, judge_suite

# Linters beside the set-up, which builds as many templates at a time; the others one at
# a time: what runs beside them on two cores makes servers slow and times meaningless.
SLOTS = 2
ORDER = ["lint", "blackbox", "python", "tours"]


@dataclass
class Context:
    settings: Settings
    ignores: list
    template: str = ""
    print_lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, text):
        with self.print_lock:
            print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def parse_pattern(pattern, addons):
    """(suites to run, pattern for them); a sentence and exit when it means nothing."""
    if not pattern:
        return list(ORDER), None
    if pattern in SUITES:
        return [pattern], None
    path, _, _test = pattern.partition("::")
    if os.path.exists(path) and path.startswith("tests"):
        return ["blackbox"], pattern
    addon = pattern.partition(":")[0].strip("/").removeprefix("addons/")
    if addon in addons:
        return ["python"], pattern.strip("/").removeprefix("addons/")
    sys.exit(
        f"{pattern} is neither a suite ({', '.join(SUITES)}), nor a path under tests/,"
        f" nor one of the add-ons ({', '.join(addons) or 'none yet'}),"
        " with :TestClass or :TestClass.test_method behind it if you like."
    )


def run_one(context, name, pattern):
    started = time.monotonic()
    try:
        result = SUITES[name](context, pattern)
    except Exception as error:  # a broken runner is a red suite, not a silent one
        result = SuiteResult(
            name, failed={f"{type(error).__name__} in the runner": str(error)}
        )
    result.seconds = time.monotonic() - started
    result.complete = pattern is None
    return result


def build_templates(context, whole):
    """The `setup` suite: everything up to the databases that the others copy. Its time
    counts from the start of test.sh, downloads included.

    :param whole: whether each add-on that stands alone gets a database of its own, too
    """
    started = float(os.environ.get("SUITE_STARTED", time.time()))
    result = SuiteResult("setup")
    try:
        databases.drop_scratch(context.settings)
        alone = databases.standing_alone(context.settings) if whole else []
        with ThreadPoolExecutor(SLOTS) as pool:
            builds = [
                pool.submit(
                    databases.ensure_suite_template,
                    context.settings,
                    context.ignores,
                    context.say,
                    addons,
                )
                for addons in (None, *([addon] for addon in alone))
            ]
        context.template, *_others = [build.result() for build in builds]
        result.passed = 1
    except databases.BuildError as error:
        result.failed["our add-ons do not install cleanly"] = str(error)
    result.seconds = time.time() - started
    return result


def run_all(context, names, pattern, done):
    """Run the suites, `done(result)` as each ends; lint needs no database."""
    with ThreadPoolExecutor(SLOTS) as pool:
        early = [name for name in names if name not in NEEDS_TEMPLATE]
        late = [name for name in names if name in NEEDS_TEMPLATE]
        if late == ["blackbox"] and pattern:
            # A single file may need no database; its fixture builds one when it does.
            early, late = late, []

        def launch(name):
            future = pool.submit(run_one, context, name, pattern)
            future.add_done_callback(lambda ended: done(ended.result()))
            return future

        for name in early:
            launch(name)
        if late:
            setup = pool.submit(build_templates, context, not pattern).result()
            done(setup)
            if setup.failed:
                return
        for name in late:
            launch(name).result()


def report(context, result):
    lines = [
        f"{result.name}: {result.passed} passed, {len(result.failed)} failed"
        + (f", {len(result.skipped)} skipped" if result.skipped else "")
        + f" in {result.seconds:.0f} s"
        + (f" ({result.note})" if result.note else "")
    ]
    for title, text in result.failed.items():
        lines.append(f"  FAILED {title}")
        lines += [f"    {line}" for line in str(text).strip().splitlines()[-60:]]
    context.say("\n".join(lines))


def main(arguments):
    if len(arguments) > 1:
        sys.exit("usage: ./setup/test.sh [pattern]")
    started = float(os.environ.get("SUITE_STARTED", time.time()))
    settings = Settings.from_env("test")
    tests = settings.root / "tests"
    context = Context(settings, odoo_log.load_ignores(tests / "log_ignore.toml"))
    floor, budget = load_toml(tests / "floor.toml"), load_toml(tests / "budget.toml")
    names, pattern = parse_pattern(
        arguments[0] if arguments else None,
        [*databases.our_addons(settings), *databases.APART],
    )
    results = []

    def done(result):
        judge_suite(
            result,
            floor["passed"].get(result.name),
            budget["seconds"].get(result.name),
            floor.get("allowed_skips", {}),
        )
        results.append(result)
        report(context, result)

    run_all(context, names, pattern, done)
    if set(ORDER) <= {result.name for result in results} and not pattern:
        took = time.time() - started
        for verdict in (
            judge_left_out(settings.addons, results),
            judge_run(took, budget["run"]["total"]),
        ):
            results.append(verdict)
            report(context, verdict)
    summary(results)


def summary(results):
    passed = sum(result.passed for result in results)
    failed = sum(len(result.failed) for result in results)
    for result in results:
        for title in result.failed:
            print(f"FAILED {result.name}: {title}")
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])

"""What makes a suite red: failures, and everything that could hide one.

Kept apart from running things, so that tests/test_runner.py can try every way of it.
"""

import ast
from dataclasses import dataclass, field

from .shards import RELEASE


@dataclass
class SuiteResult:
    """One suite. `failed` maps what failed to the text a developer needs to see."""

    name: str
    passed: int = 0
    failed: dict = field(default_factory=dict)
    skipped: dict = field(default_factory=dict)
    seconds: float = 0.0
    ran: set = field(default_factory=set)
    complete: bool = True
    note: str = ""
    times: dict = field(default_factory=dict)

    def add(self, part):
        """Take over what a part of this suite brought."""
        self.passed += part.passed
        for mine, theirs in (
            (self.failed, part.failed),
            (self.skipped, part.skipped),
            (self.ran, part.ran),
            (self.times, part.times),
        ):
            mine.update(theirs)


def judge_odoo_run(result, report, exit_code, log):
    """Fill a suite's result from Odoo's log and exit code."""
    result.ran |= set(report.started)
    result.passed += report.passed
    result.failed.update(report.failed)
    result.skipped.update(report.skipped)
    for entry in report.complaints:
        title = f"{entry.level} in the log: {entry.message[:90]}"
        result.failed.setdefault(title, f"{entry.short(3000)}\n({log})")
    if report.total is None:
        result.failed["Odoo ended without a test result"] = (
            f"exit code {exit_code}, {log}"
        )
    elif report.total != len(report.started):
        result.failed["the log does not hold every test"] = (
            f"Odoo counts {report.total} tests, the log {len(report.started)}: {log}"
        )
    if exit_code and not result.failed:
        result.failed[f"Odoo's exit code was {exit_code}"] = f"see {log}"


def judge_run(seconds, total):
    """The time of all suites together, from the start of test.sh."""
    result = SuiteResult("run", seconds=seconds)
    if seconds > total:
        result.failed["the run took too long"] = (
            f"{seconds:.0f} s, tests/budget.toml allows {total} s"
        )
    else:
        result.passed = 1
    return result


def judge_suite(result, floor, budget, allowed_skips):
    """Floors, skips and time; the first and last only when the whole suite ran."""
    for test, reason in result.skipped.items():
        if test not in allowed_skips:
            result.failed[f"skipped: {test}"] = (
                f"{reason}\nA test that does not run proves nothing; if it must be so,"
                " name it with its reason under [allowed_skips] in tests/floor.toml."
            )
    if not result.complete:
        if not result.passed and not result.failed:
            result.failed["no test ran"] = "the pattern matches nothing"
        return
    if floor is None:
        result.failed["no floor"] = f"tests/floor.toml says nothing about {result.name}"
    elif result.passed < floor and not result.failed:
        result.failed["fewer tests than the floor"] = (
            f"{result.name}: {result.passed} passed, tests/floor.toml asks for {floor}"
        )
    if budget is None:
        result.failed["no time budget"] = (
            f"tests/budget.toml says nothing about {result.name}"
        )
    elif result.seconds > budget:
        result.failed["time budget exceeded"] = (
            f"{result.name} took {result.seconds:.0f} s,"
            f" tests/budget.toml allows {budget} s"
        )


def _is_for_release(node):
    """Whether a test class is tagged as too long for every change."""
    return any(repr(RELEASE) in ast.unparse(item) for item in node.decorator_list)


def tests_in_source(tests_folder, *, release=False):
    """Every Class.test_method in an add-on's test files, whether imported or not.

    :param release: those that only a release runs, not the others
    """
    for path in sorted(tests_folder.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_test = isinstance(node, ast.ClassDef) and node.name.startswith("Test")
            if not is_test or _is_for_release(node) != release:
                continue
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name.startswith("test"):
                    yield f"{node.name}.{item.name}", path.name


def judge_left_out(addons_folder, results, *, release=False):
    """Tests that exist but were run by no suite: not imported in tests/__init__.py, not
    tagged post_install, or not derived from one of odoo.tests' classes.

    :param release: look at those that only a release runs
    """
    result = SuiteResult("completeness")
    ran = set().union(*(other.ran for other in results))
    for folder in sorted(addons_folder.glob("*/tests")):
        for test, file in tests_in_source(folder, release=release):
            if test in ran:
                continue
            result.failed[f"never ran: {folder.parent.name} {test}"] = (
                f"{file}: import it in tests/__init__.py, derive it from a class of"
                ' odoo.tests and tag it @tagged("post_install", "-at_install")'
            )
    result.passed = 0 if result.failed else 1
    return result

"""The runner must be red in every way in which a run can hide a failure."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from suite import databases, odoo_log, runner, shards, suites, verdict
from suite.toml_files import load_toml

TESTS = Path(__file__).parent
HEAD = "2026-11-21 22:02:11,123 4711"


def log(*lines):
    return odoo_log.read_log([f"{HEAD} {line}\n" for line in lines])


def starting(name):
    return f"INFO db odoo.addons.x.tests.test_x: Starting {name} ... "


def total(failed, run, level="INFO"):
    text = f"{failed} failed, 0 error(s) of {run} tests when loading database 'db'"
    return f"{level} db odoo.tests.result: {text}"


def judged(report, exit_code=0, **limits):
    result = verdict.SuiteResult("python")
    verdict.judge_odoo_run(result, report, exit_code, "the.log")
    limits = {"floor": 0, "budget": 60, "allowed_skips": {}, **limits}
    verdict.judge_suite(result, **limits)
    return result


GREEN = (starting("TestA.test_one"), starting("TestA.test_two"), total(0, 2))


def test_a_clean_run_is_green():
    result = judged(log(*GREEN), floor=2)
    assert (result.passed, result.failed) == (2, {})


def test_a_failed_test_is_counted_once_with_its_traceback():
    report = odoo_log.read_log(
        [
            f"{HEAD} {starting('TestA.test_one')}\n",
            f"{HEAD} ERROR db odoo.addons.x.tests.test_x: FAIL: TestA.test_one\n",
            "Traceback (most recent call last):\n",
            "AssertionError: 1 != 2\n",
            f"{HEAD} {total(1, 1, 'ERROR')}\n",
        ]
    )
    result = judged(report, exit_code=1)
    assert list(result.failed) == ["TestA.test_one"]
    assert "1 != 2" in result.failed["TestA.test_one"]
    assert result.passed == 0


def test_failed_subtests_fail_their_test_once():
    fail = "ERROR db odoo.addons.x.tests.test_x: FAIL: Subtest TestA.test_one"
    lines = [starting("TestA.test_one"), f"{fail} (i=1)", f"{fail} (i=2)", total(2, 1)]
    result = judged(log(*lines), exit_code=1)
    assert (result.passed, list(result.failed)) == (0, ["TestA.test_one"])


def test_a_set_up_that_fails_is_red():
    broken = "ERROR db odoo.addons.x.tests.test_x: ERROR: setUpClass (TestA)"
    result = judged(log(broken, total(0, 0, "ERROR")), exit_code=1)
    assert "setUpClass" in result.failed


def test_a_run_without_a_result_line_is_red():
    result = judged(log(starting("TestA.test_one")))
    assert "Odoo ended without a test result" in result.failed


def test_a_silent_zero_is_red():
    result = judged(log(total(0, 0)), floor=1)
    assert "fewer tests than the floor" in result.failed


def test_a_missed_floor_is_red():
    result = judged(log(*GREEN), floor=3)
    assert "fewer tests than the floor" in result.failed


def test_a_suite_without_floor_or_budget_is_red():
    result = judged(log(*GREEN), floor=None, budget=None)
    assert set(result.failed) == {"no floor", "no time budget"}


def test_a_pattern_that_matches_nothing_is_red():
    result = verdict.SuiteResult("blackbox", complete=False)
    verdict.judge_suite(result, 100, 1, {})
    assert list(result.failed) == ["no test ran"]


def test_part_of_a_suite_is_not_held_against_the_floor():
    result = verdict.SuiteResult("python", passed=1, seconds=999, complete=False)
    verdict.judge_suite(result, 100, 1, {})
    assert result.failed == {}


def test_an_exceeded_budget_is_red():
    result = verdict.SuiteResult("python", passed=5, seconds=61)
    verdict.judge_suite(result, 5, 60, {})
    assert list(result.failed) == ["time budget exceeded"]


@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_a_complaint_in_the_log_is_red(level):
    result = judged(log(*GREEN, f"{level} db odoo.models: something is odd"))
    assert list(result.failed) == [f"{level} in the log: something is odd"]
    assert result.passed == 2


def test_an_ignored_line_is_not_red():
    ignore = odoo_log.Ignore("odoo.mod*", "odd$", "the reason")
    line = f"{HEAD} WARNING db odoo.models: something is odd\n"
    assert odoo_log.read_log([line], [ignore]).complaints == []
    assert odoo_log.read_log([line.replace("odd", "odder")], [ignore]).complaints


def test_an_ignore_needs_a_reason(tmp_path):
    path = tmp_path / "log_ignore.toml"
    path.write_text('[[ignore]]\nlogger = "x"\nmessage = "y"\n')
    with pytest.raises(ValueError, match="reason"):
        odoo_log.load_ignores(path)


def test_a_traceback_outside_the_log_is_red():
    report = odoo_log.read_log(
        ["Traceback (most recent call last):\n", "KeyError: 1\n"]
    )
    assert "KeyError" in report.complaints[0].text


def test_a_skipped_test_is_red_unless_allowed():
    skipped = "INFO db odoo.addons.x.tests.test_x: skipped TestA.test_two : no Chrome"
    lines = [*GREEN[:2], skipped, GREEN[2]]
    result = judged(log(*lines))
    assert (result.passed, list(result.failed)) == (1, ["skipped: TestA.test_two"])
    allowed = judged(log(*lines), allowed_skips={"TestA.test_two": "why"})
    assert allowed.failed == {}


def test_a_class_that_skips_itself_is_red():
    skipped = (
        "INFO db odoo.addons.x.tests.test_x: skipped setUpClass (TestT) : no Chrome"
    )
    result = judged(log(skipped, total(0, 0)))
    assert "skipped: setUpClass (TestT)" in result.failed


def test_lines_lost_from_the_log_are_noticed():
    result = judged(log(starting("TestA.test_one"), total(0, 2)))
    assert "the log does not hold every test" in result.failed


def test_an_exit_code_without_a_reason_is_red():
    result = judged(log(*GREEN), exit_code=3)
    assert list(result.failed) == ["Odoo's exit code was 3"]


def write_tests(addons, text):
    folder = addons / "my_addon" / "tests"
    folder.mkdir(parents=True)
    (folder / "test_a.py").write_text(text)


def test_a_test_that_no_suite_ran_is_red(tmp_path):
    write_tests(
        tmp_path,
        "class TestA:\n    def test_one(self): ...\n    def test_two(self): ...\n"
        "class Helper:\n    def test_no(self): ...\n",
    )
    ran = verdict.SuiteResult("python", ran={"TestA.test_one"})
    result = verdict.judge_left_out(tmp_path, [ran])
    assert list(result.failed) == ["never ran: my_addon TestA.test_two"]
    ran.ran.add("TestA.test_two")
    assert verdict.judge_left_out(tmp_path, [ran]).failed == {}


def test_a_release_runs_what_every_change_leaves_out(tmp_path):
    write_tests(
        tmp_path,
        "class TestA:\n    def test_one(self): ...\n"
        '@tagged("slow", "release")\nclass TestB:\n    def test_two(self): ...\n',
    )
    ran = verdict.SuiteResult("python", ran={"TestA.test_one"})
    assert verdict.judge_left_out(tmp_path, [ran]).failed == {}
    result = verdict.judge_left_out(tmp_path, [ran], release=True)
    assert list(result.failed) == ["never ran: my_addon TestB.test_two"]


def test_a_suite_that_crashes_is_red(monkeypatch):
    def crash(_context, _pattern):
        raise OSError("disk full")

    monkeypatch.setitem(runner.SUITES, "lint", crash)
    result = runner.run_one(None, "lint", None)
    assert result.failed == {"OSError in the runner": "disk full"}


def test_the_last_line_and_the_exit_code(capsys):
    with pytest.raises(SystemExit) as stop:
        runner.summary([verdict.SuiteResult("a", passed=3)])
    assert stop.value.code == 0
    assert capsys.readouterr().out == "3 passed, 0 failed\n"
    with pytest.raises(SystemExit) as stop:
        runner.summary([verdict.SuiteResult("a", passed=3, failed={"x": "y"})])
    assert stop.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 1 failed"
    with pytest.raises(SystemExit) as stop:
        runner.summary([])
    assert stop.value.code == 1


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (None, (runner.ORDER, None)),
        ("lint", (["lint"], None)),
        ("my_addon", (["python"], "my_addon")),
        ("addons/my_addon", (["python"], "my_addon")),
        ("my_addon:TestA.test_b", (["python"], "my_addon:TestA.test_b")),
    ],
)
def test_patterns(pattern, expected):
    assert runner.parse_pattern(pattern, ["my_addon"]) == expected


def test_an_unknown_pattern_is_refused_with_a_sentence():
    with pytest.raises(SystemExit, match="neither a suite"):
        runner.parse_pattern("no_such_thing", ["my_addon"])


def test_budgets_name_every_suite_and_a_run_stays_under_half_an_hour():
    limits = load_toml(TESTS / "budget.toml")
    budget = limits["seconds"]
    floor = load_toml(TESTS / "floor.toml")["passed"]
    assert set(budget) == set(floor) == {"setup", *runner.SUITES}
    assert limits["run"]["total"] < 30 * 60


def test_a_run_that_takes_too_long_is_red():
    result = verdict.judge_run(1800.0, 1790)
    assert list(result.failed) == ["the run took too long"]
    assert not verdict.judge_run(1700.0, 1790).failed


def test_shards_hold_every_file_once_and_are_balanced():
    files = [f"my_addon/test_{letter}" for letter in "abcde"]
    seconds = {"my_addon/test_a": 60, "my_addon/test_b": 30, "my_addon/test_c": 25}
    first, second = shards.split(files, seconds, count=2)
    assert sorted(first + second) == files
    assert first[0] == "my_addon/test_a"
    assert shards.split([], {}) == []
    tags = shards.tags(["my_addon/test_a"])
    assert tags == "/my_addon/tests/test_a.py,-tour,-release"


def test_parts_of_a_suite_lose_nothing():
    whole = verdict.SuiteResult("python")
    whole.add(verdict.SuiteResult("python-1", passed=2, ran={"A.a", "A.b"}))
    whole.add(verdict.SuiteResult("python-2", passed=1, ran={"B"}, failed={"C": "x"}))
    assert (whole.passed, whole.ran, whole.failed) == (
        3,
        {"A.a", "A.b", "B"},
        {"C": "x"},
    )


def test_class_times_are_read_from_the_log():
    lines = ["\tmy_addon.test_a.TestA: 1.50s 7 queries", "\tmy_addon: 9.00s 7 queries"]
    times = shards.class_times(lines)
    assert times == {("my_addon/test_a", "TestA"): 1.5}
    assert shards.slowest(times) == "TestA 2 s"


@pytest.fixture
def three_addons(tmp_path):
    manifests = {
        "billing": {"depends": ["account"]},
        "contracts": {"depends": ["billing", "project"]},
        "billing_stock": {"depends": ["billing", "stock"], "auto_install": True},
    }
    for name, values in manifests.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__manifest__.py").write_text(repr(values))
        (tmp_path / name / "models.py").write_text("")
    return SimpleNamespace(addons=tmp_path, odoo_version="19", odoo_path="/odoo")


def test_an_add_on_brings_what_it_needs_and_no_more(three_addons):
    assert databases.dependencies(three_addons, ["billing"]) == ["account", "base"]
    assert databases.needed(three_addons, ["contracts"]) == ["billing", "contracts"]
    found = databases.dependencies(three_addons)
    assert found == ["account", "base", "project", "stock"]
    assert databases.standing_alone(three_addons) == ["billing"]


def test_core_add_ons_that_several_need_are_installed_once(three_addons):
    sla = three_addons.addons / "sla"
    sla.mkdir()
    (sla / "__manifest__.py").write_text(repr({"depends": ["account", "project"]}))
    everything = databases.dependencies(three_addons)
    project = ["account", "base", "project"]
    assert databases.smaller_core(three_addons, everything) == project
    assert databases.smaller_core(three_addons, project) == ["account", "base"]
    assert databases.smaller_core(three_addons, ["account", "base"]) == []


def test_what_needs_only_the_foundation_stands_alone(three_addons, monkeypatch):
    monkeypatch.setattr(databases, "FOUNDATION", {"billing"})
    assert databases.standing_alone(three_addons) == ["billing_stock", "contracts"]


def test_an_add_on_that_stands_apart_is_installed_with_what_it_needs(
    three_addons, monkeypatch
):
    monkeypatch.setattr(databases, "APART", ("billing_stock",))
    assert databases.our_addons(three_addons) == ["billing", "contracts"]
    assert databases.dependencies(three_addons) == ["account", "base", "project"]
    found = databases.needed(three_addons, ["billing_stock"])
    assert found == ["billing", "billing_stock"]


def test_a_template_follows_its_own_add_ons_only(three_addons):
    def digests():
        names = (None, ["billing"], ["contracts"])
        return [databases.addons_digest(three_addons, addons) for addons in names]

    before = digests()
    (three_addons.addons / "contracts" / "models.py").write_text("changed = True")
    assert [a == b for a, b in zip(before, digests(), strict=True)] == [
        False,
        True,
        False,
    ]


def test_an_add_on_without_tests_of_its_own_standing_is_red(monkeypatch):
    nothing = verdict.SuiteResult("alone-billing")
    monkeypatch.setattr(databases, "ensure_suite_template", lambda *_args: "template")
    monkeypatch.setattr(suites, "_run_in_odoo", lambda *_args: nothing)
    context = SimpleNamespace(settings=None, ignores=[], say=print)
    result = suites._run_alone(context, "billing")
    assert list(result.failed) == ["billing: no test tagged alone passed"]

"""What the suites of every change leave out, because it takes too long for them: tests
of Odoo tagged "release", tests of tests/ marked so."""

import pytest

from suite import databases, runner, suites, verdict


@pytest.fixture(scope="module")
def result(settings, ignores):
    template = databases.ensure_suite_template(settings, ignores)
    return suites.run_long(runner.Context(settings, ignores, template))


def test_they_pass(result):
    faults = [f"{name}\n{text}" for name, text in result.failed.items()]
    assert not faults, "\n".join(faults)
    assert not result.skipped


def test_none_was_left_out(settings, result):
    left = verdict.judge_left_out(settings.addons, [result], release=True)
    assert left.failed == {}
    print(f"figure: long tests: {result.passed}")

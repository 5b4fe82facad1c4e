"""The promises, proven on a small scale; docs/proofs.md holds the full one.

The first part shows that the framework itself can be red.
"""

import pytest

from proofs import report
from proofs.__main__ import parse, plan
from proofs.proof import Proof, Verdict, prove, registry

#: P12 is the audit inside the others.
KEYS = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P13"]
#: Those that only separate processes can show; the rest runs with `proofs.sh`.
IN_CI = ["P1", "P2", "P6", "P8", "P9", "P10"]
PROOFS = registry()


# === THE FRAMEWORK === #


class Honest(Proof):
    key = "P99"
    promise = "Nothing happens"
    sabotages = {"anything": "the quiet"}

    def run(self):
        verdict = Verdict()
        verdict.expect("events", int(bool(self.sabotage)))
        return verdict


class Blind(Honest):
    """Sees nothing whatever is taken away."""

    def run(self):
        return Verdict(figures={"events": 0})


class Broken(Honest):
    def run(self):
        raise ZeroDivisionError("the proof itself is wrong")


def test_a_kept_promise_is_good():
    assert prove(Honest, None).is_good


def test_a_broken_promise_is_not():
    verdict = Verdict()
    verdict.expect("documents twice", 1)
    verdict.expect_at_most("seconds", 3, 2)
    verdict.expect_at_least("kills", 0, 1)
    assert verdict.figures == {"documents twice": 1, "seconds": 3, "kills": 0}
    assert len(verdict.faults) == 3

    class Dishonest(Honest):
        def run(self):
            return verdict

    assert not prove(Dishonest, None).is_good


def test_a_sabotage_that_shows_is_good():
    assert prove(Honest, None, sabotage="anything").is_good


def test_a_sabotage_that_nobody_sees_is_not():
    assert not prove(Blind, None, sabotage="anything").is_good


def test_a_proof_that_falls_over_is_never_good():
    for sabotage in (None, "anything"):
        outcome = prove(Broken, None, sabotage=sabotage)
        assert not outcome.is_good
        assert "ZeroDivisionError" in outcome.faults[0]


def test_an_unknown_sabotage_is_refused():
    assert not prove(Honest, None, sabotage="something").is_good


def test_the_same_seed_makes_the_same_choices():
    assert [Honest(None, 7).random.random() for _ in range(2)] == [
        Honest(None, 7).random.random() for _ in range(2)
    ]


def test_a_full_run_takes_every_protection_away():
    runs = [(cls.key, size, name) for cls, size, name in plan(parse(["full", "p1"]))]
    assert runs == [
        ("P1", "full", None),
        *(("P1", "small", name) for name in PROOFS["P1"].sabotages),
    ]


# === THE LIST === #


def test_every_promise_has_its_proof():
    assert list(PROOFS) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_every_proof_can_be_made_to_fail(key):
    assert PROOFS[key].sabotages
    assert PROOFS[key].promise


def test_the_page_has_a_row_for_each(settings):
    page = (settings.root / "docs" / "proofs.md").read_text()
    for key, cls in PROOFS.items():
        assert f"\n| {key} | {cls.promise} | " in page
        for taken in cls.sabotages.values():
            assert f"\n| {key} | {taken} | " in page
    assert "\n| P12 | " in page
    for word in (report.NOT_RUN, report.BROKEN, report.NOT_SEEN, report.FELL_OVER):
        assert word not in page


# === THE PROOFS === #


@pytest.mark.parametrize("key", IN_CI)
def test_the_promise_is_kept(workbench, key):
    outcome = prove(PROOFS[key], workbench)
    assert outcome.is_good, outcome.describe()
    if key != "P6":  # dates need no database
        assert outcome.figures["audits"] >= 1, "P12 was not looked at"

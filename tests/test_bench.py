"""The benchmark's own tests. Nothing here is timed: what is measured depends on the
machine, whether it is counted rightly does not."""

import os

import pytest

from bench import figures, measure, page, plan
from bench.contenders import BY_KEY, CONTENDERS
from bench.kept import Kept
from bench.stage import Stage

N = 20


def _row(what="ours", n=1000, **figures_of_run):
    """A run that did its work; figures can be replaced."""
    row = {
        "what": what,
        "n": n,
        "state": BY_KEY[what].state,
        "invoices": n,
        "customers": n,
        "posted": n,
        "numbers": n,
        "items": 5 * n,
        "total": str(figures.get_invoice_total() * n),
        "kinds": 1,
        "digest": "same",
        "cpu_ms": 30.0,
        "postgres_cpu_ms": 10.0,
        "wall_ms": 31.0,
        "sql": 8.0,
        "rss_mib": 160,
        "load": 0.5,
    }
    return row | figures_of_run


def _verdicts(rows):
    return {goal.text: goal.verdict for goal in figures.get_goals(rows)}


# === FIGURES === #


def test_the_invoice_is_worth_what_core_makes_of_it():
    assert str(figures.get_invoice_total()) == "286.59"


def test_a_run_that_did_its_work_has_no_faults():
    assert figures.get_faults(_row()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("invoices", 999),
        ("customers", 999),
        ("posted", 0),
        ("numbers", 999),
        ("items", 4999),
        ("total", "286590.01"),
        ("kinds", 2),
    ],
)
def test_a_run_that_did_other_work_is_a_fault(name, value):
    (fault,) = figures.get_faults(_row(**{name: value}))
    assert name in fault and str(value) in fault


def test_drafts_are_expected_where_the_contender_makes_drafts():
    assert figures.get_faults(_row("subscription", posted=0, numbers=0)) == []
    assert len(figures.get_faults(_row("subscription"))) == 2


def test_other_journal_items_are_a_disagreement():
    rows = [_row("ours"), _row("contract"), _row("best")]
    assert figures.get_disagreements(rows) == []
    rows[1]["digest"] = "other"
    assert figures.get_disagreements(rows) == [
        "the journal items differ: best, ours / contract"
    ]


def test_a_ratio_compares_the_least_times_of_the_turns():
    rows = [_row(cpu_ms=cpu) for cpu in (30.0, 99.0, 31.0)]
    rows += [_row("contract", cpu_ms=cpu) for cpu in (60.0, 61.0, 200.0)]
    assert figures.get_ratio(rows, "cpu_ms", "ours", "contract", 1000) == 0.5
    assert figures.get_ratio(rows, "cpu_ms", "ours", "contract", 3000) is None


def test_of_memory_and_statements_the_median_counts():
    rows = [_row(rss_mib=mib, sql=mib / 20) for mib in (100, 160, 300)]
    assert figures.get_figure(rows, "ours", 1000, "rss_mib") == 160
    assert figures.get_figure(rows, "ours", 1000, "sql") == 8.0


def test_goals_are_met_at_their_limit_and_not_above_it():
    limit = [_row(cpu_ms=30.0), _row("contract", cpu_ms=30.0 / 0.45)]
    over = [_row(cpu_ms=30.1), _row("contract", cpu_ms=30.0 / 0.45)]
    for rows, word in ((limit, "met"), (over, "**not met**")):
        assert _verdicts(rows)["CPU per invoice, N = 1,000"] == word
        assert _verdicts(rows)["CPU, ours / OCA contract, N = 1,000"] == word


def test_what_was_not_measured_is_not_met():
    assert set(_verdicts([]).values()) == {"not measured"}
    assert not any(goal.is_met for goal in figures.get_goals([]))


def test_memory_is_compared_across_sizes():
    rows = [_row(rss_mib=160), _row(n=10_000, rss_mib=210)]
    assert _verdicts(rows)["peak memory, N = 10,000 / N = 1,000"] == "**not met**"
    assert _verdicts(rows)["peak memory, N = 10,000"] == "**not met**"
    rows[1]["rss_mib"] = 180
    assert _verdicts(rows)["peak memory, N = 10,000 / N = 1,000"] == "met"


# === PLAN AND PAGE === #


def test_only_one_size_is_repeated_and_in_turns():
    keys = [run.key for run in plan.get_runs(CONTENDERS, (3000, 1000))]
    repeated = [key for key in keys if key[2] > 1]
    assert [key[:2] for key in repeated] == 4 * [
        ["ours", 1000],
        ["contract", 1000],
        ["best", 1000],
    ]
    assert ["ui", 3000, 1] not in keys and ["ui", 1000, 1] in keys


def test_the_page_shows_figures_ratios_and_goals(tmp_path):
    kept = Kept(tmp_path / "rows.jsonl")
    kept.add("conditions", dict.fromkeys(_facts(), "x") | {"postgresql_settings": {}})
    kept.add("invoices", _row(cpu_ms=30.0), ["ours", 1000, 1])
    kept.add("invoices", _row("contract", cpu_ms=75.0), ["contract", 1000, 1])
    text = page.render(Kept(kept.path))
    assert "| CPU, ours / OCA contract, N = 1,000 | 0.40 | 0.45 | met |" in text
    assert "| 1,000 | OCA contract + auto-validate | 75.0 | 75.0 | 10.0 |" in text
    assert "PDF" not in text


def _facts():
    yield from ("date", "commit", "processor", "cores", "memory_gib", "odoo")
    yield from ("modules", "python", "postgresql", "peers")


def test_a_measurement_goes_on_where_it_was_stopped(tmp_path):
    kept = Kept(tmp_path / "deep" / "rows.jsonl")
    kept.add("invoices", _row(), ["ours", 1000, 1])
    again = Kept(kept.path)
    assert again.has("invoices", ["ours", 1000, 1])
    assert not again.has("invoices", ["ours", 1000, 2])
    again.clear()
    assert not Kept(kept.path).get("invoices")


# === A REAL RUN === #

COUNT_AN_ENDED_BACKEND = """
from odoo import sql_db
from bench.inside import backends
from bench.inside.meter import Meter

backends.watch()
with Meter() as meter, sql_db.db_connect("postgres").cursor() as cr:
    cr.execute("SELECT count(*) FROM generate_series(1, 2000000)")
print("postgres seconds:", meter.used["postgres"])
"""


@pytest.fixture
def stage(settings):
    return Stage(settings, [], peers=settings.addons)


@pytest.mark.release
def test_our_invoices_are_the_wanted_ones(stage, db):
    ours = BY_KEY["ours"]
    stage.do("fixture", db.name, customers=N)
    job = {"adapter": ours.adapter, "mode": ours.mode, "n": N}
    stage.do("seed", db.name, **job)
    row = stage.do("run", db.name, **job)
    row |= {"what": ours.key, "n": N, "state": ours.state}
    assert measure.get_faults("invoices", row) == []
    assert row["mails_queued"] == 1  # the report to the responsible is measured, too
    assert all(row[name] > 0 for name in ("cpu_ms", "postgres_cpu_ms", "sql"))


@pytest.mark.release
def test_the_time_of_a_backend_that_ended_is_counted(stage, db):
    """A connection to this database would stay in Odoo's pool; this one is closed."""
    path = os.pathsep.join([str(stage.settings.odoo_path), "tests"])
    answer = db.shell(COUNT_AN_ENDED_BACKEND, env={"PYTHONPATH": path})
    assert float(answer.rpartition(":")[2]) > 0

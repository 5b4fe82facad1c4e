"""What an invoice costs: this suite, OCA's add-ons and bare Odoo, side by side.

Every measured run has a fresh database, copied from a template that holds only its own
contender's add-ons, and a fresh process; the recurrences were made by another process.

    contenders.py   who is measured
    plan.py         in which order, how often
    measure.py      one measurement each
    stage.py        databases, and processes in which Odoo runs
    inside/         what runs in those processes: fixture, meter, adapters
    kept.py         the rows on disk
    conditions.py   machine and versions
    figures.py      figures, ratios, goals: pure functions
    page.py         docs/performance.md
    plots.py        its pictures (matplotlib's own environment)
"""

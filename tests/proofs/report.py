"""docs/proofs.md: what the last full runs found, one row for each promise."""

import json
import os
import platform
import re
from dataclasses import asdict
from datetime import date

from suite import databases, machine

from .proof import registry

HEAD = """# Proofs

Written by `./tests/proofs.sh full`; do not edit. What each promise means stands in
`tests/proofs/`, one file for each. `./tests/proofs.sh full P1` renews one row,
`./tests/proofs.sh small P1 --seed N` repeats the choices of a run on a smaller scale.

P12 has no file of its own: `tests/proofs/audit.py` checks it at the end of every proof
that issues documents. P14 to P20 are not proven here.

"""


#: Words that must not stand on the page, see tests/test_proofs.py.
NOT_RUN = "not run"
BROKEN = "**broken**"
NOT_SEEN = "**not seen**"
FELL_OVER = "**the proof fell over**"


def keep(settings, outcome):
    """Remember a run of full size, or a sabotage, until the next one like it."""
    kept = _load(settings)
    row = asdict(outcome) | {"date": str(date.today()), "commit": _commit(settings)}
    kept[f"{outcome.key} {outcome.sabotage or ''}".strip()] = row
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, default=str))


def write(settings):
    kept = _load(settings)
    lines = [HEAD, *_machine(settings), "", *_promises(kept), "", *_sabotages(kept), ""]
    path = settings.root / "docs" / "proofs.md"
    path.write_text("\n".join(lines))
    print(f"\nwritten: {path}")


def _path(settings):
    return settings.state / "proofs.json"


def _load(settings):
    path = _path(settings)
    return json.loads(path.read_text()) if path.exists() else {}


def _promises(kept):
    yield "| promise | | figures | result | seed | time | date, commit |"
    yield "|---|---|---|---|---|---|---|"
    for key, cls in registry().items():
        if key == "P13":
            yield _audits(kept)
        row = kept.get(key)
        if not row:
            yield f"| {key} | {cls.promise} | | {NOT_RUN} | | | |"
            continue
        result = f"{BROKEN}: {_faults(row)}" if row["faults"] else "kept"
        yield (
            f"| {key} | {cls.promise} | {_figures(row)} | {result} | {row['seed']} "
            f"| {_time(row['seconds'])} | {row['date']}, {row['commit']} |"
        )


def _audits(kept):
    """P12 is proven inside the others: their audits, added up."""
    rows = [row["figures"] for name, row in kept.items() if " " not in name]
    sums = {
        name: sum(figures.get(name, 0) for figures in rows)
        for name in ("audits", "runs audited", "audit faults")
    }
    result = f"{BROKEN}: see the others" if sums["audit faults"] else "kept"
    if not sums["audits"]:
        result = NOT_RUN
    figures = _figures({"figures": sums})
    return f"| P12 | The run report is true | {figures} | {result} | | | |"


def _sabotages(kept):
    yield "## Seen to be red"
    yield ""
    yield "Each protection was taken away once; the proof must notice."
    yield ""
    yield "| promise | without | what the proof said | seed | time |"
    yield "|---|---|---|---|---|"
    for key, cls in registry().items():
        for name, taken in cls.sabotages.items():
            row = kept.get(f"{key} {name}")
            if not row:
                yield f"| {key} | {taken} | {NOT_RUN} | | |"
                continue
            found = FELL_OVER if row["fell_over"] else _faults(row) or NOT_SEEN
            yield (
                f"| {key} | {taken} | {found} | {row['seed']} "
                f"| {_time(row['seconds'])} |"
            )


def _figures(row):
    return _cell(
        "; ".join(f"{name}: {found}" for name, found in row["figures"].items())
    )


def _faults(row, limit=3):
    faults = [fault.splitlines()[0][:160] for fault in row["faults"]]
    more = f" (and {len(faults) - limit} more)" if len(faults) > limit else ""
    return _cell("; ".join(faults[:limit]) + more)


def _cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def _time(seconds):
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def _machine(settings):
    release = ".".join(re.findall(r"\d+", settings.odoo_version)[:2])
    ((postgres,),) = databases.psql("SHOW server_version")
    yield f"Odoo {release}, PostgreSQL {postgres}, Python {platform.python_version()};"
    processor, memory = machine.get_processor(), machine.get_memory_gib()
    yield f"{os.cpu_count()} processors ({processor}), {memory} GiB of memory."
    yield "Times are those of this machine, with whatever else it was doing."


def _commit(settings):
    """Short name of our commit, with a plus when there were changes on top of it."""
    name = machine.git(settings.root, "rev-parse", "--short", "HEAD")
    changes = machine.git(
        settings.root, "status", "--porcelain", "--untracked-files=no"
    )
    return (name or "no git") + ("+" if changes else "")

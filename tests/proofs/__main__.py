"""./tests/proofs.sh [small|full] [P1 P8 ...] [--sabotage NAME|all] [--seed N]"""

import argparse
import sys
from pathlib import Path

from suite import databases, odoo_log
from suite.settings import Settings

from . import report
from .proof import prove, registry
from .workbench import Workbench


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./tests/proofs.sh", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="small|full|KEY")
    parser.add_argument(
        "--sabotage",
        metavar="NAME",
        help="take this protection away (or all, one after another): green when the"
        " proof comes out red",
    )
    parser.add_argument("--seed", type=int, help="repeat the choices of an earlier run")
    options = parser.parse_args(arguments)
    sizes = [word for word in options.words if word in ("small", "full")]
    options.keys = [word.upper() for word in options.words if word not in sizes]
    options.size = sizes[-1] if sizes else "small"
    return options


def plan(options):
    """What to run: (proof, size, sabotage), in this order.

    A full run takes every protection away as well, at a small size.
    """
    for cls in registry(options.keys).values():
        if not options.sabotage:
            yield cls, options.size, None
        if options.sabotage == "all" or (
            options.size == "full" and not options.sabotage
        ):
            for name in cls.sabotages:
                yield cls, "small", name
        elif options.sabotage in cls.sabotages:
            yield cls, "small", options.sabotage


def show(outcome):
    """One run as a person reads it."""
    word = "kept" if not outcome.sabotage else "red, as it should be"
    if not outcome.is_good:
        word = "BROKEN" if not outcome.sabotage else "NOT SEEN"
        word = "FELL OVER" if outcome.fell_over else word
    without = f" without {outcome.sabotage}" if outcome.sabotage else ""
    print(f"\n{outcome.key}{without}  {outcome.promise}")
    for name, figure in outcome.figures.items():
        print(f"    {name}: {figure}")
    for fault in outcome.faults:
        print("    FAULT " + "\n    ".join(fault.splitlines()))
    print(f"    {word}; {outcome.seconds:.0f} s, seed {outcome.seed}", flush=True)


def main(arguments):
    options = parse(arguments)
    settings = Settings.from_env("test")
    runs = list(plan(options))
    if not runs:
        sys.exit(f"no proof knows the sabotage {options.sabotage}")
    databases.drop_scratch(settings)
    ignores = odoo_log.load_ignores(Path(settings.root, "tests", "log_ignore.toml"))
    template = databases.ensure_suite_template(
        settings, ignores, addons=["recurring_billing"]
    )
    workbench = Workbench(settings, template)
    outcomes = []
    for cls, size, sabotage in runs:
        outcome = prove(cls, workbench, size=size, seed=options.seed, sabotage=sabotage)
        outcomes.append(outcome)
        show(outcome)
        if options.size == "full" and not options.sabotage:
            report.keep(settings, outcome)
    if options.size == "full" and not options.sabotage:
        report.write(settings)
    bad = [outcome for outcome in outcomes if not outcome.is_good]
    print(f"\n{len(outcomes) - len(bad)} good, {len(bad)} not", flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main(sys.argv[1:])

"""One step in a process of its own; the answer is a line of JSON."""

import json
import sys

from odoo.modules.registry import Registry
from odoo.tools import config

from . import backends, forecast_work, run, selection, sending, sla_work
from .fixture import make_fixture

STEPS = {
    "fixture": make_fixture,
    "seed": run.seed,
    "run": run.run,
    "sending_seed": sending.seed,
    "sending": sending.run,
    "selection_fill": selection.fill,
    "selection": selection.run,
    "sla": sla_work.work,
    "forecast_fill": forecast_work.fill,
    "forecast": forecast_work.read,
}


def main():
    job = json.loads(sys.argv[1])
    config.parse_config(sys.argv[2:], setup_logging=True)
    backends.watch()
    registry = Registry(job["database"])
    answer = STEPS[job["step"]](registry, job)
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

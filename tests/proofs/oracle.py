"""What the proofs of dates compare with: the add-on's pure arithmetic and its opposite.

``schedule`` is what the add-on computes with, ``walker`` (the add-on's
``tests/schedule_oracle.py``) tells the same dates by walking day by day. Both are plain
Python and are loaded from their files: no Odoo is needed.
"""

import importlib.util
import os
import sys
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

ADDON = Path(os.environ["SUITE_ROOT"]) / "addons" / "recurring_billing"
ONE_DAY = timedelta(days=1)


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


schedule = _load("recurring_schedule", ADDON / "schedule.py")
walker = _load("recurring_schedule_oracle", ADDON / "tests" / "schedule_oracle.py")


def decide(schedule_, today, floor, rule="all", cap=0, left=None):
    """What a run decides by the add-on's arithmetic, without Odoo's part of it.

    :param floor: end of the last period that the ledger knows, or ``None``
    :return: the plan, and the floor of the next run
    """
    periods = schedule_.periods(floor)
    due = list(takewhile(lambda period: period.start <= today, periods))
    plan = schedule.catch_up(due, rule, cap, lambda p: p.start < today, left)
    return plan, due[-1].end if due else floor


def history(schedule_, run_days, rule, cap, limit=0):
    """What becomes of each date after runs on these days, told one day at a time.

    The clock may jump back: such a run finds nothing, because every date up to its
    day has been dealt with. Nothing here looks at periods, indexes or a ledger.

    :param list run_days: days of the runs in the order in which they happened
    :param str rule: ``all``, ``last`` or ``skip``
    :param int cap: more documents at once wait for a person; 0 = no cap
    :param int limit: number of documents after which it is over; 0 = no limit
    :return: ``{date: outcome}``, outcome is ``issue``, ``skip`` or ``held``
    """
    outcomes, used = {}, 0
    for today in run_days:
        waiting = [day for day in _days_until(schedule_, today) if day not in outcomes]
        for day, outcome in _decide(waiting, today, rule, cap, limit, used).items():
            outcomes[day] = outcome
            used += outcome != "skip"
    return outcomes


def _days_until(schedule_, today):
    return takewhile(lambda day: day <= today, walker.scheduled_days(schedule_))


def _decide(waiting, today, rule, cap, limit, used):
    """One run. Dates after the last document of a limited series are not in it."""
    decided, chosen = {}, 0
    for day in waiting:
        if limit and used + chosen >= limit:
            break
        wanted = {"all": True, "last": day == waiting[-1], "skip": day == today}[rule]
        decided[day] = "issue" if wanted else "skip"
        chosen += wanted
    if cap and chosen > cap:
        return {
            day: "held" if what == "issue" else what for day, what in decided.items()
        }
    return decided

"""P5: missed runs are caught up once: random histories against an oracle."""

import itertools
import json
from datetime import date, timedelta
from typing import ClassVar

from .audit import audit
from .oracle import decide, history
from .oracle import schedule as code
from .proof import Proof, Verdict

#: Days between two runs: twice a day, daily, a weekend, and stretches without a server.
#: A negative one is a clock that somebody set back.
GAPS = (0, 0, 1, 1, 2, 3, 7, 7, 10, 14, 30, 31, 31, 59, 90, 250, 400, -1, -40)
#: Histories that share a server's days, and with them the company's cap.
TOGETHER = 10
RUNS = 14

#: Taken away in the real engine; the histories in memory have their own switch.
SABOTAGE = {
    "no_ledger": "env.registry['recurring.planner']._get_floors = lambda *args: {}",
    "no_cap": "env.registry['res.company']._get_catch_up_cap = lambda company: 0",
}

PLAY = """
import json
from freezegun import freeze_time
from odoo import Command

product = env["product.product"].create({{"name": "Hosting", "list_price": 10.0}})
env.company.recurring_daily_limit = env.company.recurring_growth_limit = 10**6
{sabotage}

def start(server):
    env.company.recurring_catch_up_cap = server["cap"]
    customers = env["res.partner"].create(
        [{{"name": series["name"]}} for series in server["series"]]
    )
    tasks = env["recurring.task"].create([{{
        **series,
        "tz": "UTC",
        "completion": "confirm",
        "line_ids": [Command.create({{"product_id": product.id}})],
        "recipient_ids": [Command.create({{"partner_id": customer.id}})],
    }} for customer, series in zip(customers, server["series"])])
    tasks.action_start()
    env.cr.commit()
    return tasks

for server in json.loads({servers!r}):
    with freeze_time(server["today"]) as clock:
        tasks = start(server)
        for moment in server["runs"]:
            clock.move_to(moment)
            env["recurring.engine"]._cron_generate()
        tasks.filtered(lambda task: task.state != "done").action_stop()
        env.cr.commit()
"""

LEDGER = """
    SELECT t.name, o.scheduled_date, o.state FROM recurring_occurrence o
      JOIN recurring_task t ON t.id = o.task_id
     WHERE o.scheduled_date = o.document_date
"""
OUTCOMES = {"generated": "issue", "skipped": "skip", "held": "held"}


class MissedRunsAreCaughtUp(Proof):
    key = "P5"
    promise = "Missed runs are caught up once, by the chosen rule"
    small: ClassVar[dict] = {"histories": 2_000, "servers": 2}
    full: ClassVar[dict] = {"histories": 2_000, "servers": 10}
    quick: ClassVar[dict] = {"histories": 300, "servers": 1}
    sabotages: ClassVar[dict] = {
        "no_ledger": "what was issued before is not taken into account",
        "no_cap": "any number of missed dates is issued at once",
    }

    def run(self, histories, servers):
        """
        :param histories: number of those played in memory
        :param servers: each plays 10 histories on the same days in a real database
        """
        verdict = Verdict()
        self._play_in_memory(verdict, histories)
        with self.workbench.database("histories") as db:
            self._play_in_a_database(db, verdict, servers)
            audit(db, verdict)
        return verdict

    # === RANDOM HISTORIES === #

    def _random_days(self, today):
        """Days of the runs, in the order in which they happen."""
        gaps = self.random.choices(GAPS, k=RUNS)
        days = itertools.accumulate(
            gaps,
            lambda day, gap: day + timedelta(gap),
            initial=today + timedelta(days=1),
        )
        return list(days)

    def _random_series(self, today):
        """Values of a task, and the same as arguments of the oracle."""
        choose = self.random
        unit = choose.choice(["day", "week", "month", "month", "month", "year"])
        rules = code.DAY_RULES if unit in ("month", "year") else ("start",)
        start = today + timedelta(days=choose.randint(1, 60))
        end = start + timedelta(days=choose.randrange(900))
        return {
            "date_start": start,
            "interval": choose.choice([1, 1, 1, 2, 3, 7, 14]),
            "interval_unit": unit,
            "day_rule": choose.choice(rules),
            "month_day": choose.randint(1, 31),
            "date_end": choose.choice([None, None, end]),
            "catch_up": choose.choice(["all", "all", "last", "skip"]),
            "max_documents": choose.choice([0, 0, 1, 3, 10]),
        }

    @staticmethod
    def _schedule(series):
        return code.Schedule(
            start=series["date_start"],
            interval=series["interval"],
            unit=series["interval_unit"],
            day_rule=series["day_rule"],
            month_day=series["month_day"],
            end=series["date_end"],
        )

    def _expect(self, series, days, cap):
        schedule = self._schedule(series)
        return history(schedule, days, series["catch_up"], cap, series["max_documents"])

    # === IN MEMORY === #

    def _play_in_memory(self, verdict, histories):
        decided, wrong = 0, []
        for _number in range(histories):
            today = date(2024, 1, 1) + timedelta(days=self.random.randrange(1461))
            series, days = self._random_series(today), self._random_days(today)
            cap = self.random.randint(0, 15)
            expected = self._expect(series, days, cap)
            decided += len(expected)
            found = self._live(series, days, cap)
            if found != sorted(expected.items()):
                wrong.append((series, days, cap))
        verdict.expect("histories in memory", histories, histories)
        verdict.expect_at_least("dates decided in memory", decided, 5 * histories)
        verdict.expect("histories in memory that differ", len(wrong))
        verdict.faults += [f"for instance {case}" for case in wrong[:2]]

    def _live(self, series, days, cap):
        """The arithmetic of the planner with a list for a ledger."""
        schedule, limit = self._schedule(series), series["max_documents"]
        ledger, floor, used = [], None, 0
        for today in days:
            plan, end = decide(
                schedule,
                today,
                floor,
                series["catch_up"],
                0 if self.sabotage == "no_cap" else cap,
                limit - used if limit else None,
            )
            for outcome in ("issue", "skip", "held"):
                ledger += [(p.start, outcome) for p in getattr(plan, outcome)]
            used += len(plan.issue) + len(plan.held)
            floor = None if self.sabotage == "no_ledger" else end
        return sorted(ledger)

    # === IN A DATABASE === #

    def _play_in_a_database(self, db, verdict, servers):
        """Every server starts after the last run of the one before."""
        plans, expected, today = [], {}, date(2027, 1, 15)
        for number in range(servers):
            days = self._random_days(today)
            cap = self.random.choice([3, 12, 12])
            series = [self._random_series(today) for _number in range(TOGETHER)]
            for index, own in enumerate(series):
                own["name"] = f"{number}/{index}"
                expected[own["name"]] = self._expect(own, days, cap)
            moments = [f"{day} {self.random.randrange(24):02d}:30:00" for day in days]
            plans.append(
                {"today": today, "cap": cap, "series": series, "runs": moments}
            )
            today = max(days) + timedelta(days=1)
        servers = json.dumps(plans, default=str)
        sabotage = SABOTAGE.get(self.sabotage, "")
        db.shell(PLAY.format(servers=servers, sabotage=sabotage), timeout=3600)
        found = {name: {} for name in expected}
        for name, day, state in db.sql(LEDGER):
            found[name][day] = OUTCOMES.get(state, state)
        wrong = [name for name in expected if found[name] != expected[name]]
        verdict.expect("histories in a database", len(expected), len(plans) * TOGETHER)
        verdict.expect_at_least(
            "dates decided there", sum(map(len, expected.values())), 3 * len(expected)
        )
        verdict.figures["documents"] = db.scalar(
            "SELECT count(*) FROM account_move WHERE state = 'posted'"
        )
        verdict.expect("histories in a database that differ", len(wrong))
        verdict.faults += [
            self._tell(name, plans, found[name], expected[name]) for name in wrong[:3]
        ]

    @staticmethod
    def _tell(name, plans, found, expected):
        server, index = map(int, name.split("/"))
        days = sorted(found.keys() | expected.keys())
        differences = [
            f"{day} {found.get(day)}, wanted {expected.get(day)}"
            for day in days
            if found.get(day) != expected.get(day)
        ]
        plan = plans[server]
        return (
            f"{plan['series'][index]}, cap {plan['cap']}, runs {plan['runs']}: "
            f"{len(differences)} differ: {differences[:4]}"
        )

"""P7: time zones and DST do not matter: runs at every hour, all over the world."""

import itertools
import json
from datetime import date, datetime, timedelta, timezone
from typing import ClassVar
from zoneinfo import ZoneInfo

from .audit import audit
from .oracle import ONE_DAY, decide, walker
from .oracle import schedule as code
from .proof import Proof, Verdict

#: From -12 to +14, with all quarters of an hour that are in use.
ZONES = (
    "Etc/GMT+12",
    "Pacific/Pago_Pago",
    "Pacific/Honolulu",
    "Pacific/Marquesas",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Caracas",
    "America/Santiago",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Noronha",
    "Atlantic/Azores",
    "UTC",
    "Europe/London",
    "Europe/Madrid",
    "Africa/Cairo",
    "Europe/Athens",
    "Europe/Moscow",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Australia/Eucla",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Noumea",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Tongatapu",
    "Pacific/Kiritimati",
)
#: First day and days of what is played hour by hour; the clocks of Europe change on
#: 29 March and 25 October 2026, America's on 1 November; Apia had no 30 December 2011.
EUROPE_SPRING, EUROPE_AUTUMN = (date(2026, 3, 28), 5), (date(2026, 10, 24), 3)
AMERICA_AUTUMN, APIA = (date(2026, 10, 31), 3), (date(2011, 12, 28), 5)
FEBRUARY, LEAP_YEAR = (date(2026, 2, 27), 4), (date(2028, 2, 27), 4)
YEAR = (date(2026, 1, 1), 365)

#: What is issued to every zone: each day, each month's end, each 31st, each Sunday.
RULES = {
    "daily": {"interval_unit": "day"},
    "month_end": {"day_rule": "month_end"},
    "the_31st": {"day_rule": "month_day", "month_day": 31},
    "weekly": {"interval_unit": "week"},
}

SABOTAGE = """
env.registry["recurring.task"]._get_today = (
    lambda task, now=None: (now or fields.Datetime.now()).date()
)
"""

#: The suite's "today" in each zone, in memory: [first hour, date] of each day.
ASK_TODAY = """
import itertools, json
from datetime import datetime, timedelta
from odoo import fields
{sabotage}
plan = json.loads({plan!r})
hours = [datetime.fromisoformat(hour) for hour in plan["hours"]]
told = {{}}
for zone in plan["zones"]:
    task = env["recurring.task"].new({{"tz": zone}})
    days = enumerate(str(task._get_today(hour)) for hour in hours)
    groups = itertools.groupby(days, key=lambda pair: pair[1])
    told[zone] = [[next(pairs)[0], day] for day, pairs in groups]
print("TODAY " + json.dumps(told))
"""

PLAY = """
import json
from freezegun import freeze_time
from odoo import Command, fields
{sabotage}
plan = json.loads({plan!r})
product = env["product.product"].create({{"name": "Hosting", "list_price": 10.0}})
with freeze_time(plan["before"]) as clock:
    customers = env["res.partner"].create(
        [{{"name": series["name"]}} for series in plan["series"]]
    )
    tasks = env["recurring.task"].create([{{
        **series,
        "completion": "confirm",
        "line_ids": [Command.create({{"product_id": product.id}})],
        "recipient_ids": [Command.create({{"partner_id": customer.id}})],
    }} for customer, series in zip(customers, plan["series"])])
    tasks.action_start()
    env.cr.commit()
    for hour in plan["hours"]:
        clock.move_to(hour)
        env["recurring.engine"]._cron_generate()
    tasks.action_stop()
    env.cr.commit()
"""

ISSUED = """
    SELECT t.name, o.scheduled_date, r.date_start, m.invoice_date, o.state
      FROM recurring_occurrence o
      JOIN recurring_task t ON t.id = o.task_id
      JOIN recurring_run r ON r.id = o.run_id
      LEFT JOIN account_move m ON m.id = o.move_id AND m.state = 'posted'
     ORDER BY o.id
"""


def hours_of(first, days):
    """Every hour of these days in UTC, naive as Odoo has them."""
    midnight = datetime.combine(first, datetime.min.time())
    return [midnight + timedelta(hours=hour) for hour in range(24 * days)]


def local_date(hour, zone):
    return hour.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone)).date()


def make_schedule(start, rule):
    return code.Schedule(
        start=start,
        unit=rule.get("interval_unit", "month"),
        day_rule=rule.get("day_rule", "start"),
        month_day=rule.get("month_day", 0),
    )


class ZonesDoNotMatter(Proof):
    key = "P7"
    promise = "Time zones and DST do not matter"
    small: ClassVar[dict] = {
        "windows": [EUROPE_SPRING, EUROPE_AUTUMN, AMERICA_AUTUMN, APIA, LEAP_YEAR],
        "played": [(date(2026, 3, 28), 2)],
        "every": 4,
    }
    full: ClassVar[dict] = {
        "windows": [YEAR, APIA, LEAP_YEAR],
        "played": [EUROPE_SPRING, EUROPE_AUTUMN, AMERICA_AUTUMN, FEBRUARY, APIA],
        "every": 1,
    }
    sabotages: ClassVar[dict] = {"utc": "the date is UTC's, not the task's zone's"}

    def run(self, windows, played, every):
        """
        :param windows: stretches that are walked hour by hour in memory
        :param played: stretches that the engine lives through in a database
        :param every: the engine serves every so-manieth zone
        """
        verdict = Verdict(figures={"zones": len(ZONES)})
        with self.workbench.database("zones") as db:
            self._walk(db, verdict, windows)
            for number, window in enumerate(played):
                self._play(db, verdict, window, ZONES[number % every :: every])
            audit(db, verdict)
        return verdict

    @property
    def _sabotage(self):
        return SABOTAGE if self.sabotage else ""

    # === IN MEMORY === #

    def _walk(self, db, verdict, windows):
        """The suite's "today", schedules and catch-up; a set of dates for a ledger."""
        dates, wrong = 0, []
        stretches = [hours_of(*window) for window in windows]
        told = self._ask_today(db, list(itertools.chain(*stretches)))
        for (first, _days), hours in zip(windows, stretches, strict=True):
            start = first + timedelta(days=2)
            for zone, (name, rule) in itertools.product(ZONES, RULES.items()):
                schedule = make_schedule(start, rule)
                todays = [told[zone][hour] for hour in hours]
                found = self._issue(schedule, hours, todays)
                expected = self._expect(schedule, hours, zone)
                dates += len(expected)
                if found != expected:
                    wrong.append(f"{zone}, {name}: {found[:4]}, wanted {expected[:4]}")
        runs = len(ZONES) * sum(map(len, stretches))
        verdict.expect_at_least("runs in memory", runs, len(ZONES) * 24 * 20)
        verdict.expect_at_least("dates in memory", dates, len(ZONES) * 20)
        verdict.expect("schedules that differ", len(wrong))
        verdict.faults += wrong[:3]

    def _ask_today(self, db, hours):
        """``{zone: {hour: date of today}}`` as the suite sees it."""
        plan = json.dumps({"zones": ZONES, "hours": list(map(str, hours))})
        output = db.shell(ASK_TODAY.format(plan=plan, sabotage=self._sabotage))
        (line,) = [line for line in output.splitlines() if line.startswith("TODAY ")]
        told = json.loads(line.removeprefix("TODAY "))
        return {
            zone: dict(zip(hours, self._spell_out(changes, len(hours)), strict=True))
            for zone, changes in told.items()
        }

    @staticmethod
    def _spell_out(changes, count):
        """``[first hour, date]`` of each day as one date for each hour."""
        ends = [index for index, _day in changes[1:]] + [count]
        for (index, day), end in zip(changes, ends, strict=True):
            yield from [date.fromisoformat(day)] * (end - index)

    @staticmethod
    def _issue(schedule, hours, todays):
        """``[(date, hour)]`` as runs at these hours issue them."""
        issued, floor = [], None
        for hour, today in zip(hours, todays, strict=True):
            plan, floor = decide(schedule, today, floor)
            issued += [(period.start, hour) for period in plan.issue]
        return issued

    @staticmethod
    def _expect(schedule, hours, zone):
        """Each date at the first hour that is on it there, says ``zoneinfo``.

        A day that the zone never had is issued on the next one.
        """
        issued = []
        days = walker.scheduled_days(schedule)
        day = next(days)
        for hour in hours:
            today = local_date(hour, zone)
            while day <= today:
                issued.append((day, hour))
                day = next(days)
        return issued

    # === IN A DATABASE === #

    def _play(self, db, verdict, window, zones):
        first, days = window
        hours = hours_of(first, days)
        start = first + ONE_DAY
        series = [
            {
                "name": f"{start} {zone} {name}",
                "tz": zone,
                "date_start": start,
                **RULES[name],
            }
            for zone in zones
            for name in ("daily", "month_end")
        ]
        plan = {
            "before": first - timedelta(days=2),
            "hours": hours,
            "series": series,
        }
        text = json.dumps(plan, default=str)
        db.shell(PLAY.format(plan=text, sabotage=self._sabotage), timeout=3600)
        found = {own["name"]: [] for own in series}
        for name, day, hour, invoiced, state in db.sql(ISSUED):
            if name in found:
                found[name].append((day, hour, invoiced, state))
        wrong = []
        for own in series:
            schedule = make_schedule(start, own)
            expected = [
                (day, hour, day, "generated")
                for day, hour in self._expect(schedule, hours, own["tz"])
            ]
            if found[own["name"]] != expected:
                wrong.append(
                    f"{own['name']}: {found[own['name']][:3]}, wanted {expected[:3]}"
                )
        self._count(verdict, "engine runs", len(hours))
        self._count(verdict, "tasks in a database", len(series))
        self._count(verdict, "their invoices", sum(map(len, found.values())))
        self._count(verdict, "tasks that differ", len(wrong))
        if wrong:
            verdict.faults += [f"{len(wrong)} tasks differ", *wrong[:3]]

    @staticmethod
    def _count(verdict, name, more):
        verdict.figures[name] = verdict.figures.get(name, 0) + more

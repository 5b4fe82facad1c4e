"""Every date of the forecast is one that the engine would issue, and no other (P20)."""

import random
from datetime import date, timedelta
from itertools import takewhile

from odoo.tests import tagged
from odoo.tools import SQL

from ..schedule import catch_up
from .forecast_common import ForecastCommon

SCHEDULES = 2000
#: At 10:00 UTC it is the 15th, the 16th and the 14th there.
ZONES = ("Europe/Madrid", "Pacific/Kiritimati", "Pacific/Pago_Pago")
#: First day that is not looked at: two years from the month of today.
HORIZON = date(2029, 3, 1)
TODAY = date(2027, 3, 15)


@tagged("post_install", "-at_install")
class TestForecastDates(ForecastCommon):
    """Random schedules with random histories, written as rows: creating thousands of
    tasks would take longer than comparing them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(20270315)
        cls.template = cls._start_task(catch_up="all")

    @classmethod
    def _draw_schedule(cls):
        choose, unit = cls.random, cls.random.choice(("day", "week", "month", "year"))
        is_monthly = unit in ("month", "year")
        start = TODAY + timedelta(days=choose.randint(-900, 400))
        rule = choose.choice(("start", "month_day", "month_end")) if is_monthly else ""
        has_end = choose.random() < 0.3
        return {
            "tz": choose.choice(ZONES),
            "date_start": start,
            "date_end": start + timedelta(choose.randint(0, 1500)) if has_end else None,
            "max_documents": choose.choice((0, 0, choose.randint(1, 30))),
            "interval": choose.randint(1, 40 if unit == "day" else 14),
            "interval_unit": unit,
            "day_rule": rule or "start",
            "month_day": choose.randint(1, 31),
            "catch_up": choose.choice(("all", "last", "skip")),
        }

    @classmethod
    def _copy_rows(cls, record, count, **columns):
        """Rows like ``record``, with these columns; :return: their ids."""
        record.flush_recordset()
        names = [
            name
            for name, field in record._fields.items()
            if field.store and field.column_type and name not in ("id", *columns)
        ]
        table = SQL.identifier(record._table)
        kinds = {n: SQL(record._fields[n].column_type[1]) for n in columns}
        rows = cls.env.execute_query(
            SQL(
                """INSERT INTO %s (%s, %s) SELECT %s, drawn.* FROM %s,
                    unnest(%s) AS drawn WHERE %s.id = %s RETURNING id""",
                table,
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(SQL.identifier(record._table, n) for n in names),
                table,
                SQL(", ").join(
                    SQL("%s::%s[]", values, kinds[name])
                    for name, values in columns.items()
                ),
                table,
                record.id,
            )
        )
        assert len(rows) == count
        return sorted(row[0] for row in rows)

    @classmethod
    def _create_schedules(cls):
        drawn = [cls._draw_schedule() for _number in range(SCHEDULES)]
        columns = {name: [row[name] for row in drawn] for name in drawn[0]}
        tasks = cls._copy_rows(cls.template, SCHEDULES, **columns)
        own, since = [], []
        for schedule in drawn:
            shift = timedelta(days=cls.random.randint(0, 200))
            start = schedule["date_start"]
            own.append(start + shift if cls.random.random() < 0.3 else None)
            since.append(start + shift if cls.random.random() < 0.2 else None)
        ids = cls._copy_rows(
            cls.template.recipient_ids,
            SCHEDULES,
            task_id=tasks,
            tz=columns["tz"],
            date_start=own,
            date_from=since,
            date_next=[None] * SCHEDULES,
        )
        cls.env.invalidate_all()
        return cls.env["recurring.task.recipient"].browse(ids)

    @classmethod
    def _create_history(cls, recipients):
        """What became of the first dates of two customers in three."""
        rows = []
        for recipient in recipients:
            schedule = recipient.task_id._get_schedule(recipient._get_start())
            count = cls.random.choice((0, 1, cls.random.randint(2, 12)))
            for period, _index in zip(schedule.periods(), range(count), strict=False):
                states = ("generated", "sent", "failed", "held", "skipped", "void")
                rows.append(
                    (
                        *(recipient.id, recipient.task_id.id, recipient.company_id.id),
                        *(recipient.partner_id.id, period.start, period.end),
                        cls.random.choice(states),
                    )
                )
        columns = [list(column) for column in zip(*rows, strict=True)]
        cls.env.cr.execute(
            SQL(
                """
            INSERT INTO recurring_occurrence (
                       recipient_id, task_id, company_id, partner_id, scheduled_date,
                       issue_date, period_start, period_end, state
                   )
            SELECT a, b, c, d, e, e, e, f, g
              FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int4[], %s::date[],
                          %s::date[], %s::varchar[]) AS row (a, b, c, d, e, f, g)
                """,
                *columns,
            )
        )
        cls.env.invalidate_all()

    @classmethod
    def _store_next_dates(cls, recipients):
        dates = cls.env["recurring.planner"]._get_next_dates(recipients)
        cls.env.cr.execute(
            SQL(
                """UPDATE recurring_task_recipient SET date_next = row.day
                    FROM unnest(%s::int4[], %s::date[]) AS row (id, day)
                    WHERE recurring_task_recipient.id = row.id""",
                [recipient.id for recipient in dates],
                [day or None for day in dates.values()],
            )
        )
        cls.env.invalidate_all()

    @classmethod
    def _get_planned(cls, recipients):
        """What the engine would issue, by recipient, if it ran now and ever after."""
        planner = cls.env["recurring.planner"]
        left = planner._get_left(recipients)
        planned = {}
        for recipient, periods in planner._get_coming_periods(recipients).items():
            today = recipient.task_id._get_today()
            days = [
                period.start
                for period in takewhile(lambda p: p.start < HORIZON, periods)
            ]
            due = [day for day in days if day <= today]
            rule = recipient.task_id.catch_up
            plan = catch_up(due, rule, 0, lambda day, now=today: day < now)
            chosen = [*plan.issue, *days[len(due) :]]
            planned[recipient.id] = chosen[: left.get(recipient)]
        return planned

    def test_random_schedules(self):
        recipients = self._create_schedules()
        self._create_history(recipients)
        self._store_next_dates(recipients)
        self.clock.move_to("2027-03-15 10:30:00")
        rows = (
            self.env["recurring.forecast"]
            .with_user(self.biller)
            ._read_group(
                [("recipient_id", "in", recipients.ids)],
                ["recipient_id", "status"],
                ["date:array_agg"],
            )
        )
        forecast = {recipient.id: [] for recipient in recipients}
        waiting = {recipient.id: [] for recipient in recipients}
        for recipient, status, days in rows:
            kind = forecast if status in ("coming", "overdue") else waiting
            kind[recipient.id] += days
        planned = self._get_planned(recipients)
        different = [
            f"{recipient.task_id.read()}: {planned[recipient.id]}"
            f" / {sorted(forecast[recipient.id])}"
            for recipient in recipients
            if planned[recipient.id] != sorted(forecast[recipient.id])
        ]
        self.assertFalse(different, f"{len(different)} differ, e.g. {different[:1]}")
        pending = self.env["recurring.planner"]._get_pending(recipients)
        for recipient in recipients:
            days = [r.scheduled_date for r in pending.get(recipient.id, ())]
            self.assertEqual(sorted(waiting[recipient.id]), sorted(days))
        self.assertGreater(sum(map(len, planned.values())), 15 * SCHEDULES)
        self.assertGreater(sum(map(len, waiting.values())), SCHEDULES // 2)

"""Finding the recipients that are due among very many."""

import time
from datetime import timedelta
from statistics import median

from odoo import SUPERUSER_ID, Command, api
from odoo.tools import SQL

from .fixture import Fixture

ZONES = (
    "UTC",
    "Europe/Madrid",
    "America/New_York",
    "Asia/Tokyo",
    "Pacific/Auckland",
)
TURNS = 5


def fill(registry, job):
    """Running tasks with `recipients` lines in all, `due` of which are due today.

    The tasks and one line of each are made as a person would, the others are copies by
    SQL: a million lines by the ORM take an hour.
    """
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        _make_tasks(env, job["tasks"])
        _multiply(cr, job["recipients"] - job["tasks"], job["due"])
    return {}


def _make_tasks(env, count):
    fixture = Fixture(env)
    customer = fixture.get_customers(1)
    tasks = env["recurring.task"].create(
        [
            {
                "name": f"Bench {number}",
                "tz": ZONES[number % len(ZONES)],
                "date_start": fixture.today + timedelta(days=3),
                "line_ids": [Command.create(line) for line in fixture.get_lines()],
                "recipient_ids": [Command.create({"partner_id": customer.id})],
            }
            for number in range(count)
        ]
    )
    tasks.action_start()
    env.flush_all()


def _multiply(cr, count, due):
    """Copies spread over tasks and customers. Yesterday's date is due in every zone;
    all others are at least two days away."""
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = 'recurring_task_recipient'"
    )
    own = {"id", "partner_id", "partner_invoice_id", "date_next"}
    columns = SQL(", ").join(
        SQL.identifier(name) for (name,) in cr.fetchall() if name not in own
    )
    cr.execute(
        SQL(
            """
            WITH model AS (
                SELECT *, row_number() OVER (ORDER BY id) - 1 AS place
                  FROM recurring_task_recipient
            ), customer AS (
                SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
                  FROM res_partner WHERE ref LIKE 'bench-%%'
            )
            INSERT INTO recurring_task_recipient
                (partner_id, partner_invoice_id, date_next, %(columns)s)
            SELECT customer.id, customer.id,
                   CURRENT_DATE + CASE
                       WHEN number %% %(every)s = 0 AND number <= %(every)s * %(due)s
                       THEN -1 ELSE 2 + number %% 29 END,
                   %(columns)s
              FROM generate_series(1, %(count)s) AS number
              JOIN customer
                ON customer.place = number %% (SELECT count(*) FROM customer)
              JOIN model ON model.place = number %% (SELECT count(*) FROM model)
            """,
            columns=columns,
            count=count,
            every=count // due,
            due=due,
        )
    )


def run(registry, job):
    """Median wall time of the engine's own search, and PostgreSQL's plan for it."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        engine = env["recurring.engine"]
        found = len(engine._get_due_recipients())  # warm
        times = []
        for _turn in range(TURNS):
            env.invalidate_all()
            started = time.perf_counter()
            engine._get_due_recipients()
            times.append(1000 * (time.perf_counter() - started))
        query = env["recurring.task.recipient"]._search(
            engine._get_due_domain(), order="task_id, id"
        )
        cr.execute(SQL("EXPLAIN (ANALYZE, BUFFERS) %s", query.select()))
        return {
            "found": found,
            "wall_ms": round(median(times), 1),
            "slowest_ms": round(max(times), 1),
            "plan": [line for (line,) in cr.fetchall()],
        }

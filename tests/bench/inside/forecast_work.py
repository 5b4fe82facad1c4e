"""Reading the forecast of very many customers, as a clerk."""

import time

from odoo import SUPERUSER_ID, Command, api

from . import selection

TURNS = 3
#: Months of history, so that the forecast has a ledger to look at.
HISTORY = 12
CLERK = "recurring_billing.group_billing"


def fill(registry, job):
    """Monthly customers of running tasks, priced, each with a year of documents."""
    selection.fill(registry, job | {"due": 1})
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        _price(cr)
        _write_history(cr)
        env["res.users"].create(
            {
                "name": "Clerk",
                "login": "forecast_clerk",
                "group_ids": [Command.link(env.ref(CLERK).id)],
            }
        )
    return {}


def _price(cr):
    cr.execute(
        """
        INSERT INTO recurring_forecast_price (
               recipient_id, line_id, company_id, product_id, quantity,
               amount_untaxed, priced_on)
        SELECT r.id, l.id, r.company_id, l.product_id, 1, 12.5, now()::date
          FROM recurring_task_recipient r
          JOIN recurring_task_line l ON l.task_id = r.task_id
         WHERE l.product_id IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )


def _write_history(cr):
    cr.execute(
        """
        INSERT INTO recurring_occurrence (
               recipient_id, task_id, company_id, partner_id, state, scheduled_date,
               issue_date, period_start, period_end)
        SELECT r.id, r.task_id, r.company_id, r.partner_id, 'generated', d.day, d.day,
               d.day, (d.day + interval '1 month')::date
          FROM recurring_task_recipient r
          JOIN recurring_task t ON t.id = r.task_id,
               generate_series(1, %s) k,
               LATERAL (SELECT (t.date_start - make_interval(months => k))::date) d(day)
        """,
        [HISTORY],
    )


def read(registry, job):
    """Seconds of each way of looking at it: the best of a few turns, and the rows."""
    with registry.cursor() as cr:
        root = api.Environment(cr, SUPERUSER_ID, {})
        clerk = root["res.users"].search([("login", "=", "forecast_clerk")])
        env = api.Environment(cr, clerk.id, {})
        return {name: _time(env, look) for name, look in LOOKS.items()}


def _time(env, look):
    seconds = []
    for _turn in range(TURNS):
        env.invalidate_all()
        started = time.perf_counter()
        rows = look(env["recurring.forecast"], env["recurring.forecast.line"])
        seconds.append(time.perf_counter() - started)
    return {"seconds": round(min(seconds), 2), "rows": len(rows)}


LOOKS = {
    "by month": lambda forecast, _line: forecast._read_group(
        [], ["date:month"], ["amount_untaxed:sum"]
    ),
    "by month and task": lambda forecast, _line: forecast._read_group(
        [], ["date:month", "task_id"], ["amount_untaxed:sum"]
    ),
    "by month and customer": lambda forecast, _line: forecast._read_group(
        [], ["date:month", "partner_id"], ["amount_untaxed:sum"]
    ),
    "by product": lambda _forecast, line: line._read_group(
        [], ["product_id"], ["amount_untaxed:sum"]
    ),
    "first page of the list": lambda forecast, _line: forecast.search_read(
        [], ["date", "partner_id", "task_id", "amount_untaxed"], limit=80
    ),
}

"""A person watches a run and cancels it while a runner is in the middle of a batch.

Real server, real database: the runner waits for a row that the test holds, so that the
click on "Cancel" always meets a batch under way.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from harness import Database, odoo_server, wait_until

CUSTOMERS = 150
#: Issued in the call of "Run Now", and in a batch of the scheduled action.
AT_ONCE, BATCH = 20, 50

SET_UP = f"""
from datetime import timedelta
from odoo import Command, fields

env["res.users"].create({{
    "name": "ana",
    "login": "ana",
    "password": "ana",
    "group_ids": [Command.link(env.ref("recurring_billing.group_billing").id)],
}})
product = env["product.product"].create(
    {{"name": "Course", "type": "service", "list_price": 100.0}}
)
customers = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"c{{i}}@example.com"}}
    for i in range({CUSTOMERS})
])
env["recurring.task"].create({{
    "name": "Courses",
    "completion": "confirm",
    "date_start": fields.Date.today() + timedelta(days=9),
    "line_ids": [Command.create({{"product_id": product.id}})],
    "recipient_ids": [
        Command.create({{"partner_id": customer.id}}) for customer in customers
    ],
}}).action_start()
env.cr.commit()
"""
DOCUMENTS = (
    "SELECT count(*), count(DISTINCT recipient_id), count(DISTINCT move_id)"
    " FROM recurring_occurrence WHERE state = 'generated'"
)


def _is_waiting(db):
    """Whether somebody waits for a lock in this database."""
    return db.scalar(
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        " WHERE NOT l.granted AND a.datname = current_database()"
    )


@pytest.fixture(scope="module")
def cancelled(settings, template):
    """The database after all that, and what the page was told on the way."""
    db = Database.fresh(settings, template, "runcancelled")
    db.shell(SET_UP)
    told = []
    with odoo_server(db) as server, ThreadPoolExecutor(1) as runner:
        ana = server.login("ana")
        (task,) = ana.call("recurring.task", "search", [])

        def run_now():
            return ana.call("recurring.task", "action_run_now", [task])["res_id"]

        def ask():
            told.extend(ana.call("recurring.run", "get_progress", [run]))
            return told[-1]

        def cron():
            return server.run_cron("recurring_billing.ir_cron_generate")

        run = run_now()
        ask()
        with closing(db.connect()) as holder, holder.cursor() as cursor:
            # needed by every invoice, not by the ledger, which is written first
            cursor.execute("SELECT FROM product_product FOR UPDATE")
            turn = runner.submit(cron)
            wait_until(lambda: _is_waiting(db), "the runner")
            ana.call("recurring.run", "action_cancel", [run])
            ask()
            holder.rollback()
        turn.result(60)
        ask()
        first = db.sql(DOCUMENTS)
        run_now()
        cron()
    yield db, told, first, db.sql(DOCUMENTS)
    db.drop()


def test_the_page_sees_it_move_and_end(cancelled):
    _db, told, *_rest = cancelled
    assert [(row["state"], row["issued"], row["withdrawn"]) for row in told] == [
        ("running", AT_ONCE, 0),
        ("running", AT_ONCE, CUSTOMERS - AT_ONCE - BATCH),
        ("done", AT_ONCE + BATCH, CUSTOMERS - AT_ONCE - BATCH),
    ]
    assert [row["left"] for row in told] == [CUSTOMERS - AT_ONCE, BATCH, 0]


def test_the_batch_under_way_was_finished_and_nothing_after_it(cancelled):
    _db, _told, first, *_rest = cancelled
    assert first == [(AT_ONCE + BATCH,) * 3]


def test_what_was_asked_for_is_issued_or_withdrawn(cancelled):
    db, *_rest = cancelled
    rows = db.sql(
        "SELECT r.requested_count, count(o.id) + coalesce(r.withdrawn_count, 0)"
        " FROM recurring_run r JOIN recurring_occurrence o ON o.run_id = r.id"
        " GROUP BY r.id ORDER BY r.id"
    )
    assert rows == [(CUSTOMERS,) * 2, (CUSTOMERS - AT_ONCE - BATCH,) * 2]


def test_asked_for_again_each_customer_has_one_document(cancelled):
    *_rest, last = cancelled
    assert last == [(CUSTOMERS,) * 3]

"""Several runners at once: each customer is claimed by one of them."""

from concurrent.futures import ThreadPoolExecutor

CUSTOMERS = 120

SET_UP = f"""
from datetime import timedelta
from odoo import Command, fields

product = env["product.product"].create({{"name": "Hosting", "list_price": 10.0}})
customers = env["res.partner"].create(
    [{{"name": f"Customer {{i}}"}} for i in range({CUSTOMERS})]
)
tasks = env["recurring.task"].create([{{
    "name": f"Hosting {{part}}",
    "completion": "confirm",
    "date_start": fields.Date.today() + timedelta(days=2),
    "line_ids": [Command.create({{"product_id": product.id}})],
    "recipient_ids": [
        Command.create({{"partner_id": c.id}}) for c in customers[part::4]
    ],
}} for part in range(4)])
tasks.action_start()
env.cr.commit()
"""

RUN = """
env["recurring.engine"]._cron_generate()
env.cr.commit()
"""


def _let_the_first_date_arrive(db):
    db.sql("UPDATE recurring_task SET date_start = date_start - 2")
    db.sql("UPDATE recurring_task_recipient SET date_next = date_next - 2")


def test_three_runners_make_one_document_for_each_customer(db):
    db.shell(SET_UP)
    _let_the_first_date_arrive(db)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _number: db.shell(RUN), range(3)))
    db.shell(RUN)  # what a runner left to another one that gave up
    assert db.sql("SELECT state, count(*) FROM recurring_occurrence GROUP BY 1") == [
        ("generated", CUSTOMERS)
    ]
    assert db.scalar("SELECT count(DISTINCT partner_id) FROM account_move") == CUSTOMERS
    assert db.sql(
        "SELECT count(*), count(DISTINCT name) FROM account_move WHERE state = 'posted'"
    ) == [(CUSTOMERS, CUSTOMERS)]

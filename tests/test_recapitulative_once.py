"""A customer's month is invoiced once, however often the process dies or is doubled.

Real processes on a real database. They die in the middle of their transaction, as
``kill -9`` would end them, and then several of them work at the same moment.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import Database

CUSTOMERS = 6

SET_UP = f"""
from datetime import timedelta
from odoo import Command, fields

product = env["product.product"].create(
    {{"name": "Work", "type": "service", "list_price": 100.0}}
)
customers = env["res.partner"].create(
    [{{"name": f"Customer {{i}}"}} for i in range({CUSTOMERS})]
)
customers.recapitulative = True
env.company.recapitulative_completion = "confirm"
orders = env["sale.order"].create([{{
    "partner_id": customer.id,
    "order_line": [Command.create({{"product_id": product.id}})],
}} for customer in customers for _n in range(2)])
orders.action_confirm()
orders.date_order = fields.Datetime.now().replace(day=1) - timedelta(days=10)
env.cr.commit()
"""
RUN = """
from odoo.addons.recurring_billing.models import recapitulative_month

recapitulative_month.BATCH_SIZE = 2
ledger = env["recapitulative.month"].with_context(cron_id=1)
ledger._cron_recapitulate()
env.cr.commit()
"""
#: Dies when the invoices of the second batch exist and shall be posted.
DIE = """
import os

Move = env.registry["account.move"]
post, calls = Move._post, []

def die(self, soft=True):
    calls.append(self)
    return os._exit(137) if len(calls) == 2 else post(self, soft)

Move._post = die
"""
BILLED = """
SELECT m.commercial_partner_id, count(*), min(m.state), count(DISTINCT m.name)
  FROM account_move m WHERE m.move_type = 'out_invoice'
 GROUP BY m.commercial_partner_id
"""
LEDGER = """
SELECT r.partner_id, r.state, count(l.account_move_id)
  FROM recapitulative_month r
  LEFT JOIN recapitulative_month_move_rel l ON l.recapitulative_month_id = r.id
 GROUP BY r.partner_id, r.state
"""


@pytest.fixture
def months(settings, template):
    db = Database.fresh(settings, template, "months")
    db.shell(SET_UP)
    yield db
    db.drop()


def check(db, customers):
    """So many customers have one posted invoice and one row that names it."""
    assert [row[1:] for row in db.sql(BILLED)] == [(1, "posted", 1)] * customers
    assert [row[1:] for row in db.sql(LEDGER)] == [("done", 1)] * customers


def test_a_process_that_dies_leaves_nothing_half_and_nothing_twice(months):
    with pytest.raises(RuntimeError, match="137"):
        months.shell(DIE + RUN)
    check(months, 2)
    months.shell(RUN)
    check(months, CUSTOMERS)


def test_processes_at_the_same_moment_share_the_work(months):
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(months.shell, [RUN] * 3))
    months.shell(RUN)  # what one left to another that gave way
    check(months, CUSTOMERS)

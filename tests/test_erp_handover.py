"""Sixty orders on a bad line: each of them once at the receiver, all of them known.

A real database, real processes that are killed in the middle of it, and the reference
receiver of tests/erp_receiver, which drops, fails, lies and keeps silent.
"""

import random
from collections import Counter
from functools import partial

import pytest
from erp_receiver import FAULTS, ErpReceiver

from harness import Database
from suite import databases, odoo_log

ORDERS = 60
KEY = "key-of-the-receiver"
#: Redirects are final, by design: they have a test of their own.
RETRIED = [fault for fault in FAULTS if fault != "redirect"]

SET_UP = """
from odoo import Command

channel = env["postsale.erp.channel"].create({{
    "name": "ERP",
    "url": "{url}",
    "allowed_host": "127.0.0.1",
    "bearer_key": "{key}",
    "timeout": 1,
}})
product = env["product.product"].create(
    {{"name": "Hour of Work", "type": "service", "list_price": 60.0}}
)
customers = env["res.partner"].create([
    {{"name": f"Customer {{i}}"}} for i in range({orders})
])
orders = env["sale.order"].create([{{
    "partner_id": customer.id,
    "order_line": [
        Command.create({{"product_id": product.id, "product_uom_qty": i + 1}})
    ],
}} for i, customer in enumerate(customers)])
orders.action_confirm()
orders.action_send_to_erp()
env.cr.commit()
"""

SEND = """
for _round in range({rounds}):
    rows = env["postsale.erp.transmission"].search(
        [("state", "in", ("queued", "sending"))]
    )
    if not rows:
        break
    rows.write({{"next_attempt": False}})
    env.cr.commit()
    env["postsale.erp.engine"]._cron_send()
    env.cr.commit()
"""


def _send(db, rounds=40, failpoint=None):
    """Let the scheduled action run, killed at a failpoint if one is named."""
    script = SEND.format(rounds=rounds)
    if not failpoint:
        db.shell(script)
        return
    with pytest.raises(RuntimeError, match="137"):
        db.shell(script, env={"RECURRING_FAILPOINT": failpoint})


def _choose_fault(dice, used, message):
    """Nothing is spared, but silence costs a second each time."""
    fault = dice.choice([None, *RETRIED]) if message.count <= 3 else None
    used[fault] += 1
    return None if fault == "late" and used["late"] > 5 else fault


@pytest.fixture(scope="module")
def fresh(settings):
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)
    db = Database.fresh(settings, template, "erp")
    yield db
    db.drop()


@pytest.fixture(scope="module")
def line(fresh):
    """The database and the receiver after everything has gone wrong."""
    with ErpReceiver(KEY) as erp:
        erp.plan = partial(_choose_fault, random.Random(20270315), Counter())
        fresh.shell(SET_UP.format(url=erp.url, key=KEY, orders=ORDERS))
        _send(fresh, failpoint="erp:answered")
        assert (
            fresh.scalar(
                "SELECT count(*) FROM postsale_erp_transmission WHERE state = 'sending'"
            )
            == 1
        )
        _send(fresh, failpoint="erp:claimed")
        _send(fresh)
        yield fresh, erp


def test_every_order_arrived_once(line):
    _db, erp = line
    numbers = sorted(message.number for _number, message in erp.booked.values())
    assert len(numbers) == len(set(numbers)) == ORDERS
    assert len(erp.attempts) > ORDERS * 1.5, "the line was not bad enough"


def test_every_attempt_had_the_same_bytes(line):
    _db, erp = line
    bodies = {}
    for message in erp.attempts:
        assert bodies.setdefault(message.key, message.body) == message.body


def test_all_are_sent_with_the_number_of_the_receiver(line):
    db, erp = line
    rows = db.sql(
        "SELECT t.idempotency_key, t.state, t.erp_number, o.name"
        " FROM postsale_erp_transmission t JOIN sale_order o ON o.id = t.order_id"
    )
    assert len(rows) == ORDERS
    for key, state, number, name in rows:
        booked, message = erp.booked[key]
        assert (state, number, name) == ("sent", booked, message.number)


def test_nothing_is_left_to_invoice(line):
    db, _erp = line
    states = db.sql("SELECT DISTINCT invoice_status FROM sale_order")
    assert states == [("no",)]


def test_nobody_else_was_talked_to(line):
    _db, erp = line
    assert erp.strangers == []


REFUSALS = """
def send():
    env.cr.commit()
    env["postsale.erp.engine"]._cron_send()
    env.cr.commit()
    row = env["postsale.erp.transmission"].search([], limit=1)
    print("REFUSED", row.state, row.error)
    return row

order = env["sale.order"].search([], limit=1)
order.order_line.product_uom_qty = 99
order.action_send_to_erp()
row = send()
url = row.channel_id.url.replace("http:", "https:")
row.channel_id.write({"allowed_host": False, "url": url})
row.action_retry()
send()
"""


def test_a_redirect_and_a_private_address_are_refused(line):
    """The last one: it changes the channel."""
    db, erp = line
    erp.plan = lambda message: "redirect"
    before = len(erp.attempts)
    lines = db.shell(REFUSALS).splitlines()
    redirect, private = (line for line in lines if line.startswith("REFUSED"))
    assert redirect.startswith("REFUSED failed") and "not followed" in redirect
    assert private.startswith("REFUSED failed") and "own network" in private
    assert len(erp.attempts) == before + 1

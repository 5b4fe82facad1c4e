"""Two people press the same button at the same time: one task, one first invoice.

Real server, real database: "Repeat Monthly" on an invoice, the confirmation of an order
with periodic lines, and the first instalment of another.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import Database, RpcError, odoo_server

NUMBER = 4
PEOPLE = ("ana", "bea")

SET_UP = f"""
from odoo import Command

groups = ["recurring_billing.group_billing", "sales_team.group_sale_salesman_all_leads"]
for login in {PEOPLE!r}:
    env["res.users"].create({{
        "name": login,
        "login": login,
        "password": login,
        "group_ids": [Command.link(env.ref(group).id) for group in groups],
    }})
product = env["product.product"].create(
    {{"name": "Course", "type": "service", "list_price": 100.0}}
)
customers = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"c{{i}}@example.com"}}
    for i in range({NUMBER})
])
env["account.move"].create([{{
    "move_type": "out_invoice",
    "partner_id": customer.id,
    "invoice_line_ids": [Command.create({{"product_id": product.id}})],
}} for customer in customers]).action_post()
line = {{"product_id": product.id}}
env["sale.order"].create([{{
    "partner_id": customer.id,
    "client_order_ref": "periodic",
    "order_line": [Command.create({{**line, "billed_periodically": True}})],
}} for customer in customers])
env["sale.order"].create([{{
    "partner_id": customer.id,
    "client_order_ref": "instalments",
    "instalment_count": 3,
    "order_line": [Command.create(line)],
}} for customer in customers]).action_confirm()
env.cr.commit()
"""


def _press_together(pool, people, model, method, record):
    turns = [pool.submit(person.call, model, method, [record]) for person in people]
    answers = [turn.exception() for turn in turns]
    assert not [a for a in answers if a and not isinstance(a, RpcError)]
    assert None in answers, "somebody must have got through"


@pytest.fixture(scope="module")
def pressed(settings, template):
    """The database after both have pressed every button at once."""
    db = Database.fresh(settings, template, "billingonce")
    db.shell(SET_UP)
    wishes = [
        ("account.move", "action_repeat_monthly", "SELECT id FROM account_move"),
        (
            "sale.order",
            "action_confirm",
            "SELECT id FROM sale_order WHERE client_order_ref = 'periodic'",
        ),
        (
            "sale.order",
            "action_bill_first_instalment",
            "SELECT id FROM sale_order WHERE client_order_ref = 'instalments'",
        ),
    ]
    # whoever came second is told so: by our message, or by the database's
    with (
        odoo_server(db, allow_log=None) as server,
        ThreadPoolExecutor(len(PEOPLE)) as pool,
    ):
        people = [server.login(name) for name in PEOPLE]
        for model, method, query in wishes:
            for (record,) in db.sql(query):
                _press_together(pool, people, model, method, record)
    yield db
    db.drop()


def test_one_task_for_each_invoice_and_order(pressed):
    tasks = pressed.sql(
        "SELECT count(*), count(DISTINCT origin_move_id), count(DISTINCT sale_order_id)"
        " FROM recurring_task WHERE state = 'running'"
    )
    assert tasks == [(3 * NUMBER, NUMBER, 2 * NUMBER)]


def test_one_first_document_in_the_ledger(pressed):
    rows = pressed.sql(
        "SELECT count(*), count(DISTINCT task_id) FROM recurring_occurrence"
        " WHERE state IN ('generated', 'sent')"
    )
    assert rows == [(2 * NUMBER, 2 * NUMBER)]


def test_one_first_instalment_for_each_order(pressed):
    counts = pressed.sql(
        "SELECT ol.order_id, count(DISTINCT l.move_id) FROM sale_order_line ol"
        " JOIN sale_order_line_invoice_rel r ON r.order_line_id = ol.id"
        " JOIN account_move_line l ON l.id = r.invoice_line_id"
        " JOIN account_move m ON m.id = l.move_id AND m.state = 'posted' GROUP BY 1"
    )
    assert [count for _order, count in counts] == [1] * NUMBER

"""A payment that everybody tells at once makes one invoice and one contract.

Real server, real database, four people at the same orders: two press the button, one
registers a payment that names the pro-forma, one takes the line of the bank statement.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import Database, RpcError, odoo_server

ORDERS = 6
PEOPLE = ("ana", "bea", "cora", "dora")

SET_UP = f"""
from odoo import Command

for login in {PEOPLE!r}:
    env["res.users"].create({{
        "name": login,
        "login": login,
        "password": login,
        "group_ids": [Command.link(env.ref("recurring_billing.group_billing").id)],
    }})
product = env["product.product"].create(
    {{"name": "Course", "type": "service", "list_price": 100.0}}
)
template = env["sale.contract.template"].create(
    {{"name": "Contract", "body": "<p>Contract</p>"}}
)
rule = env["payment.automation"].create({{
    "name": "Courses", "trigger": "manual", "contract_template_id": template.id,
}})
customers = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"c{{i}}@example.com"}}
    for i in range({ORDERS})
])
orders = env["sale.order"].create([{{
    "partner_id": customer.id,
    "payment_automation_id": rule.id,
    "order_line": [Command.create({{"product_id": product.id}})],
}} for customer in customers])
orders.action_issue_proforma()
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
env["account.bank.statement.line"].create([{{
    "journal_id": bank.id,
    "date": order.proforma_date,
    "amount": order.amount_total,
    "payment_ref": order.proforma_number,
}} for order in orders])
env.cr.commit()
"""


def _press(person, order, _number, _bank):
    person.call("sale.order", "action_confirm_payment", [order])


def _register(person, order, number, bank):
    values = {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": person.call("sale.order", "read", [order], ["partner_id"])[0][
            "partner_id"
        ][0],
        "amount": person.call("sale.order", "read", [order], ["amount_total"])[0][
            "amount_total"
        ],
        "journal_id": bank,
        "memo": number,
    }
    payment = person.call("account.payment", "create", values)
    person.call("account.payment", "action_post", [payment])


def _take_line(person, order, _number, _bank):
    rows = person.call("payment.proposal", "search", [("order_id", "=", order)])
    if rows:
        person.call("payment.proposal", "action_confirm", rows)


WAYS = (_press, _press, _register, _take_line)


@pytest.fixture(scope="module")
def paid(settings, template):
    """The database after everybody has told of every payment."""
    db = Database.fresh(settings, template, "paidonce")
    db.shell(SET_UP)
    bank = db.scalar("SELECT min(id) FROM account_journal WHERE type = 'bank'")
    orders = db.sql("SELECT id, proforma_number FROM sale_order ORDER BY id")
    # told too late, or that somebody else was quicker: both are fine
    with (
        odoo_server(db, allow_log=None) as server,
        ThreadPoolExecutor(len(PEOPLE)) as pool,
    ):
        people = [server.login(name) for name in PEOPLE]
        for order, number in orders:
            turns = [
                pool.submit(way, person, order, number, bank)
                for way, person in zip(WAYS, people, strict=True)
            ]
            answers = [turn.exception() for turn in turns]
            strange = [a for a in answers if a and not isinstance(a, RpcError)]
            assert not strange
    yield db
    db.drop()


def test_one_invoice_for_each_order(paid):
    counts = paid.sql(
        "SELECT o.id, count(DISTINCT l.move_id) FROM sale_order o"
        " JOIN sale_order_line ol ON ol.order_id = o.id"
        " JOIN sale_order_line_invoice_rel r ON r.order_line_id = ol.id"
        " JOIN account_move_line l ON l.id = r.invoice_line_id GROUP BY 1"
    )
    assert [count for _order, count in counts] == [1] * ORDERS


def test_every_invoice_is_posted_and_settled(paid):
    states = paid.sql(
        "SELECT state, payment_state, count(*) FROM account_move"
        " WHERE move_type = 'out_invoice' GROUP BY 1, 2"
    )
    assert states == [("posted", "paid", ORDERS)]


def test_one_contract_and_one_confirmation_for_each_order(paid):
    assert paid.scalar("SELECT count(*) FROM sale_contract_document") == ORDERS
    assert paid.scalar("SELECT count(*) FROM sale_payment_confirmation") == ORDERS


def test_one_mail_with_the_invoice(paid):
    assert (
        paid.scalar(
            "SELECT count(*) FROM document_delivery WHERE res_model = 'account.move'"
        )
        == ORDERS
    )


def test_invoice_numbers_have_no_gap(paid):
    numbers = paid.sql(
        "SELECT sequence_number FROM account_move"
        " WHERE move_type = 'out_invoice' ORDER BY 1"
    )
    first = numbers[0][0]
    assert [number for (number,) in numbers] == list(range(first, first + ORDERS))
